"""When an incident is over: not before what it is about is."""

from collections.abc import Mapping
from typing import Any

from server.ledger.state import AccountState, IncidentState
from sync.wire.incidents import IncidentKind, Settlement, SettlementAction
from vouchers.money import Money

STEPS_MAX = 20

_MONEY_MISSING = {IncidentKind.OVERDRAWN, IncidentKind.UNKNOWN_VOUCHER}
"""Only money ends them: who blocks a voucher, or looks away, has not brought any back."""

_NOT_BY: Mapping[IncidentKind, set[SettlementAction]] = {
    IncidentKind.CURRENCY: {SettlementAction.BLOCK},
    IncidentKind.CARD_GAP: {SettlementAction.BLOCK},
    IncidentKind.CARD_DOUBT: {SettlementAction.BLOCK},
}
"""What is missing or not known stays so, however well the voucher is locked away."""


def ends(
    incident: IncidentState, action: SettlementAction, account: AccountState | None, booked: int
) -> bool:
    """Whether `action`, which books `booked` minor units, is the end of what it is about."""
    kind = IncidentKind(incident.kind)
    if kind in _MONEY_MISSING:
        return account is None or account.balance + booked >= 0
    if action is SettlementAction.UNBLOCK:
        return kind is IncidentKind.BLOCKED
    return action not in _NOT_BY.get(kind, ())


def with_step(
    incident: IncidentState, settlement: Settlement, amount: Money | None, now_ms: int
) -> dict[str, Any]:
    """The details of an incident that stays open, with what was done about it."""
    step = {
        "settlement": str(settlement.settlement_id),
        "at_ms": now_ms,
        "by": people(settlement),
        "action": settlement.action.value,
        "minor": amount.minor if amount else 0,
        "reason": settlement.reason,
    }
    earlier = steps_of(incident)
    return {**incident.details, "steps": [*earlier, step][-STEPS_MAX:]}


def steps_of(incident: IncidentState) -> list[dict[str, Any]]:
    """What was done about it so far without ending it, oldest first."""
    return list(incident.details.get("steps", []))


def people(settlement: Settlement) -> str:
    """Who settles: one, or two who agree."""
    return " & ".join(filter(None, (settlement.actor, settlement.second)))
