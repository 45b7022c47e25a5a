"""What the virtual printer says: answers and, on some models, what nobody asked for.

Written from the Epson ESC/POS command reference (GS a, XON and XOFF), not from our reader.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable

from printing.virtual.model import Faults, Model

XON, XOFF = b"\x11", b"\x13"
POWER_ON_NOTICE = b"\x3b\x31\x00"
PAUSE_S = 0.001
"""Between two bytes of a packet, so that they arrive one by one."""


class Voice:
    """Speaks to the client in front of the printer; may be used from any thread."""

    def __init__(self, model: Model, faults: Callable[[], Faults]) -> None:
        self._model, self._faults = model, faults
        self._client: socket.socket | None = None
        self._turn = threading.Lock()

    def greet(self, client: socket.socket) -> None:
        """Speak to `client` from now on."""
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client
        if self._model.speaks_unasked:
            self._say(POWER_ON_NOTICE, XON)
        self.speak_up()

    def leave(self) -> None:
        """The client is gone."""
        self._client = None

    def answer(self, data: bytes) -> None:
        """Say what was asked for; a model that speaks unasked puts its own words before it."""
        self.speak_up()
        self._say(data)

    def speak_up(self) -> None:
        """Automatic Status Back, byte by byte, with flow control inside the packet."""
        if self._model.speaks_unasked:
            packet = self._faults().status_back()
            self._say(packet[:1], XOFF, packet[1:3], XON, packet[3:])

    def _say(self, *parts: bytes) -> None:
        with self._turn, contextlib.suppress(OSError):
            for part in parts:
                if self._client is not None:
                    self._client.sendall(part)
                time.sleep(PAUSE_S if len(parts) > 1 else 0)
