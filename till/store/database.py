"""One SQLite file that must survive power cuts: opened with care, never overwritten."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from process.files import OWNER_ONLY_FOLDER, keep_private
from vouchers.errors import OperatingError

FILE_NAME = "till.sqlite"
SCHEMA_VERSION = "0003"
"""The newest migration in migrations/versions. Only where a file differs is alembic loaded."""

APPLICATION_ID = 0x74696C6C
"""PRAGMA application_id ("till" in ASCII): tells our files from any other SQLite file."""

BUSY_TIMEOUT_MS = 10_000
LOG_WAIT_MS = 250

Work = Connection
"""An open transaction: what the functions of this folder work in."""


class DatabaseDamaged(OperatingError):
    """The file is no till database, or a broken one. It is left exactly as it is."""


class DatabaseNewer(OperatingError):
    """A newer program wrote this file; an older one must not touch it."""


class DiskTrouble(OperatingError):
    """The disk is full, read-only or failing: nothing was written."""


class Database:
    """The open file. `write()` is one durable transaction, `read()` a consistent look."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self.path = path

    @contextmanager
    def write(self) -> Iterator[Work]:
        """All or nothing, on disk when the block is left; an exception rolls back.

        Raises DiskTrouble when the disk fails.
        """
        with _told(self.path), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")

    @contextmanager
    def read(self) -> Iterator[Work]:
        """Several reads that see the same moment."""
        with _told(self.path), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def empty_log(self) -> bool:
        """Write the whole write-ahead log into the file and cut it to nothing.

        False when a reader still needs it; nothing is lost then. Raises DiskTrouble.
        """
        with _told(self.path), self._engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {LOG_WAIT_MS}")
            try:
                row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                return int(row[0]) == 0
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    def close(self) -> None:
        """Let go of the file; what was written stays."""
        self._engine.dispose()


def open_database(folder: Path) -> Database:
    """Open or make the database in `folder`, brought up to the newest schema.

    Raises DatabaseDamaged, DatabaseNewer or DiskTrouble, each without changing the file.
    """
    path = folder / FILE_NAME
    with _told(path):
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
        _check_file(path)
        keep_private(path)
        engine = _engine(path)
        database = Database(engine, path)
        with database.read() as connection:
            found = _schema_version(connection)
        if found != SCHEMA_VERSION:
            from till.store.migrations import upgrade

            upgrade(database, found)
    return database


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),  # a folder's name is no part of a URL
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        isolation_level="AUTOCOMMIT",  # transactions are begun by hand, see Database
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # erased codes leave no trace in the file

    return engine


def _check_file(path: Path) -> None:
    """Refuse what is not ours before SQLite gets a chance to write to it."""
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        header = file.read(100)
    ours = header.startswith(b"SQLite format 3\0") and len(header) == 100
    if not ours or int.from_bytes(header[68:72], "big") not in (APPLICATION_ID, 0):
        raise DatabaseDamaged("database_damaged", path=path)


def _schema_version(connection: Connection) -> str | None:
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    names = set(tables.scalars())
    if not names:
        return None
    if "alembic_version" not in names:
        raise DatabaseDamaged("database_damaged", path="")
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(version) if version else None


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Translate SQLite's and the file system's complaints, once."""
    try:
        yield
    except DBAPIError as error:
        original = error.orig
        if isinstance(original, sqlite3.OperationalError):
            raise DiskTrouble("disk_trouble", path=path, why=str(original)) from error
        if isinstance(original, sqlite3.DatabaseError) and not isinstance(
            original, sqlite3.IntegrityError
        ):
            raise DatabaseDamaged("database_damaged", path=path) from error
        raise
    except OSError as error:
        raise DiskTrouble("disk_trouble", path=path, why=error.strerror or str(error)) from error
