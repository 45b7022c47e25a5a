"""till incidents and till settle: what a supervisor has to look at, and putting it right."""

import argparse
import os
from uuid import UUID

import msgspec

from sync.wire.incidents import Incident, SettlementAction
from till.assembly import Till
from till.commands.outcome import Outcome
from till.counter.permission import supervisors_only
from vouchers.errors import Reason, Refused
from vouchers.money import Money
from vouchers.people import User


def show(till: Till, user: User, _arguments: argparse.Namespace) -> Outcome:
    """All open incidents."""
    supervisors_only(user, key="supervisor_only")
    found = till.counter.incidents.open()
    return Outcome(
        result={"incidents": [msgspec.to_builtins(incident) for incident in found]},
        message="incidents_open",
        details={"count": len(found)},
    )


def settle(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Settle one incident; a second supervisor signs with TILL_SECOND_USER and TILL_SECOND_PIN."""
    supervisors_only(user, key="supervisor_only")
    currency = till.counter.catalogue().currency
    settled = till.counter.incidents.settle(
        _incident(till, arguments.incident),
        SettlementAction(arguments.action),
        supervisor=user,
        reason=arguments.reason,
        amount=_signed(arguments.amount, currency) if arguments.amount else None,
        second=second_supervisor(till),
    )
    result = {"incident": msgspec.to_builtins(settled.incident)}
    left_open = settled.incident.settled_at is None
    if settled.enrolment_code:
        result["enrolment_code"] = settled.enrolment_code
        till.counter.incidents.enrolment_noted(settled.incident)
    return Outcome(
        result=result, message="incident_still_open" if left_open else "incident_settled"
    )


def _incident(till: Till, asked: str) -> Incident:
    for incident in till.counter.incidents.open():
        if incident.incident_id == _uuid(asked):
            return incident
    raise Refused(Reason.UNKNOWN, "incident_unknown", incident=asked)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _signed(typed: str, currency: str) -> Money:
    """An adjustment may take away: -5.00."""
    amount = Money.parse(typed.removeprefix("-"), currency)
    return -amount if typed.startswith("-") else amount


def second_supervisor(till: Till) -> User | None:
    """Who agrees: signed in by TILL_SECOND_USER and TILL_SECOND_PIN, None where they are not set.

    Raises Refused (sign_in).
    """
    name = os.environ.get("TILL_SECOND_USER")
    if not name:
        return None
    return till.counter.sign_in.agree(name, os.environ.get("TILL_SECOND_PIN", ""))
