"""Incidents: what a supervisor must look at, and how it is put right."""

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta, Struct

from server.http.feed_api import catalogue_of
from server.http.operation import Call, Nothing, Operation, ProblemFound
from server.ledger.settling import House
from server.ledger.state import IncidentState
from server.ledger.work import SettleIncident
from server.problems import problem
from server.storage.incidents import exposure, find_incident, find_incidents, load_incidents
from server.storage.venues import load_users
from server.tills.directory import let_enrol_anew
from sync.wire import API, PAGE_MAX, Problem
from sync.wire.incidents import Exposure, IncidentPage, Settled, Settlement, SettlementAction


class IncidentQuery(Struct, frozen=True):
    """Which incidents, after which."""

    open: bool = True
    after: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = 100


class OneIncident(Struct, frozen=True):
    """The incident in the path."""

    incident_id: UUID


async def incidents(call: Call[IncidentQuery, Nothing]) -> IncidentPage:
    """List incidents."""
    query, organisation = call.parameters, call.till.organisation
    return await call.services.read(
        lambda connection: find_incidents(
            connection, organisation, only_open=query.open, after=query.after, limit=query.limit
        )
    )


async def settle(call: Call[OneIncident, Settlement]) -> Settled | Problem:
    """Settle one incident."""
    organisation, incident_id = call.till.organisation, call.parameters.incident_id

    def look(connection: sa.Connection) -> tuple[IncidentState | None, House]:
        users = load_users(connection, organisation)
        house = House.of(catalogue_of(connection, organisation), users)
        return find_incident(connection, organisation, incident_id), house

    incident, house = await call.services.read(look)
    if incident is None:
        raise ProblemFound(problem("not-found", "There is no such incident."))
    work = SettleIncident(incident, call.body, house, call.till.till_id)
    answer = await call.services.booking.do(organisation, work)
    if isinstance(answer, Problem):
        return answer
    code = await _enrol_anew(call, incident)
    told = await call.services.read(
        lambda connection: load_incidents(connection, organisation, [incident_id])
    )
    return Settled(incident=told[incident_id], enrolment_code=code)


async def venue_exposure(call: Call[Nothing, Nothing]) -> Exposure:
    """What the venue stands to lose."""
    organisation = call.till.organisation
    return await call.services.read(
        lambda connection: exposure(
            connection, organisation, catalogue_of(connection, organisation)
        )
    )


async def _enrol_anew(call: Call[OneIncident, Settlement], incident: IncidentState) -> str:
    origin = incident.origin
    if call.body.action is not SettlementAction.REENROL or origin is None:
        return ""
    organisation, settlement_id = call.till.organisation, call.body.settlement_id
    code = await call.services.write(
        lambda connection: let_enrol_anew(connection, organisation, origin, settlement_id)
    )
    call.services.announce(organisation)
    return code


OPERATIONS: list[Operation[Any, Any]] = [
    Operation(
        *("GET", f"{API}/incidents", "incidents", "What a supervisor has to look at"),
        handler=incidents,
        parameters=IncidentQuery,
        body=Nothing,
        answer=IncidentPage,
    ),
    Operation(
        *("POST", f"{API}/incidents/{{incident_id}}/settlement", "settle", "Settle an incident"),
        handler=settle,
        parameters=OneIncident,
        body=Settlement,
        answer=Settled,
        problems=("not-found", "not-allowed", "four-eyes", "settled-already", "amount"),
    ),
    Operation(
        *("GET", f"{API}/exposure", "exposure", "What the venue stands to lose, and what is out"),
        handler=venue_exposure,
        parameters=Nothing,
        body=Nothing,
        answer=Exposure,
        problems=("not-found",),
    ),
]
