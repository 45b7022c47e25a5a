"""Printers on the network: raw TCP, usually port 9100, IPv4 and IPv6."""

import contextlib
import select
import socket
from dataclasses import dataclass

from printing.printers.line import LineBroken

PORT = 9100
CONNECT_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class NetworkAddress:
    """Where a printer listens. Opening connects; a printer serves one client at a time."""

    host: str
    port: int = PORT

    def open(self) -> "NetworkLine":
        """Connect. Raises LineBroken."""
        try:
            connection = socket.create_connection((self.host, self.port), CONNECT_TIMEOUT_S)
        except OSError as error:
            raise LineBroken(str(error)) from error
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _notice_death(connection)
        connection.setblocking(False)
        return NetworkLine(connection)


class NetworkLine:
    """One TCP connection for one job."""

    answers = True

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: bytes, timeout_s: float) -> int:
        """See Line."""
        try:
            if not select.select([], [self._connection], [], timeout_s)[1]:
                return 0
            return self._connection.send(data)
        except BlockingIOError:
            return 0
        except (OSError, ValueError) as error:
            raise LineBroken(str(error)) from error

    def receive(self, timeout_s: float) -> bytes:
        """See Line."""
        try:
            if not select.select([self._connection], [], [], timeout_s)[0]:
                return b""
            data = self._connection.recv(256)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise LineBroken(str(error)) from error
        if not data:
            raise LineBroken("closed by the printer")
        return data

    def finish(self) -> None:
        """See Line."""

    def close(self) -> None:
        """See Line."""
        with contextlib.suppress(OSError):
            self._connection.close()


def _notice_death(connection: socket.socket) -> None:
    """Let the system end the connection to a printer that lost its power.

    A printer without paper takes no data for as long as nobody comes: no deadline may end that.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
