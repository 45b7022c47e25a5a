"""Between the ledger's values and its tables' rows, the same for both databases."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec

from server.ledger.state import (
    AccountChange,
    AccountState,
    Answered,
    Booked,
    IncidentState,
    RequestState,
)
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.voucher import Voucher, VoucherStatus

ACCOUNT = ("voucher_id", "balance", "currency", "status", "version", "terms", "last4")
REQUEST = (
    *("request_id", "state", "fingerprint", "voucher_id", "amount", "expires_ms", "asked_by"),
    "answer",
)
ENTRY = (
    *("body", "digest", "position", "balance_after", "currency", "incidents", "delivered_by"),
    "fork",
)

INCIDENT = (
    *("incident_id", "kind", "subject", "voucher_id", "entry_id", "origin", "details", "times"),
    *("opened_ms", "settled_ms", "settled_by", "settlement", "settlement_id"),
)

Row = dict[str, Any]

_voucher = msgspec.json.Decoder(Voucher).decode
_entry = msgspec.json.Decoder(LedgerEntry).decode
_answered = msgspec.json.Decoder(Answered).decode


def account(row: Iterable[Any]) -> AccountState:
    """An account from the columns ACCOUNT."""
    voucher_id, balance, currency, status, version, terms, last4 = row
    return AccountState(
        voucher_id=voucher_id,
        balance=balance,
        currency=currency,
        status=VoucherStatus(status),
        version=version,
        voucher=_voucher(terms) if terms else None,
        last4=last4,
        stored=True,
    )


def request(row: Iterable[Any]) -> RequestState:
    """A request from the columns REQUEST."""
    named = dict(zip(REQUEST, row, strict=True))
    return RequestState(**{**named, "answer": _answered(named["answer"])}, stored=True)


def booked(row: Iterable[Any]) -> Booked:
    """An entry from the columns ENTRY."""
    body, digest, position, balance, currency, incidents, delivered_by, fork = row
    return Booked(
        entry=_entry(body),
        digest=digest,
        position=position,
        balance_after=Money(balance, currency),
        incidents=tuple(incidents.split()),
        delivered_by=delivered_by,
        fork=fork,
    )


def account_row(organisation: str, state: AccountState) -> Row:
    """A row of `accounts`."""
    terms = state.voucher
    return {
        "organisation": organisation,
        "voucher_id": state.voucher_id,
        "code_digest": terms.code_digest if terms else None,
        "last4": terms.last4 if terms else state.last4,
        "balance": state.balance,
        "currency": state.currency,
        "status": state.status.value,
        "version": state.version,
        "terms": _json(terms) if terms else None,
    }


def request_row(organisation: str, state: RequestState) -> Row:
    """A row of `requests`."""
    return {
        "organisation": organisation,
        **{name: getattr(state, name) for name in REQUEST[:-1]},
        "answer": _json(state.answer),
    }


def entry_row(organisation: str, new: Booked, now_ms: int) -> Row:
    """A row of `entries`."""
    return {
        "organisation": organisation,
        "entry_id": new.entry.entry_id,
        "position": new.position,
        "voucher_id": new.entry.voucher_id,
        "origin": new.entry.origin,
        "origin_seq": new.entry.origin_seq,
        "fork": new.fork,
        "occurred_ms": int(new.entry.occurred_at.timestamp() * 1000),
        "reference": new.entry.reference,
        "digest": new.digest,
        "balance_after": new.balance_after.minor,
        "currency": new.balance_after.currency,
        "incidents": " ".join(new.incidents),
        "delivered_by": new.delivered_by,
        "booked_ms": now_ms,
        "body": _json(new.entry),
        "card_counter": new.entry.card_counter,
    }


def incident(row: Iterable[Any]) -> IncidentState:
    """An incident from the columns INCIDENT."""
    named = dict(zip(INCIDENT, row, strict=True))
    details = msgspec.json.decode(named["details"], type=dict[str, Any])
    return IncidentState(**{**named, "details": details}, stored=True)


def incident_row(organisation: str, state: IncidentState) -> Row:
    """A row of `incidents`."""
    named = {name: getattr(state, name) for name in INCIDENT}
    return {**named, "organisation": organisation, "details": _json(state.details)}


def account_feed_row(organisation: str, change: AccountChange, now_ms: int) -> Row:
    """A row of `feed` about an account."""
    return {
        "organisation": organisation,
        "position": change.position,
        "kind": "account",
        "subject": change.voucher_id,
        "entry_id": change.entry.entry_id if change.entry else None,
        "balance": change.balance,
        "status": change.status.value,
        "changed_ms": now_ms,
    }


def feed_row(
    organisation: str, position: int, kind: str, now_ms: int, subject: UUID | None = None
) -> Row:
    """A row of `feed` about anything else."""
    return {
        "organisation": organisation,
        "position": position,
        "kind": kind,
        "subject": subject,
        "entry_id": None,
        "balance": None,
        "status": None,
        "changed_ms": now_ms,
    }


class _Storable(Protocol):
    stored: bool


S = TypeVar("S", bound=_Storable)


def split_stored(states: Iterable[S], key: Callable[[S], UUID]) -> tuple[list[S], list[S]]:
    """Those to insert and those to update, each in the order of their ids."""
    ordered = sorted(states, key=key)
    return [one for one in ordered if not one.stored], [one for one in ordered if one.stored]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
