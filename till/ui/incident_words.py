"""What an incident means in plain words, and what a supervisor can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from resources.texts import sentences
from sync.wire.incidents import IncidentKind, SettlementAction
from vouchers.money import Money
from vouchers.voucher import VoucherStatus

if TYPE_CHECKING:
    from till.counter.incidents import Case
    from till.ui.look import Look

_WRITE_OFF, _ADJUST = SettlementAction.WRITE_OFF, SettlementAction.ADJUST
_BLOCK, _UNBLOCK = SettlementAction.BLOCK, SettlementAction.UNBLOCK
_REENROL, _ACCEPT = SettlementAction.REENROL, SettlementAction.ACCEPT

ACTIONS: dict[IncidentKind, tuple[SettlementAction, ...]] = {
    IncidentKind.OVERDRAWN: (_WRITE_OFF, _ADJUST, _BLOCK, _ACCEPT),
    IncidentKind.OVERRULED: (_ACCEPT, _ADJUST, _BLOCK),
    IncidentKind.UNKNOWN_VOUCHER: (_WRITE_OFF, _ADJUST, _BLOCK, _ACCEPT),
    IncidentKind.GAP: (_ACCEPT, _REENROL),
    IncidentKind.FORK: (_REENROL, _ACCEPT),
    IncidentKind.DIGEST: (_REENROL, _ACCEPT),
    IncidentKind.CONFLICT: (_ACCEPT, _ADJUST, _REENROL),
    IncidentKind.CLOCK: (_ACCEPT,),
    IncidentKind.CURRENCY: (_ACCEPT, _ADJUST, _BLOCK),
    IncidentKind.TERMS: (_ACCEPT, _ADJUST, _BLOCK),
    IncidentKind.BLOCKED: (_ACCEPT, _UNBLOCK, _ADJUST),
    IncidentKind.DUPLICATE_CODE: (_BLOCK, _ADJUST, _ACCEPT),
    IncidentKind.CARD: (_BLOCK, _ADJUST, _ACCEPT),
    IncidentKind.CARD_GAP: (_ACCEPT, _BLOCK),
    IncidentKind.CARD_DOUBT: (_ACCEPT, _ADJUST, _BLOCK),
    IncidentKind.FOREIGN_ORIGIN: (_REENROL, _ACCEPT),
}
"""What fits each kind, the most likely first."""

_MONEY_MISSING = {IncidentKind.OVERDRAWN, IncidentKind.UNKNOWN_VOUCHER}
"""While they are below zero, looking away does not end them."""

_ANY_KIND = (_ACCEPT, _ADJUST, _BLOCK, _UNBLOCK, _REENROL)
_OF_A_VOUCHER = {_WRITE_OFF, _ADJUST, _BLOCK, _UNBLOCK}
_REASONS_KNOWN = {"insufficient", "blocked", "expired", "empty", "unknown", "currency", "amount"}


@dataclass(frozen=True)
class Story:
    """An incident told: its name, what happened, what it means for the money, what to do."""

    title: str
    happened: str
    money: str
    to_do: str


def story(look: Look, case: Case) -> Story:
    """The incident in plain words; a kind this version has never heard of in general ones."""
    kind = str(case.incident.kind)
    known = f"incident_{kind}_title" in sentences(look.texts.language)
    stem = f"incident_{kind if known else 'other'}"
    gaps = {"till": till_name(look, case)}
    return Story(*(look.say(f"{stem}_{part}", **gaps) for part in ("title", "what", "money", "do")))


def till_name(look: Look, case: Case) -> str:
    """Which till it was."""
    return case.till or case.incident.origin or look.say("incident_no_till")


def actions(case: Case) -> list[SettlementAction]:
    """What can be done about it as things stand, the most likely first."""
    if case.unanswered:
        return [_REENROL]
    fitting = ACTIONS.get(case.incident.kind, _ANY_KIND)
    return [action for action in fitting if _possible(action, case)]


def _possible(action: SettlementAction, case: Case) -> bool:
    if action in _OF_A_VOUCHER and case.incident.voucher_id is None:
        return False
    status = case.account.status if case.account else None
    possible = {
        SettlementAction.WRITE_OFF: case.missing is not None,
        SettlementAction.ACCEPT: not (case.missing and case.incident.kind in _MONEY_MISSING),
        SettlementAction.BLOCK: status is not VoucherStatus.BLOCKED,
        SettlementAction.UNBLOCK: status is VoucherStatus.BLOCKED,
        SettlementAction.REENROL: bool(case.till),
    }
    return possible.get(action, True)


def voucher_name(look: Look, case: Case) -> str:
    """The voucher it is about: title and last four."""
    if case.account is None:
        return look.say("incident_voucher_unknown")
    voucher = case.account.voucher
    return f"{look.voucher_title(voucher)} \u2026{voucher.last4}"


def moment(look: Look, at: datetime) -> str:
    """Day and time at the venue."""
    return f"{look.texts.day(at)}, {look.texts.show(at)}"


def facts_of(look: Look, case: Case, names: dict[str, str]) -> dict[str, str]:
    """Everything known of it: keys of texts and values, for a table of facts."""
    rows = _of_the_voucher(look, case) | _of_the_entry(look, case, names)
    rows["incident_till"] = till_name(look, case)
    rows |= _of_the_details(look, case) if case.incident.kind.is_known else _as_noted(case)
    if case.unanswered:
        rows["incident_unanswered"] = look.say("incident_unanswered_do")
    rows["incident_opened"] = moment(look, case.incident.opened_at)
    if case.incident.times > 1:
        rows["incident_times"] = str(case.incident.times)
    return rows


def left_open(look: Look, case: Case, action: SettlementAction, booked: Money | None) -> str:
    """What is to be said when something was done and the incident goes on."""
    what = look.say(f"settle_{action.value}")
    if case.missing is None:
        return look.say("incident_left_open", what=what)
    left = case.missing - booked if booked else case.missing
    return look.say("incident_money_missing", what=what, left=look.full(left))


def steps(look: Look, case: Case, names: dict[str, str]) -> list[str]:
    """What was done about it so far without ending it, oldest first."""
    return [_step(look, case, names, step) for step in case.incident.details.get("steps", [])]


def _step(look: Look, case: Case, names: dict[str, str], step: dict[str, Any]) -> str:
    """One thing that was done about it: when, what, by whom and why."""
    what = look.say(f"settle_{step['action']}")
    if step["minor"] and case.missing is not None:
        amount = Money(step["minor"], case.missing.currency)
        what += f" {'+' if amount.minor > 0 else ''}{look.full(amount)}"
    by = " & ".join(names.get(each, each) for each in step["by"].split(" & "))
    at = datetime.fromtimestamp(step["at_ms"] / 1000, UTC)
    return f"{moment(look, at)}: {what}, {by}: {step['reason']}"


def _of_the_voucher(look: Look, case: Case) -> dict[str, str]:
    if case.incident.voucher_id is None:
        return {}
    rows = {"incident_voucher": voucher_name(look, case)}
    if case.missing is not None:
        rows["incident_missing_now"] = look.full(case.missing)
    if case.account is not None:
        rows["incident_balance"] = look.full(case.account.balance)
        rows["ui_status"] = look.word("ui_status", case.account.status)
    return rows


def _of_the_entry(look: Look, case: Case, names: dict[str, str]) -> dict[str, str]:
    entry = case.entry
    if entry is None:
        return {}
    sign = "+" if entry.amount.minor > 0 else ""
    kind = look.word("ui_kind", entry.kind)
    rows = {
        "incident_entry": f"{kind} {sign}{look.full(entry.amount)}",
        "incident_entry_at": moment(look, entry.occurred_at),
        "incident_entry_by": names.get(entry.actor, entry.actor),
        "incident_entry_receipt": entry.receipt,
        "incident_entry_basis": look.word("ui_basis", entry.basis),
    }
    if entry.reason:
        rows["incident_entry_reason"] = entry.reason
    return {key: text for key, text in rows.items() if text}


def _of_the_details(look: Look, case: Case) -> dict[str, str]:
    """What the server noted; see server.ledger.incidents for who writes which."""
    details = case.incident.details
    currency = details.get("currency") or (case.account and case.account.balance.currency)
    rows = {}
    for key in ("balance", "amount"):
        minor = details.get(key)
        if isinstance(minor, int) and isinstance(currency, str):
            rows[f"incident_{key}_then"] = look.full(Money(minor, currency))
    for key in ("seq", "missing", "counter"):
        if key in details:
            rows[f"incident_{key}"] = str(details[key])
    for key in ("occurred_at", "before"):
        if (at := _read_moment(details.get(key))) is not None:
            rows[f"incident_{key}"] = moment(look, at)
    refused = details.get("refused")
    if isinstance(refused, str) and refused in _REASONS_KNOWN:
        rows["incident_refused"] = look.say(f"incident_refused_{refused}")
    return rows


def _as_noted(case: Case) -> dict[str, str]:
    """The details of a kind this version has never heard of, word for word."""
    details = case.incident.details
    told = {key: value for key, value in details.items() if key != "steps"}
    noted = " \u00b7 ".join(f"{key}: {value}" for key, value in told.items())
    return {"incident_details": noted} if noted else {}


def _read_moment(told: object) -> datetime | None:
    try:
        return datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
