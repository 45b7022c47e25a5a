"""The central server in this process: its own handlers, rules and SQLite file, without threads."""

import dataclasses
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import compile_path
from starlette.types import Message, Scope

from server.backup import restore
from server.http.app import OPERATIONS
from server.storage.database import reading, sqlite_url
from server.tills.directory import enrolled_till
from tests.simulation import files
from tests.simulation.files import copy_running
from tests.simulation.nature import PowerCut
from tests.simulation.stepped import SteppedServices

T = TypeVar("T")
ORGANISATION = "main"
_ROUTES = [(operation, compile_path(operation.path)[0]) for operation in OPERATIONS]


class ServerDown(Exception):
    """Nobody answers: the process is not running, or died while it worked on this."""


@dataclasses.dataclass(frozen=True)
class Call:
    """A request as it travels. The server does not see `sender`, which is who really sent it."""

    method: str
    path: str
    query: Mapping[str, Any]
    headers: Mapping[str, str]
    body: bytes
    sender: str = ""


class Central:
    """The machine the server runs on. `breathe` is told where the process could be stopped."""

    def __init__(self, folder: Path, breathe: Callable[[str], None]) -> None:
        self.folder = folder
        self.breathe = breathe
        self.process: ServerProcess | None = None
        self.backup = folder / "backup.copy"

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

    def back_up(self) -> None:
        """Somebody copies the database while the server runs."""
        copy_running(self.file, self.backup)

    def restore(self) -> None:
        """The database is lost, and the backup put in its place."""
        self.stop()
        url = sqlite_url(self.folder)
        files.server_engine(url).dispose()
        for leftover in self.folder.glob("server.sqlite*"):
            leftover.unlink()
        with mock.patch("server.backup.open_engine", files.server_engine):
            restore(url, self.backup)

    def lets_in(self, till_id: str, public_key: str) -> bool:
        """Whether a till with that key may sign in."""
        with reading(files.server_engine(sqlite_url(self.folder))) as connection:
            found = enrolled_till(connection, till_id)
        return found is not None and not found.revoked and found.public_key == public_key

    def change(self, change: Callable[[sa.Connection], T]) -> T:
        """Something an operator does by command line, whether the server runs or not."""
        with files.writing(files.server_engine(sqlite_url(self.folder))) as connection:
            return change(connection)


class ServerProcess:
    """One life of the server."""

    def __init__(self, machine: Central) -> None:
        self.alive = True
        self.breathe = machine.breathe
        engine = files.server_engine(sqlite_url(machine.folder))
        self.services = SteppedServices(engine, self)

    def answer(self, call: Call) -> Response:
        for operation, pattern in _ROUTES:
            if operation.method == call.method and (found := pattern.match(call.path)):
                request = Request(_scope(call, found.groupdict()), _receive(call.body))
                return _read_whole(finished(operation.respond(request, self.services)))
        raise AssertionError(f"no operation for {call.method} {call.path}")


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
