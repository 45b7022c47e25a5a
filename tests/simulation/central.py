"""The central server in this process: its own handlers, rules and SQLite file, without threads."""

import dataclasses
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import compile_path
from starlette.types import Message, Scope

from server.feed.hub import Hub, Published
from server.http.app import OPERATIONS
from server.http.services import Services
from server.ledger.booking import Booking
from server.ledger.state import Books
from server.ledger.work import Answer, Work, wanted_by
from server.storage.database import sqlite_url
from server.storage.feed import changes_after
from server.storage.sqlite_ledger import SqliteLedger
from tests.simulation import files
from tests.simulation.nature import PowerCut

T = TypeVar("T")
ORGANISATION = "main"
_ROUTES = [(operation, compile_path(operation.path)[0]) for operation in OPERATIONS]


class ServerDown(Exception):
    """Nobody answers: the process is not running, or died while it worked on this."""


@dataclasses.dataclass(frozen=True)
class Call:
    """A request as it travels."""

    method: str
    path: str
    query: Mapping[str, Any]
    headers: Mapping[str, str]
    body: bytes


class Central:
    """The machine the server runs on. `breathe` is told where the process could be stopped."""

    def __init__(self, folder: Path, breathe: Callable[[str], None]) -> None:
        self.folder = folder
        self.breathe = breathe
        self.process: ServerProcess | None = None

    @property
    def file(self) -> Path:
        return self.folder / "server.sqlite"

    def start(self) -> None:
        self.process = ServerProcess(self)

    def stop(self) -> None:
        """Without a word, as when the plug is pulled; what is committed stays."""
        if self.process is not None:
            self.process.alive = False
            self.process.services.engine.dispose()
        self.process = None

    def answer(self, call: Call) -> Response:
        """What the server says to a request. Raises ServerDown."""
        process = self.process
        if process is None:
            raise ServerDown
        try:
            return process.answer(call)
        except PowerCut as cut:
            self.stop()
            raise ServerDown from cut

    def change(self, change: Callable[[sa.Connection], T]) -> T:
        """Something an operator does by command line, whether the server runs or not."""
        with files.writing(files.server_engine(sqlite_url(self.folder))) as connection:
            return change(connection)


class ServerProcess:
    """One life of the server."""

    def __init__(self, machine: Central) -> None:
        self.alive = True
        self.services = SteppedServices(machine, self)

    def answer(self, call: Call) -> Response:
        for operation, pattern in _ROUTES:
            if operation.method == call.method and (found := pattern.match(call.path)):
                request = Request(_scope(call, found.groupdict()), _receive(call.body))
                return _read_whole(finished(operation.respond(request, self.services)))
        raise AssertionError(f"no operation for {call.method} {call.path}")


class SteppedServices(Services):
    """The server's services, with every query and booking done on the spot."""

    def __init__(self, machine: Central, process: ServerProcess) -> None:
        super().__init__(files.server_engine(sqlite_url(machine.folder)), b"")
        self.booking = SteppedBooking(SqliteLedger(self.engine), machine, process)
        self.hub = PolledHub(self)

    async def read(self, query: Callable[[sa.Connection], T]) -> T:
        return self._query(query)

    async def write(self, change: Callable[[sa.Connection], T]) -> T:
        return self._change(change)

    def announce(self, organisation: str) -> None:
        pass


@dataclasses.dataclass
class _Waiting:
    work: Work
    answers: list[Answer] = dataclasses.field(default_factory=list)


class SteppedBooking(Booking):
    """Books in the caller's thread. Two tills that ask at once share a transaction."""

    def __init__(self, store: SqliteLedger, machine: Central, process: ServerProcess) -> None:
        super().__init__(store, lambda _organisation, _position: None)
        self._ledger, self._machine, self._process = store, machine, process
        self._queue: list[_Waiting] = []

    async def do(self, organisation: str, work: Work) -> Answer:
        mine = _Waiting(work)
        self._queue.append(mine)
        self._machine.breathe("before the server books")
        if not self._process.alive:
            raise PowerCut
        if not mine.answers:
            self._book_all(organisation)
        return mine.answers[0]

    def _book_all(self, organisation: str) -> None:
        together, self._queue = self._queue, []

        def decide(books: Books) -> list[Answer]:
            answers = [waiting.work.decide(books) for waiting in together]
            self._machine.breathe("before the server commits")
            return answers

        wanted = wanted_by([waiting.work for waiting in together])
        answers, _ = self._ledger.book(organisation, wanted, decide)
        self._machine.breathe("after the server committed")
        for waiting, answer in zip(together, answers, strict=True):
            waiting.answers.append(answer)


class PolledHub(Hub):
    """Streams read the feed when they are asked, instead of being woken."""

    def __init__(self, services: Services) -> None:
        super().__init__(services.read)
        self._services = services

    @contextmanager
    def subscribed(self, organisation: str) -> Iterator[Any]:
        yield PolledSubscription(self._services, organisation)

    async def ready(self, organisation: str) -> None:
        pass


class PolledSubscription:
    """Gives the whole feed once: a hub may hand out some of what was before."""

    fell_behind = False

    def __init__(self, services: Services, organisation: str) -> None:
        self._services, self._organisation = services, organisation

    async def take(self, _timeout_s: float) -> list[Published]:
        self.fell_behind = True
        found = await self._services.read(
            lambda connection: changes_after(connection, self._organisation, 0, 1_000)
        )
        return [Published(item) for item in found]


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that has nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("something waits, where nothing can wake it")


def _read_whole(response: Response) -> Response:
    """A stream as all it says until it falls silent."""
    if not isinstance(response, StreamingResponse):
        return response

    async def read() -> bytes:
        parts = [part async for part in response.body_iterator]
        return b"".join(part for part in parts if isinstance(part, bytes))

    return Response(finished(read()), response.status_code)


def _scope(call: Call, path_params: dict[str, str]) -> Scope:
    return {
        "type": "http",
        "method": call.method,
        "path": call.path,
        "query_string": urlencode(call.query).encode(),
        "headers": [(name.lower().encode(), text.encode()) for name, text in call.headers.items()],
        "path_params": path_params,
        "client": ("127.0.0.1", 1),
    }


def _receive(body: bytes) -> Callable[[], Coroutine[Any, Any, Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
