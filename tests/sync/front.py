"""What stands between till and server, and answers in its place as badly as it is told to."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType

from tests.sync.cutting_proxy import CuttingProxy, end

HANG_S = 30.0
Misbehaviour = Callable[[socket.socket, bytes], None]
"""Answers a request on the socket, and returns when it is done with the connection."""


class Front(CuttingProxy):
    """Forwards TCP to `port` until `misbehave` is called, and again from `behave` on."""

    def __init__(self, port: int) -> None:
        self._open: set[socket.socket] = set()
        self._dead: set[socket.socket] = set()
        self._way: Misbehaviour | None = None
        self._only = b""
        super().__init__(port)

    def misbehave(self, way: Misbehaviour, only: str = "") -> None:
        """From now on, or only to requests with that path; connections made before are cut."""
        self._way, self._only = way, only.encode()
        self._cut()

    def die(self) -> None:
        """From now on nothing goes through and nobody is told: connections made before stay as
        they are, and are dead for ever."""
        self._way, self._only = swallow, b""
        self._dead |= self._open

    def behave(self) -> None:
        """Well again. What hangs goes on hanging: nobody tells the till that it is over."""
        self._way = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, at)
        self._cut()

    def _cut(self) -> None:
        for connection in list(self._open):
            end(connection)

    def _serve(self, client: socket.socket) -> None:
        self._open.add(client)
        with client, contextlib.suppress(OSError):
            if (way := self._way) is None or self._only:
                self._forward(client)
            else:
                way(client, _request(client))
        self._open.discard(client)

    def _forward(self, client: socket.socket) -> None:
        with socket.create_connection(self._target) as server:
            self._open.add(server)
            threading.Thread(target=self._pump, args=(server, client), daemon=True).start()
            while data := client.recv(1 << 16):
                if client in self._dead:
                    continue
                if (way := self._way) and self._only and self._only in data.split(b"\r\n")[0]:
                    way(client, data)
                    break
                server.sendall(data)
            end(server)
            self._open.discard(server)

    def _pump(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 16):
                if client not in self._dead:
                    client.sendall(data)
        if client not in self._dead:
            end(client)


def swallow(client: socket.socket, _request: bytes) -> None:
    """Take whatever comes, and never say a word."""
    client.settimeout(HANG_S)
    with contextlib.suppress(TimeoutError):
        client.recv(1)


def _request(client: socket.socket) -> bytes:
    """A request with all of its body, so that closing does not reset what was answered."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(1 << 16)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            missing = int(line.split(b":")[1]) - len(body)
            while missing > 0 and (piece := client.recv(missing)):
                missing -= len(piece)
    return data
