"""A running server in this process, on each of the two databases."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
import sqlalchemy as sa
import uvicorn

import resources
from server.http.app import make_app
from server.storage.database import open_engine, sqlite_url, writing
from server.storage.migrate import migrate
from server.storage.venues import ensure_organisation, save_catalogue, save_users
from server.tills.directory import add_till
from tests.postgres import Postgres, running_postgres
from tests.server.client import Till
from vouchers.catalogue import Catalogue
from vouchers.ids import new_id
from vouchers.people import Role, User

DEMO_CATALOGUE = msgspec.toml.decode(
    (Path(resources.__file__).parent / "demo" / "catalogue.toml").read_bytes(), type=Catalogue
)
DEMO_USERS = [
    User(user_id=role.value, name=role.value, role=role, pin_hash="none") for role in Role
]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The URL of a migrated database of each kind; tests live in organisations of their own."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.new_database()
    return new_sqlite(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="session")
def shared_url(shared_database: str) -> Iterator[str]:
    with serving(shared_database) as url:
        yield url


@pytest.fixture
def engine(shared_database: str) -> Iterator[sa.Engine]:
    opened = open_engine(shared_database)
    yield opened
    opened.dispose()


@pytest.fixture
def organisation(engine: sa.Engine) -> str:
    """A new organisation with the demo venue's documents."""
    name = f"org-{new_id().hex[-12:]}"
    with writing(engine) as connection:
        ensure_organisation(connection, name)
        save_catalogue(connection, name, DEMO_CATALOGUE)
        save_users(connection, name, DEMO_USERS)
    return name


class Venue:
    """An organisation on a running server; tills enrol with `till`."""

    def __init__(self, url: str, engine: sa.Engine, organisation: str, clients: ExitStack) -> None:
        self.url = url
        self.engine = engine
        self.organisation = organisation
        self._clients = clients

    def client(self) -> httpx.Client:
        return self._clients.enter_context(
            httpx.Client(base_url=self.url, timeout=10, verify=False)
        )

    def code(self, name: str) -> str:
        with writing(self.engine) as connection:
            return add_till(connection, self.organisation, name).code

    def till(self, name: str) -> Till:
        return Till(self.client(), self.code(name))


@pytest.fixture
def venue(shared_url: str, engine: sa.Engine, organisation: str) -> Iterator[Venue]:
    with ExitStack() as clients:
        yield Venue(shared_url, engine, organisation, clients)


def new_sqlite(folder: Path) -> str:
    """The URL of a new, migrated SQLite database."""
    url = sqlite_url(folder)
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url


@contextmanager
def serving(database: str) -> Iterator[str]:
    """A worker on a free port, in a thread of this process."""
    config = uvicorn.Config(
        make_app(open_engine(database)), log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        url = f"http://127.0.0.1:{port}"
        _wait_until(lambda: server.started or not thread.is_alive())
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def _wait_until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(2_000):
        if true():
            return
        pause.wait(0.005)
    raise TimeoutError
