"""Feed positions: rising, never reused, and on PostgreSQL tied to the transaction that made them.

On SQLite a counter; on PostgreSQL the transaction's id, shifted by 16 bits, and a count inside the
transaction. A database that was put back from a backup must not use any position again that it
gave out after the backup was made, in however many lives it has had since. So it goes on from the
time of day: milliseconds since 2000, shifted by 20 bits, which no life before reached.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from server.storage.database import is_postgresql, now_ms
from server.storage.tables import accounts, feed, organisations
from server.storage.tables import server as installation

COUNT_BITS = 16
LIFE_BITS = 20
"""More positions than a database can use in a millisecond: 16 transactions on PostgreSQL."""

LIFE_START, OFFSET = "life_start", "positions_offset"
_2000_MS = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1000

_OFFSET = "coalesce((SELECT value::bigint FROM server WHERE name = 'positions_offset'), 0)"
OF_TRANSACTION = f"({_OFFSET} + (pg_current_xact_id()::text::bigint << {COUNT_BITS}))"
"""On PostgreSQL: the first position of the running transaction."""

HORIZON = f"({_OFFSET} + (pg_snapshot_xmin(pg_current_snapshot())::text::bigint << {COUNT_BITS}))"
"""On PostgreSQL: below it nothing will be added any more, for all transactions with a smaller id
have ended; at or above it a transaction that is running may still add something."""

BELOW_HORIZON = feed.c.position < sa.literal_column(HORIZON, sa.BigInteger)
"""The condition that keeps readers on PostgreSQL from what may still be added to; SQLite's writer
is alone."""

_NEWEST = sa.select(sa.func.max(feed.c.position)).where(
    feed.c.organisation == sa.bindparam("organisation")
)
_LIFE_START = sa.select(installation.c.value).where(installation.c.name == LIFE_START)


def newest_position(connection: sa.Connection, organisation: str) -> int:
    """The newest position in the feed, settled or not; its row is never swept away."""
    return connection.scalar(_NEWEST, {"organisation": organisation}) or 0


def settled_position(connection: sa.Connection, organisation: str) -> int:
    """The newest position that readers may see; nothing at or below it will be added."""
    query = _NEWEST.where(BELOW_HORIZON) if is_postgresql(connection.engine) else _NEWEST
    return connection.scalar(query, {"organisation": organisation}) or 0


def free_position(connection: sa.Connection, organisation: str) -> int:
    """The next position for the transaction that is running on `connection`."""
    newest = newest_position(connection, organisation)
    if not is_postgresql(connection.engine):
        return max(newest, life_start(connection)) + 1
    first: int = connection.scalar(sa.text(f"SELECT {OF_TRANSACTION}")) or 0
    own = sa.select(sa.func.max(feed.c.position)).where(
        feed.c.organisation == organisation,
        feed.c.position.between(first, first + (1 << COUNT_BITS) - 1),
    )
    used: int | None = connection.scalar(own)
    return first if used is None else used + 1


def begin_life(connection: sa.Connection) -> None:
    """Number anew after a restore: every position tills may know becomes too old, so that each
    loads a snapshot and none mistakes new changes for those that the backup lost.

    All accounts become newer than whatever tills have cached of them.
    """
    newest = connection.scalar(sa.select(sa.func.max(feed.c.position))) or 0
    start = max((now_ms() - _2000_MS) << LIFE_BITS, newest + 1)
    offset = start
    if is_postgresql(connection.engine):
        here: int = connection.scalar(sa.text("SELECT pg_current_xact_id()::text::bigint")) or 0
        offset = start + ((1 - here) << COUNT_BITS)
    facts = {LIFE_START: str(start), OFFSET: str(offset)}
    connection.execute(sa.delete(installation).where(installation.c.name.in_(facts)))
    rows = [{"name": name, "value": value} for name, value in facts.items()]
    connection.execute(sa.insert(installation), rows)
    connection.execute(sa.update(organisations).values(feed_floor=start))
    connection.execute(sa.update(accounts).values(version=start))


def life_start(connection: sa.Connection) -> int:
    """Where the positions of this database begin; 0 until it has been put back from a backup."""
    return int(connection.scalar(_LIFE_START) or 0)
