"""Entries reported, holds taken, accounts looked up."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from sync.wire import Position
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.voucher import Account, Digest, ShortText, VoucherStatus

BATCH_ENTRIES_MAX = 200
"""One answer to a batch fits the slowest line's deadline."""

HOLD_SECONDS_MAX = 3_600


class EntryBatch(Struct, kw_only=True):
    """Facts in the order of their origin's sequence."""

    entries: Annotated[list[LedgerEntry], Meta(min_length=1, max_length=BATCH_ENTRIES_MAX)]


class EntryAnswer(Struct, kw_only=True, omit_defaults=True):
    """What became of one fact: `booked` now or `exists` from before, with its feed position and
    the balance after it; or nothing was booked: `conflict`, when the id is known with other
    content, `foreign_origin`, when the till that brings it does not speak for its origin.

    `incidents` names what a supervisor will have to look at ("overdrawn", "gap", ...).
    """

    entry_id: UUID
    verdict: str
    position: Position = 0
    balance: Money | None = None
    incidents: list[str] = []


class BatchAnswer(Struct, kw_only=True):
    """One answer for each entry of the batch, in its order."""

    answers: list[EntryAnswer]


class HoldRequest(Struct, kw_only=True):
    """May I take `amount`? The id is that of the entry which will capture it, or of none."""

    hold_id: UUID
    code_digest: Digest
    amount: Money
    seconds: Annotated[int, Meta(ge=1, le=HOLD_SECONDS_MAX)]


class Hold(Struct, kw_only=True):
    """Granted: `amount` counts as spent for everybody else until `expires_at` (server time).

    The account's balance has this hold taken off, like all others.
    """

    hold_id: UUID
    account: Account
    amount: Money
    expires_at: Annotated[datetime, Meta(tz=True)]


class Standing(StrEnum):
    """Which accounts a sum of the exposure consists of."""

    OWED = "owed"
    HELD = "held"
    OVERDRAWN = "overdrawn"


class AccountPage(Struct, kw_only=True, omit_defaults=True):
    """Accounts found; `next` goes into `after` for the next page, None at the end."""

    accounts: list[Account]
    next: UUID | None = None


class EntryPage(Struct, kw_only=True, omit_defaults=True):
    """Entries of one account, oldest first; `next` goes into `after`, None at the end."""

    entries: list[LedgerEntry]
    next: Position | None = None


class BalanceQuestion(Struct, kw_only=True):
    """A visitor asks what is left on a voucher."""

    organisation: ShortText
    code: Annotated[str, Meta(max_length=64)]


class BalanceAnswer(Struct, kw_only=True, omit_defaults=True):
    """What is left, and until when it can be spent."""

    balance: Money
    expires_on: date | None = None


class StatusChange(Struct, kw_only=True, omit_defaults=True):
    """A supervisor blocks an account, or lets it be used again.

    `since` is when that was done at the till, long before it could be told perhaps: what was
    redeemed in between is told as an incident.
    """

    status: VoucherStatus
    actor: ShortText
    reason: Annotated[str, Meta(min_length=3, max_length=200)]
    since: Annotated[datetime, Meta(tz=True)] | None = None
