"""The tables, and how they came to be."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from server import migrations
from server.storage.migrate import HEAD, migrate
from server.storage.tables import metadata


def test_the_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_lead_to_the_tables_in_use(engine: sa.Engine) -> None:
    migrate(engine)  # and again is no error
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
