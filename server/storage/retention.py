"""How long the feed and the answers to requests are kept."""

from uuid import UUID

import sqlalchemy as sa

from server.storage.database import now_ms
from server.storage.tables import feed, organisations, requests

_DAY_MS = 24 * 3600 * 1000

FEED_KEPT_MS = 30 * _DAY_MS
"""Tills that were away for longer load a snapshot."""

REQUESTS_KEPT_MS = 400 * _DAY_MS
"""The longest that a till may come back with something a remembered answer matters for.

A till asks for a hold while somebody waits, and never again with that id: what may come later is
the fact, when the answer was lost and the till decided by itself. It waits in the till's outbox
for as long as the till is away, such as a kiosk that is locked up from one season to the next. The
fact itself is known by its entry's id for ever, whether or not the request is; only that it
overruled a refusal could not be told any more. So a refusal outlives the longest closed season, a
year, by a month.
"""

SWEPT_AT_ONCE_MAX = 5_000
"""A long transaction would hold back the feed."""


def sweep_feed(connection: sa.Connection, kept_ms: int = FEED_KEPT_MS) -> int:
    """Forget changes older than `kept_ms`, but never the newest; how many were forgotten.

    The floor is raised in the same transaction, so that no reader takes a gap for quiet. It is
    never lowered: after a restore it lies above changes that are there still.
    """
    swept = 0
    for organisation in connection.scalars(sa.select(organisations.c.organisation)).all():
        mine = feed.c.organisation == organisation
        newest = sa.select(sa.func.max(feed.c.position)).where(mine).scalar_subquery()
        old = (mine, feed.c.changed_ms < now_ms() - kept_ms, feed.c.position < newest)
        floor = connection.scalar(sa.select(sa.func.max(feed.c.position)).where(*old))
        if floor is None:
            continue
        connection.execute(
            sa.update(organisations)
            .where(organisations.c.organisation == organisation, organisations.c.feed_floor < floor)
            .values(feed_floor=floor)
        )
        swept += connection.execute(sa.delete(feed).where(mine, feed.c.position <= floor)).rowcount
    return swept


def sweep_requests(connection: sa.Connection, kept_ms: int = REQUESTS_KEPT_MS) -> int:
    """Forget answers to requests that ran out more than `kept_ms` ago, some of them at a time;
    how many were forgotten.

    The ids are made in the order of time, so only what is old has to be looked at. An id whose
    till's clock was wrong is looked at too early or late, but goes by when the server answered.
    """
    before_ms = now_ms() - kept_ms
    id_before = UUID(int=before_ms << 80)
    old = (
        sa.select(requests.c.request_id)
        .where(requests.c.request_id < id_before, requests.c.expires_ms < before_ms)
        .limit(SWEPT_AT_ONCE_MAX)
    )
    swept = sa.delete(requests).where(requests.c.request_id.in_(old))
    return connection.execute(swept.where(requests.c.expires_ms < before_ms)).rowcount
