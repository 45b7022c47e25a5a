"""How long the feed is kept: tills that were away for longer load a snapshot."""

import sqlalchemy as sa

from server.storage.database import now_ms
from server.storage.tables import feed, organisations

FEED_KEPT_MS = 30 * 24 * 3600 * 1000


def sweep_feed(connection: sa.Connection, kept_ms: int = FEED_KEPT_MS) -> int:
    """Forget changes older than `kept_ms`, but never the newest; how many were forgotten.

    The floor is raised in the same transaction, so that no reader takes a gap for quiet.
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
            .where(organisations.c.organisation == organisation)
            .values(feed_floor=floor)
        )
        swept += connection.execute(sa.delete(feed).where(mine, feed.c.position <= floor)).rowcount
    return swept
