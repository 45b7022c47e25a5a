"""Bring a database to this program's schema, or refuse it with an explanation."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from server import migrations
from server.errors import DatabaseRefused
from server.storage.database import is_postgresql, writing

HEAD = "0005"
"""The newest migration: a database that is there already costs no look at the others."""

_MIGRATION_LOCK = 0x766F7563
"""All workers and hosts that start at once wait for each other under this number."""


def migrate(engine: sa.Engine) -> None:
    """Create or upgrade the tables; one at a time, however many programs start together.

    Raises DatabaseRefused for a database that is newer, not ours, or damaged, and leaves it
    as it is; StorageUnavailable when it cannot be reached.
    """
    if _version(engine) == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with _readable(engine), writing(engine) as connection:
        if is_postgresql(engine):
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        _refuse_strangers(connection, known)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(engine: sa.Engine) -> str | None:
    """The migration a database is at; None when it has none, or cannot be asked."""
    try:
        with engine.connect() as connection:
            found: str | None = connection.scalar(
                sa.text("SELECT version_num FROM alembic_version")
            )
            return found
    except sa.exc.DBAPIError:
        return None


def _refuse_strangers(connection: sa.Connection, known: set[str]) -> None:
    name = connection.engine.url.render_as_string()
    from alembic.migration import MigrationContext

    found = MigrationContext.configure(connection).get_current_heads()
    if set(found) - known:
        raise DatabaseRefused("database_newer", database=name)
    if not found and sa.inspect(connection).get_table_names():
        raise DatabaseRefused("database_foreign", database=name)


@contextmanager
def _readable(engine: sa.Engine) -> Iterator[None]:
    """Tell a damaged file from one that is merely out of reach."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        if any(sign in str(error) for sign in ("not a database", "malformed")):
            name = engine.url.render_as_string()
            raise DatabaseRefused("database_damaged", database=name) from error
        raise
