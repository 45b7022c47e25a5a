"""till incidents and till settle: what a supervisor has to look at, and putting it right."""

import argparse
import os
from contextlib import suppress
from uuid import UUID

import msgspec

from sync.link import NotSignedIn, Unreachable
from sync.wire.booking import Standing
from sync.wire.incidents import Incident, SettlementAction
from till.assembly import Till
from till.commands.outcome import Json, Outcome, account_json
from till.counter.permission import supervisors_only
from vouchers.errors import Reason, Refused
from vouchers.ledger import Basis
from vouchers.money import Money
from vouchers.people import User


def show(till: Till, user: User, _arguments: argparse.Namespace) -> Outcome:
    """All open incidents, and what this till keeps because the server did not take it; online
    also what the venue has at stake, and which accounts are below zero.
    """
    supervisors_only(user, key="supervisor_only")
    incidents = till.counter.incidents
    found, parked = incidents.open(), incidents.parked()
    result: Json = {
        "incidents": [msgspec.to_builtins(incident) for incident in found],
        "parked": [msgspec.to_builtins(one) for one in parked],
        "exposure": None,
        "overdrawn": [],
    }
    if till.line.state.online:
        with suppress(Unreachable, NotSignedIn):
            below_zero = incidents.behind(Standing.OVERDRAWN)
            result["exposure"] = msgspec.to_builtins(incidents.exposure())
            result["overdrawn"] = [account_json(one, Basis.ONLINE, None) for one in below_zero]
    return Outcome(
        result=result,
        message="incidents_open" if len(found) != 1 else "incident_open_one",
        details={"count": len(found)} if len(found) != 1 else {},
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
