"""Open the server's database: SQLite in a folder, or PostgreSQL by URL."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, OperationalError

from process.files import keep_private
from server.errors import NotPossible, StorageFull, StorageUnavailable

DATABASE_FILE = "server.sqlite"
BUSY_WAIT_S = 10
IDLE_IN_TRANSACTION_LIMIT_MS = 30_000
BOOKING_LIMIT_MS = 10_000
"""Bookings take milliseconds; whoever wants the same voucher waits this long for a frozen one."""

KNOWS_TRANSACTION_TIMEOUT = 17_00_00
_DISK_FULL = ("disk is full", "No space left on device", "could not extend file")


def sqlite_url(folder: Path) -> str:
    """The URL of the embedded database in `folder`."""
    file = str((folder / DATABASE_FILE).absolute())
    return sa.URL.create("sqlite", database=file).render_as_string()


READING_CONNECTIONS = 10
"""For reading threads, the feed's watcher and rare changes of one worker."""

HOT_PATH = {
    "plan_cache_mode": "force_generic_plan",
    **dict.fromkeys(("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"), "off"),
}
"""The few statements that book always go by index; planning them anew each time would cost more
than running them, and a plan made while a table was empty must not walk it when it is full."""


def open_engine(url: str) -> sa.Engine:
    """An engine for `url`; nothing is connected yet. Raises NotPossible for a wrong URL."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return _postgresql(parsed.set(drivername="postgresql+psycopg"), READING_CONNECTIONS)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
    except (sa.exc.ArgumentError, NoSuchModuleError) as error:
        raise NotPossible("database_url_wrong", url=url) from error
    raise NotPossible("database_url_wrong", url=parsed.render_as_string())


def is_postgresql(engine: sa.Engine) -> bool:
    """Whether the database is PostgreSQL; else it is SQLite."""
    return engine.dialect.name == "postgresql"


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that only reads, all of it at one moment. Raises StorageUnavailable."""
    with translated(), engine.connect() as connection:
        if is_postgresql(engine):
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes; SQLite is locked from its first moment on.

    Raises StorageUnavailable and StorageFull.
    """
    with (
        translated(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the drivers raise when the world fails into our own errors."""
    try:
        yield
    except (DBAPIError, sqlite3.OperationalError) as error:
        raise as_operating_error(error) or error from error
    except sa.exc.TimeoutError as error:
        raise StorageUnavailable("no free connection") from error


def as_operating_error(error: Exception) -> StorageFull | StorageUnavailable | None:
    """What a driver's error means for us; None when it is our own mistake."""
    text = str(error)
    if any(sign in text for sign in _DISK_FULL):
        return StorageFull()
    if isinstance(error, (OperationalError, sqlite3.OperationalError)) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return StorageUnavailable(text.splitlines()[0][:200])
    return None


def now_ms() -> int:
    """The server's clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_WAIT_S})
    event.listen(engine, "do_connect", _keep_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _keep_private(_dialect: Any, _record: object, where: Any, _options: object) -> None:
    if where[0] != ":memory:":
        keep_private(Path(where[0]))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def booking_engine(engine: sa.Engine) -> sa.Engine:
    """Another engine on the same PostgreSQL, for the one thread that books; it begins and ends
    its transactions itself."""
    return _postgresql(engine.url, 1, isolation="AUTOCOMMIT", **HOT_PATH)


def limit_transactions(connection: psycopg.Connection[Any]) -> None:
    """Give a worker's locks free when it stands still while it books, from PostgreSQL 17 on.

    The limit on idle transactions does not see one that is in the middle of a pipeline.
    """
    if connection.info.server_version >= KNOWS_TRANSACTION_TIMEOUT:
        connection.execute(f"SET transaction_timeout = {BOOKING_LIMIT_MS}".encode())


def _postgresql(
    url: sa.URL, connections: int, isolation: IsolationLevel = "READ COMMITTED", **settings: str
) -> sa.Engine:
    # An abandoned transaction would hold the whole feed back, so it is not left standing.
    settings["idle_in_transaction_session_timeout"] = str(IDLE_IN_TRANSACTION_LIMIT_MS)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return sa.create_engine(
        url,
        isolation_level=isolation,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=5,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "vouchers"},
    )
