"""Incidents, how they are settled, and what a venue stands to lose."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from vouchers.money import Money
from vouchers.open_enum import OpenEnum
from vouchers.voucher import ShortText


class IncidentKind(OpenEnum):
    """What a supervisor has to look at."""

    OVERDRAWN = "overdrawn"
    OVERRULED = "overruled"
    UNKNOWN_VOUCHER = "unknown_voucher"
    GAP = "gap"
    FORK = "fork"
    DIGEST = "digest"
    CONFLICT = "conflict"
    CLOCK = "clock"
    CURRENCY = "currency"
    TERMS = "terms"
    BLOCKED = "blocked"
    DUPLICATE_CODE = "duplicate_code"
    CARD = "card"
    CARD_GAP = "card_gap"
    CARD_DOUBT = "card_doubt"
    FOREIGN_ORIGIN = "foreign_origin"


class SettlementAction(StrEnum):
    """How an incident is put right.

    `write_off` brings an overdrawn account back to zero, `adjust` books an amount, `block` and
    `unblock` change the voucher, `reenrol` shuts the till out and lets it enrol anew, `accept`
    changes nothing.
    """

    WRITE_OFF = "write_off"
    ADJUST = "adjust"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REENROL = "reenrol"
    ACCEPT = "accept"


class Incident(Struct, kw_only=True, omit_defaults=True):
    """Something odd that was booked all the same; open until `settled_at`.

    It is about a voucher, an entry, an origin, or several of them. `details` are texts and numbers
    so far; a newer server may tell more. `times` counts how often it happened since. `settlement`
    says how it was settled; `settled_by` is empty when it settled itself.
    """

    incident_id: UUID
    kind: IncidentKind
    opened_at: Annotated[datetime, Meta(tz=True)]
    details: dict[str, Any]
    times: int = 1
    voucher_id: UUID | None = None
    entry_id: UUID | None = None
    origin: ShortText | None = None
    settled_at: Annotated[datetime, Meta(tz=True)] | None = None
    settled_by: ShortText = ""
    settlement: ShortText = ""


class IncidentPage(Struct, kw_only=True, omit_defaults=True):
    """Incidents, oldest first; `next` goes into `after`, None at the end."""

    incidents: list[Incident]
    next: UUID | None = None


class Settlement(Struct, kw_only=True, omit_defaults=True):
    """How a supervisor settles an incident. The id is that of the entry this may book.

    `amount` is what `adjust` books. Above the catalogue's `four_eyes_above` a `second` person
    must agree.
    """

    settlement_id: UUID
    action: SettlementAction
    actor: ShortText
    reason: Annotated[str, Meta(min_length=3, max_length=200)]
    amount: Money | None = None
    second: ShortText | None = None


class Settled(Struct, kw_only=True, omit_defaults=True):
    """The incident as settled, and the code with which a till may enrol anew."""

    incident: Incident
    enrolment_code: str = ""


class TillAtStake(Struct, kw_only=True, omit_defaults=True):
    """A till that counts; `shut_out` but has not heard of it yet."""

    name: str
    shut_out: bool = False


class Exposure(Struct, kw_only=True):
    """What the venue stands to lose, and what is out.

    One copied code can cost `per_voucher` at each of the `tills` in one outage, all copied codes
    together `worst_outage`. `outstanding` is owed to visitors, `held` is promised at this moment,
    `overdrawn` was spent beyond what was there and not settled yet. `named` are the `tills`.
    """

    tills: int
    per_voucher: Money
    per_till: Money
    one_code: Money
    worst_outage: Money
    outstanding: Money
    held: Money
    overdrawn: Money
    named: list[TillAtStake] = []
