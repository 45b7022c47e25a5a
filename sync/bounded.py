"""requests with a deadline for a whole answer: its headers, each chunk, each byte of it.

The timeouts of the libraries below start anew with every byte: whoever sends one now and then
would hold a visitor at the counter for ever.
"""

import io
import socket
import time
from contextlib import suppress
from http.client import HTTPResponse
from typing import Any
from weakref import WeakSet

from requests import Response, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _TimedReader(io.RawIOBase):
    """Reads a socket until its timeout has passed since the beginning, or since `renew`."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket, self._file = sock, sock.makefile("rb", buffering=0)
        self._span_s = sock.gettimeout()
        self.renew()

    def renew(self) -> None:
        """As much time again, from now."""
        self._started_at = time.monotonic()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._span_s is not None:
            left_s = self._started_at + self._span_s - time.monotonic()
            if left_s <= 0:
                raise TimeoutError("the answer takes too long")
            self._socket.settimeout(left_s)
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self._timed = _TimedReader(sock)
        self.fp = io.BufferedReader(self._timed)

    def renew(self) -> None:
        self._timed.renew()


class _Connection(HTTPConnection):
    response_class = _TimedResponse


class _SecureConnection(HTTPSConnection):
    response_class = _TimedResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _TimedAdapter(HTTPAdapter):
    """Makes timed connections, and remembers them in `connections`."""

    def __init__(self, connections: "WeakSet[HTTPConnection]") -> None:
        self._pools = {
            "http": _remembering(_Pool, connections),
            "https": _remembering(_SecurePool, connections),
        }
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _remembering(
    pool: type[HTTPConnectionPool], connections: "WeakSet[HTTPConnection]"
) -> type[HTTPConnectionPool]:
    class Remembering(pool):  # type: ignore[valid-type, misc]
        def _new_conn(self) -> Any:
            connection = super()._new_conn()
            connections.add(connection)
            return connection

    return Remembering


class TimedSession(Session):
    """A session whose timeout is for the whole answer, and that nobody sends elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self._connections: WeakSet[HTTPConnection] = WeakSet()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _TimedAdapter(self._connections))

    def hang_up(self) -> None:
        """End what is under way, from any thread; the next request connects anew."""
        for connection in list(self._connections):
            if connection.sock is not None:
                with suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

    def get_redirect_target(self, resp: Response) -> None:
        """Nowhere: a request goes to the address that was enrolled with, or it has failed."""


def renew(response: Response) -> None:
    """Give an answer that has no end of its own as much time again as it had."""
    original = response.raw._original_response
    if isinstance(original, _TimedResponse):
        original.renew()
