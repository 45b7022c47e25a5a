"""Ledger entries: only ever added, numbered without gaps and chained by each origin."""

import hashlib
import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from vouchers.money import Money
from vouchers.open_enum import OpenEnum
from vouchers.voucher import Digest, ShortText, Voucher

FIRST_DIGEST = "0" * 64
"""What the first entry of an origin carries as the digest of the one before it."""

_AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class EntryKind(OpenEnum):
    """What an entry does to its voucher."""

    ISSUE = "issue"
    TOP_UP = "top_up"
    REDEEM = "redeem"
    REVERSE = "reverse"
    REFUND = "refund"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    EXPIRE = "expire"
    ADJUST = "adjust"


class Basis(OpenEnum):
    """How an entry was allowed."""

    ONLINE = "online"
    OFFLINE = "offline"
    CARD = "card"
    OVERRIDE = "override"


class EntryDraft(Struct, frozen=True, kw_only=True):
    """An entry before it has its place in the origin's chain."""

    entry_id: UUID
    voucher_id: UUID
    kind: EntryKind
    amount: Money
    occurred_at: datetime
    actor: str
    reference: str
    basis: Basis
    voucher: Voucher | None = None
    corrects: UUID | None = None
    reason: str | None = None
    clock_skew_ms: int | None = None
    card_counter: int | None = None
    card_balance_minor: int | None = None
    card_follows: UUID | None = None
    last4: str | None = None

    def chained(self, origin: str, origin_seq: int, previous_digest: str) -> "LedgerEntry":
        """The entry in its place: number `origin_seq` of `origin`."""
        return LedgerEntry(
            **{name: getattr(self, name) for name in self.__struct_fields__},
            origin=origin,
            origin_seq=origin_seq,
            previous_digest=previous_digest,
        )


class LedgerEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One movement on one voucher. The id is made before anything is sent and never changes.

    `amount` is signed: credits are positive, debits negative. `occurred_at` is the origin's
    clock (UTC) and orders nothing; `origin_seq` does. An `issue` carries its voucher's terms.
    A movement on a purse card says which number it took in the card's life, what the card held
    afterwards, and which movement it found there as the newest.
    Of a voucher that its till had never heard of, `last4` is all that one can look for.
    New fields need a default: it is left out of the encoding, so old digests stay valid.
    """

    entry_id: UUID
    voucher_id: UUID
    kind: EntryKind
    amount: Money
    occurred_at: Annotated[datetime, Meta(tz=True)]
    origin: ShortText
    origin_seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    actor: ShortText
    reference: ShortText
    basis: Basis
    previous_digest: Digest
    voucher: Voucher | None = None
    corrects: UUID | None = None
    reason: ShortText | None = None
    clock_skew_ms: Annotated[int, Meta(ge=-(2**53), le=2**53)] | None = None
    card_counter: Annotated[int, Meta(ge=1, le=2**32 - 1)] | None = None
    card_balance_minor: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    card_follows: UUID | None = None
    last4: Annotated[str, Meta(max_length=4)] | None = None

    @property
    def receipt(self) -> str:
        """The receipt or booking it stands on; empty where only an id stands for it."""
        return "" if _AN_ID.fullmatch(self.reference) else self.reference

    def digest(self) -> str:
        """SHA-256 over the sorted JSON of all fields: what the origin's next entry carries."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()
