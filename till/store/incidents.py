"""The venue's open incidents, as the server told them."""

from datetime import UTC

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from sync.wire.incidents import Incident, Settlement, SettlementAction
from till.store import settings
from till.store.database import Work
from till.store.settings import Unanswered
from till.store.tables import incidents
from vouchers.reading import JsonReader

_incident = JsonReader[Incident](Incident)


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
    found = [_incident.read_or_none(b, "an incident") for b in work.execute(bodies).scalars()]
    return [incident for incident in found if incident is not None]


def unanswered(work: Work) -> list[Unanswered]:
    """Settlements that were sent and not answered, as far as the answer still matters.

    An incident the feed has told to be settled needs no answer any more, unless the answer holds
    a till's enrolment code, which nothing else does.
    """
    asked = settings.unanswered.get(work) or []
    still_open = set(work.execute(select(incidents.c.incident_id)).scalars())
    return [
        one
        for one in asked
        if one.incident.incident_id in still_open
        or one.settlement.action is SettlementAction.REENROL
    ]


def ask(work: Work, incident: Incident, settlement: Settlement) -> None:
    """A settlement is about to be sent; it takes the place of an earlier one."""
    others = [each for each in unanswered(work) if not _about(each, incident)]
    asked = Unanswered(incident=incident, settlement=settlement)
    settings.unanswered.put(work, [*others, asked])


def answered(work: Work, incident: Incident) -> None:
    """The answer to its settlement has been heard, and what it says has been noted."""
    others = [each for each in unanswered(work) if not _about(each, incident)]
    settings.unanswered.put(work, others)


def _about(asked: Unanswered, incident: Incident) -> bool:
    return asked.incident.incident_id == incident.incident_id


def lost_answers(work: Work) -> list[Incident]:
    """Incidents the server has settled for this till, which never heard the code it asked for."""
    open_now = set(work.execute(select(incidents.c.incident_id)).scalars())
    asked = [one.incident for one in unanswered(work)]
    return [incident for incident in asked if incident.incident_id not in open_now]


def count(work: Work) -> int:
    """How many are open, or were settled with an answer that got lost."""
    open_now = work.execute(select(func.count()).select_from(incidents)).scalar_one()
    return open_now + len(lost_answers(work))
