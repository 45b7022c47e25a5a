"""Alembic migrations of the till's database, run when an older file is opened."""

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

if TYPE_CHECKING:
    from till.store.database import Database


def upgrade(database: "Database", found: str | None) -> None:
    """Bring the schema up to date in one transaction. Raises DatabaseNewer."""
    from till.store.database import APPLICATION_ID, DatabaseNewer

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        if found is not None:
            ScriptDirectory.from_config(config).get_revision(found)
    except CommandError as error:
        raise DatabaseNewer("database_newer", path=database.path, version=found) from error
    with database.write() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
