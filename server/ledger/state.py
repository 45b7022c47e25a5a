"""What the rules work on: the part of the ledger that a batch touches, and what changed in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from sync.wire import Problem
from sync.wire.booking import Hold
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.voucher import Account, Voucher, VoucherStatus


@dataclass(slots=True)
class AccountState:
    """An account as it stands; `balance` is the sum of its entries in `currency`. `last4` is told
    by entries as long as the terms are not known.

    `stored` tells that the database has had it before this batch.
    """

    voucher_id: UUID
    currency: str
    balance: int = 0
    status: VoucherStatus = VoucherStatus.ACTIVE
    version: int = 0
    voucher: Voucher | None = None
    last4: str | None = None
    stored: bool = False
    held: dict[UUID, "RequestState"] = field(default_factory=dict)

    @property
    def money(self) -> Money:
        """The balance, holds not taken off."""
        return Money(self.balance, self.currency)

    def spendable(self, now_ms: int) -> Money:
        """The balance less what is held and has not run out."""
        held = sum(hold.amount for hold in self.held.values() if hold.expires_ms > now_ms)
        return Money(self.balance - held, self.currency)

    def seen_at(self, now_ms: int) -> Account | None:
        """The account as others see it, None while its terms are unknown."""
        if self.voucher is None:
            return None
        return Account(voucher=self.voucher, balance=self.spendable(now_ms), status=self.status)


class Answered(Struct, omit_defaults=True):
    """What a hold request was told: one of the two."""

    hold: Hold | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class RequestState:
    """A hold that was asked for. `state` is held, refused, captured, released or overruled."""

    request_id: UUID
    state: str
    fingerprint: str
    voucher_id: UUID | None
    amount: int
    expires_ms: int
    asked_by: str
    answer: Answered
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry that is in the ledger, and what was answered.

    `fork` counts the entries that were at the same place of its origin's sequence before it.
    """

    entry: LedgerEntry
    digest: str
    position: int
    balance_after: Money
    incidents: tuple[str, ...]
    delivered_by: str
    fork: int


@dataclass(frozen=True, slots=True)
class Raised:
    """Something a supervisor must look at."""

    position: int
    kind: str
    subject: str
    voucher_id: UUID
    entry_id: UUID
    origin: str
    details: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Closed:
    """The open incident of that kind and subject, if there is one, is settled; `by` is empty
    when it settled itself."""

    position: int
    kind: str
    subject: str
    how: str
    by: str = ""
    settlement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """The open incident of that kind and subject stays open; something was done about it."""

    position: int
    kind: str
    subject: str
    details: dict[str, Any]


@dataclass(slots=True)
class IncidentState:
    """An incident as it stands; one of a kind and subject is open at a time."""

    incident_id: UUID
    kind: str
    subject: str
    voucher_id: UUID | None
    entry_id: UUID | None
    origin: str | None
    details: dict[str, Any]
    times: int
    opened_ms: int
    settled_ms: int | None = None
    settled_by: str | None = None
    settlement: str | None = None
    settlement_id: UUID | None = None
    stored: bool = False


@dataclass(frozen=True, slots=True)
class AccountChange:
    """An account at one feed position, by which entry, if any."""

    position: int
    voucher_id: UUID
    balance: int
    status: VoucherStatus
    entry: LedgerEntry | None


@dataclass(slots=True)
class Changes:
    """What must be written, all of it or nothing."""

    entries: list[Booked] = field(default_factory=list)
    accounts: dict[UUID, AccountState] = field(default_factory=dict)
    requests: dict[UUID, RequestState] = field(default_factory=dict)
    incidents: list[Raised | Closed | Noted] = field(default_factory=list)
    feed: list[AccountChange] = field(default_factory=list)


@dataclass(slots=True)
class Books:
    """The part of one organisation's ledger that a batch touches, at one moment.

    `chain` holds the entries beside those of the batch in their origins' sequences, `cards` those
    beside them in the lives of their purse cards.
    `today` is the venue's date; `positions` yields rising feed positions.
    """

    now_ms: int
    today: date
    positions: Iterator[int]
    accounts: dict[UUID, AccountState] = field(default_factory=dict)
    requests: dict[UUID, RequestState] = field(default_factory=dict)
    entries: dict[UUID, Booked] = field(default_factory=dict)
    chain: dict[tuple[str, int], list[Booked]] = field(default_factory=dict)
    cards: dict[tuple[UUID, int], list[Booked]] = field(default_factory=dict)
    incidents: dict[UUID, IncidentState] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    last_position: int = 0
    now: datetime = field(init=False)
    _by_code: dict[str, AccountState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = datetime.fromtimestamp(self.now_ms / 1000, UTC)

    def add_account(self, account: AccountState) -> None:
        """Take in an account, by its id and, once its terms are known, by its code."""
        self.accounts[account.voucher_id] = account
        if account.voucher is not None:
            known = self._by_code.setdefault(account.voucher.code_digest, account)
            if account.voucher_id < known.voucher_id:
                self._by_code[account.voucher.code_digest] = account

    def add_known(self, booked: Booked) -> None:
        """Take in an entry that is in the ledger: by its id, and by its place in its sequence."""
        if self.entries.setdefault(booked.entry.entry_id, booked) is booked:
            place = (booked.entry.origin, booked.entry.origin_seq)
            self.chain.setdefault(place, []).append(booked)
            if booked.entry.card_counter is not None:
                on_card = (booked.entry.voucher_id, booked.entry.card_counter)
                self.cards.setdefault(on_card, []).append(booked)

    def attach_holds(self) -> None:
        """Put the open holds among the requests to their accounts."""
        for request in self.requests.values():
            if request.state == "held" and request.voucher_id in self.accounts:
                self.accounts[request.voucher_id].held[request.request_id] = request

    def next_position(self) -> int:
        """The feed position of the next change."""
        self.last_position = next(self.positions)
        return self.last_position

    def by_code(self, code_digest: str) -> AccountState | None:
        """The account of a code; the oldest one, should two vouchers share a code."""
        return self._by_code.get(code_digest)
