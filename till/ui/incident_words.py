"""What an incident means in plain words, and what a supervisor can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

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
    IncidentKind.UNKNOWN_VOUCHER: (_ACCEPT, _ADJUST, _BLOCK),
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
}
"""What fits each kind, the most likely first."""

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
    account = case.account
    match action:
        case SettlementAction.WRITE_OFF:
            return account is not None and account.balance.minor < 0
        case SettlementAction.BLOCK:
            return account is None or account.status is VoucherStatus.ACTIVE
        case SettlementAction.UNBLOCK:
            return account is not None and account.status is VoucherStatus.BLOCKED
        case SettlementAction.REENROL:
            return bool(case.till)
    return True


def voucher_name(look: Look, case: Case) -> str:
    """The voucher it is about: title and last four."""
    if case.account is None:
        return look.say("incident_voucher_unknown")
    voucher = case.account.voucher
    return f"{voucher.title} \u2026{voucher.last4}"


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


def _of_the_voucher(look: Look, case: Case) -> dict[str, str]:
    if case.incident.voucher_id is None:
        return {}
    rows = {"incident_voucher": voucher_name(look, case)}
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
    noted = " \u00b7 ".join(f"{key}: {value}" for key, value in details.items())
    return {"incident_details": noted} if noted else {}


def _read_moment(told: object) -> datetime | None:
    try:
        return datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
