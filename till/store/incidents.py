"""The venue's open incidents, as the server told them."""

from datetime import UTC

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from sync.wire import Incident
from till.store.database import Work
from till.store.tables import incidents

_incident = msgspec.json.Decoder(Incident)


def apply(work: Work, incident: Incident) -> None:
    """Know an open incident, forget a settled one."""
    if incident.settled_at is not None:
        work.execute(delete(incidents).where(incidents.c.incident_id == incident.incident_id))
        return
    body = msgspec.json.encode(incident)
    row = {
        "incident_id": incident.incident_id,
        "opened_at": incident.opened_at.astimezone(UTC).replace(tzinfo=None),
        "body": body,
    }
    known = insert(incidents).values(row)
    work.execute(known.on_conflict_do_update(["incident_id"], set_={"body": body}))


def replace_all(work: Work, open_now: list[Incident]) -> None:
    """Know exactly these."""
    work.execute(delete(incidents))
    for incident in open_now:
        apply(work, incident)


def all_open(work: Work) -> list[Incident]:
    """Oldest first."""
    bodies = select(incidents.c.body).order_by(incidents.c.opened_at, incidents.c.incident_id)
    return [_incident.decode(body) for body in work.execute(bodies).scalars()]


def count(work: Work) -> int:
    """How many are open."""
    return work.execute(select(func.count()).select_from(incidents)).scalar_one()
