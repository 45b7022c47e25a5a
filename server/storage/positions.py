"""Feed positions: rising, never reused, and on PostgreSQL tied to the transaction that made them.

bits 62-55  the epoch: counts how often the database was put back from a backup
bits 54-16  PostgreSQL: the transaction's id; SQLite: a counter from bit 0 on
bits 15-0   PostgreSQL: a count inside the transaction
"""

import sqlalchemy as sa

from server.storage.database import is_postgresql
from server.storage.tables import feed, organisations
from server.storage.tables import server as installation

EPOCH_BITS, COUNT_BITS = 55, 16
EPOCH = "epoch"

_EPOCH_START = "(coalesce((SELECT value::bigint FROM server WHERE name = 'epoch'), 0) << 55)"
OF_TRANSACTION = f"({_EPOCH_START} + (pg_current_xact_id()::text::bigint << {COUNT_BITS}))"
"""On PostgreSQL: the first position of the running transaction."""

HORIZON = (
    f"({_EPOCH_START} + (pg_snapshot_xmin(pg_current_snapshot())::text::bigint << {COUNT_BITS}))"
)
"""On PostgreSQL: below it nothing will be added any more, for all transactions with a smaller id
have ended; at or above it a transaction that is running may still add something."""


def newest_position(connection: sa.Connection, organisation: str) -> int:
    """The newest position in the feed, settled or not; its row is never swept away."""
    newest = sa.select(sa.func.max(feed.c.position)).where(feed.c.organisation == organisation)
    return connection.scalar(newest) or 0


def settled_position(connection: sa.Connection, organisation: str) -> int:
    """The newest position that readers may see; nothing at or below it will be added."""
    query = sa.select(sa.func.max(feed.c.position)).where(
        feed.c.organisation == organisation, *below_horizon(connection)
    )
    return connection.scalar(query) or 0


def below_horizon(connection: sa.Connection) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition that keeps readers from what may still be added to; none on SQLite, whose
    writer is alone."""
    if not is_postgresql(connection.engine):
        return ()
    return (feed.c.position < sa.literal_column(HORIZON, sa.BigInteger),)


def free_position(connection: sa.Connection, organisation: str) -> int:
    """The next position for the transaction that is running on `connection`."""
    newest = newest_position(connection, organisation)
    if not is_postgresql(connection.engine):
        return max(newest, _epoch(connection) << EPOCH_BITS) + 1
    first: int = connection.scalar(sa.text(f"SELECT {OF_TRANSACTION}")) or 0
    own = sa.select(sa.func.max(feed.c.position)).where(
        feed.c.organisation == organisation,
        feed.c.position.between(first, first + (1 << COUNT_BITS) - 1),
    )
    used: int | None = connection.scalar(own)
    return first if used is None else used + 1


def begin_epoch(connection: sa.Connection) -> None:
    """Number anew after a restore: every position tills may know becomes too old, so that each
    loads a snapshot and none mistakes new changes for those that the backup lost."""
    epoch = _epoch(connection) + 1
    connection.execute(sa.delete(installation).where(installation.c.name == EPOCH))
    connection.execute(sa.insert(installation).values(name=EPOCH, value=str(epoch)))
    connection.execute(sa.update(organisations).values(feed_floor=epoch << EPOCH_BITS))


def _epoch(connection: sa.Connection) -> int:
    query = sa.select(installation.c.value).where(installation.c.name == EPOCH)
    return int(connection.scalar(query) or 0)
