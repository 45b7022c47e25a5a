"""Reading incidents, and what the venue stands to lose."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.ledger.state import IncidentState
from server.storage import rows
from server.storage.database import now_ms
from server.storage.tables import accounts, incidents, requests, tills
from sync.wire.incidents import Exposure, Incident, IncidentKind, IncidentPage, TillAtStake
from vouchers.catalogue import Catalogue
from vouchers.money import Money

_INCIDENT = [incidents.c[name] for name in rows.INCIDENT]


def find_incidents(
    connection: sa.Connection,
    organisation: str,
    *,
    only_open: bool,
    after: UUID | None,
    limit: int,
) -> IncidentPage:
    """A page of incidents, oldest first: their ids are made in the order of time."""
    query = sa.select(*_INCIDENT).where(incidents.c.organisation == organisation)
    if only_open:
        query = query.where(incidents.c.settled_ms.is_(None))
    if after is not None:
        query = query.where(incidents.c.incident_id > after)
    found = connection.execute(query.order_by(incidents.c.incident_id).limit(limit + 1)).all()
    page = [as_told(rows.incident(row)) for row in found[:limit]]
    return IncidentPage(incidents=page, next=page[-1].incident_id if len(found) > limit else None)


def find_incident(
    connection: sa.Connection, organisation: str, incident_id: UUID
) -> IncidentState | None:
    """One incident, None when there is none of that id."""
    row = connection.execute(
        sa.select(*_INCIDENT).where(
            incidents.c.organisation == organisation, incidents.c.incident_id == incident_id
        )
    ).first()
    return rows.incident(row) if row else None


def load_incidents(
    connection: sa.Connection, organisation: str, incident_ids: Collection[UUID]
) -> dict[UUID, Incident]:
    """Those incidents, as tills are told them."""
    if not incident_ids:
        return {}
    query = sa.select(*_INCIDENT).where(
        incidents.c.organisation == organisation,
        incidents.c.incident_id.in_(incident_ids),
    )
    return {row.incident_id: as_told(rows.incident(row)) for row in connection.execute(query)}


def as_told(state: IncidentState) -> Incident:
    """An incident as tills are told it."""
    return Incident(
        incident_id=state.incident_id,
        kind=IncidentKind(state.kind),
        opened_at=_moment(state.opened_ms),
        details=state.details,
        times=state.times,
        voucher_id=state.voucher_id,
        entry_id=state.entry_id,
        origin=state.origin,
        settled_at=_moment(state.settled_ms) if state.settled_ms is not None else None,
        settled_by=state.settled_by or "",
        settlement=state.settlement or "",
    )


def exposure(connection: sa.Connection, organisation: str, catalogue: Catalogue) -> Exposure:
    """What the venue stands to lose in an outage, and what is out."""
    limits, currency = catalogue.offline_limits, catalogue.currency

    def number(query: sa.Select[Any]) -> int:
        return int(connection.scalar(query) or 0)

    mine = (accounts.c.organisation == organisation, accounts.c.currency == currency)
    balances = sa.select(sa.func.sum(accounts.c.balance)).where(*mine)
    working = sa.select(tills.c.name, tills.c.revoked_ms).where(
        tills.c.organisation == organisation,
        tills.c.public_key.is_not(None),
        sa.or_(tills.c.revoked_ms.is_(None), tills.c.heard_revoked_ms.is_(None)),
    )
    held = sa.select(sa.func.sum(requests.c.amount)).where(
        requests.c.organisation == organisation,
        requests.c.state == "held",
        requests.c.expires_ms > now_ms(),
    )
    named = [
        TillAtStake(name=row.name, shut_out=row.revoked_ms is not None)
        for row in connection.execute(working.order_by(tills.c.name))
    ]
    count = len(named)
    return Exposure(
        tills=count,
        per_voucher=limits.per_voucher,
        per_till=limits.per_till,
        one_code=limits.per_voucher * count,
        worst_outage=limits.per_till * count,
        outstanding=Money(number(balances.where(accounts.c.balance > 0)), currency),
        held=Money(number(held), currency),
        overdrawn=Money(-number(balances.where(accounts.c.balance < 0)), currency),
        named=named,
    )


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
