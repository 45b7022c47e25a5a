"""A till as the server sees it: enrols, signs in, numbers and chains its entries."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.ledger.work import BookEntries
from sync.wire import API, Problem
from sync.wire.admission import Challenge, Enrolment, EnrolRequest, Session, SessionRequest
from sync.wire.booking import BatchAnswer, EntryBatch, Hold, HoldRequest
from sync.wire.feed import Change
from sync.wire.succession import Succession
from vouchers.codes import code_digest, new_code
from vouchers.ids import new_id
from vouchers.ledger import FIRST_DIGEST, Basis, EntryKind, LedgerEntry
from vouchers.money import Money
from vouchers.voucher import Voucher, VoucherKind

T = TypeVar("T")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def new_voucher(value: int = 5000, *, expires_on: date | None = None, **terms: Any) -> Voucher:
    code = new_code()
    named = {
        "voucher_id": new_id(),
        "kind": VoucherKind.VALUE,
        "code_digest": code_digest(b"test", code),
        "last4": code.last4,
        "product_id": "value-50",
        "title": "Voucher",
        "price": euros(value),
        "value": euros(value),
        "expires_on": expires_on,
    }
    return Voucher(**{**named, **terms})


class Chain:
    """Makes the entries of one origin: numbered, each with the digest of the one before."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.seq = 0
        self.previous = FIRST_DIGEST

    def entry(self, voucher_id: UUID, minor: int, **fields: Any) -> LedgerEntry:
        self.seq += 1
        named: dict[str, Any] = {
            "entry_id": new_id(),
            "voucher_id": voucher_id,
            "kind": EntryKind.REDEEM if minor < 0 else EntryKind.TOP_UP,
            "amount": euros(minor),
            "occurred_at": datetime.now(UTC),
            "origin": self.origin,
            "origin_seq": self.seq,
            "actor": "cashier",
            "reference": f"R-{self.origin}-{self.seq}",
            "basis": Basis.ONLINE,
            "previous_digest": self.previous,
        }
        made = LedgerEntry(**{**named, **fields})
        self.previous = made.digest()
        return made

    def issue(self, voucher: Voucher, **fields: Any) -> LedgerEntry:
        return self.entry(
            voucher.voucher_id,
            voucher.value.minor,
            **{"kind": EntryKind.ISSUE, "voucher": voucher, **fields},
        )


class Till:
    """An enrolled till that speaks plain HTTP."""

    def __init__(
        self,
        http: httpx.Client,
        code: str,
        *,
        key: bytes = b"",
        earlier: Sequence[Succession] = (),
    ) -> None:
        self.http = http
        raw = key or Ed25519PrivateKey.generate().private_bytes_raw()
        self.key = Ed25519PrivateKey.from_private_bytes(raw)
        public_key = self.key.public_key().public_bytes_raw().hex()
        request = EnrolRequest(code=code, public_key=public_key, earlier=list(earlier))
        answer = self.post("/enrolments", request)
        self.enrolment = msgspec.json.decode(answer.content, type=Enrolment)
        self.chain = Chain(self.enrolment.till_id)
        self.token = ""
        self.sign_in()

    def sign_in(self) -> None:
        challenge = msgspec.json.decode(
            self.post("/sessions/challenges").content, type=Challenge
        ).challenge
        request = SessionRequest(
            till_id=self.enrolment.till_id,
            challenge=challenge,
            signature=self.key.sign(challenge.encode()).hex(),
        )
        answer = self.post("/sessions", request)
        self.token = msgspec.json.decode(answer.content, type=Session).token

    def post(self, path: str, body: object = None) -> httpx.Response:
        content = b"" if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json", **self.bearer}
        return self.http.post(API + path, content=content, headers=headers)

    def get(self, path: str, type_: type[T], **query: Any) -> T:
        answer = self.http.get(API + path, params=query, headers=self.bearer)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=type_)

    @property
    def bearer(self) -> dict[str, str]:
        token = getattr(self, "token", "")
        return {"Authorization": f"Bearer {token}"} if token else {}

    def push(self, *entries: LedgerEntry) -> BatchAnswer:
        answer = self.post("/entries", EntryBatch(entries=list(entries)))
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=BatchAnswer)

    def sell(self, value: int = 5000, **terms: Any) -> Voucher:
        voucher = new_voucher(value, **terms)
        self.push(self.chain.issue(voucher))
        return voucher

    def hold(
        self, voucher: Voucher, minor: int, hold_id: UUID | None = None, seconds: int = 60
    ) -> Hold | Problem:
        request = HoldRequest(
            hold_id=hold_id or new_id(),
            code_digest=voucher.code_digest,
            amount=euros(minor),
            seconds=seconds,
        )
        answer = self.post("/holds", request)
        if answer.status_code == 201:
            return msgspec.json.decode(answer.content, type=Hold)
        return msgspec.json.decode(answer.content, type=Problem)

    def release(self, hold_id: UUID) -> None:
        answer = self.http.delete(f"{API}/holds/{hold_id}", headers=self.bearer)
        assert answer.status_code == 204, answer.text

    @contextmanager
    def stream(self, after: int = 0) -> Iterator[Iterator[Change | None]]:
        """The stream's changes; None for a sign of life."""
        with self.http.stream(
            "GET", f"{API}/feed/stream", params={"after": after}, headers=self.bearer, timeout=15
        ) as response:
            assert response.status_code == 200
            decode = msgspec.json.Decoder(Change).decode
            yield (
                decode(line[5:].encode()) if line.startswith("data:") else None
                for line in response.iter_lines()
                if line.startswith(("data:", ":"))
            )


def reported(*entries: LedgerEntry) -> BookEntries:
    """What the ledger is asked to book when the till that made them reports entries."""
    origins = frozenset(entry.origin for entry in entries)
    return BookEntries(list(entries), entries[0].origin, origins)


def entries_of(count: int, chain: Chain) -> list[LedgerEntry]:
    return [chain.issue(new_voucher()) for _ in itertools.repeat(None, count)]
