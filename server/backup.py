"""Consistent copies of the database while the server runs, and the way back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from process.files import make_private
from server.errors import MachineRefused, NotPossible
from server.storage.database import is_postgresql, open_engine, reading, writing
from server.storage.migrate import migrate
from server.storage.positions import begin_life
from server.storage.tables import organisations
from server.storage.venues import announce

ALL_OR_NOTHING = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
CONNECTING = {
    *("host", "port", "user", "password", "dbname", "target_session_attrs", "passfile"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey"),
}
"""What of a database URL says how to get there; the rest are settings of our own sessions."""


def back_up(engine: sa.Engine, file: Path) -> None:
    """Copy the database as it stands at one moment into `file`, which must not exist.

    Raises NotPossible, MachineRefused. PostgreSQL is copied by its own pg_dump.
    """
    if file.exists():
        raise NotPossible("backup_exists", file=str(file))
    if not file.parent.is_dir():
        raise NotPossible("folder_missing", folder=file.parent)
    unfinished = file.with_name(file.name + ".part")
    try:
        if is_postgresql(engine):
            make_private(unfinished)
            _run(engine, "pg_dump", "--format=custom", f"--file={unfinished}")
        else:
            make_private(unfinished)
            with (
                closing(sqlite3.connect(str(engine.url.database))) as source,
                closing(sqlite3.connect(unfinished)) as copy,
            ):
                source.backup(copy)
        unfinished.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise MachineRefused("backup_failed", why=str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def restore(database: str, file: Path) -> None:
    """Put a backup where there is no database yet, and number the feed anew.

    What tills reported after the backup is missing then. They notice: each loads a snapshot, sees
    which of its entries the server has lost, and reports them again. Nobody else has kept what
    was settled, blocked, revoked or enrolled after the backup: incidents come back open, and
    those tills and vouchers must be looked at again. Raises NotPossible, MachineRefused.
    """
    if not file.is_file():
        raise NotPossible("file_missing", file=file)
    engine = open_engine(database)
    if _is_taken(engine):
        raise NotPossible("restore_in_use", database=engine.url.render_as_string())
    try:
        if is_postgresql(engine):
            _run(engine, "pg_restore", *ALL_OR_NOTHING, str(file))
        else:
            make_private(Path(str(engine.url.database)))
            shutil.copyfile(file, str(engine.url.database))
    except OSError as error:
        raise MachineRefused("backup_failed", why=str(error)) from error
    migrate(engine)
    with writing(engine) as connection:
        begin_life(connection)
        for organisation in connection.scalars(sa.select(organisations.c.organisation)).all():
            announce(connection, organisation, "users")
    engine.dispose()


def _is_taken(engine: sa.Engine) -> bool:
    if not is_postgresql(engine):
        return Path(str(engine.url.database)).exists()
    with reading(engine) as connection:
        return bool(sa.inspect(connection).get_table_names())


def _run(engine: sa.Engine, *command: str) -> None:
    """Run one of PostgreSQL's own programs on the database of `engine`, however many hosts its URL
    names. The password goes by the environment: everybody can read what a process was called with.
    """
    _, asked = engine.dialect.create_connect_args(engine.url)
    where = {name: asked[name] for name in sorted(asked) if name in CONNECTING}
    environment = dict(os.environ)
    if "password" in where:
        environment["PGPASSWORD"] = where.pop("password")
    words = (*command, f"--dbname={make_conninfo(**where)}")
    try:
        subprocess.run(  # noqa: S603 - ours
            words, check=True, capture_output=True, text=True, env=environment
        )
    except FileNotFoundError as error:
        raise MachineRefused("backup_failed", why=f"{command[0]} is not installed") from error
    except subprocess.CalledProcessError as error:
        raise MachineRefused("backup_failed", why=error.stderr.strip()) from error
