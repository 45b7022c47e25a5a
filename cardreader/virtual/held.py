"""Holding a virtual card to a virtual reader, and taking it away at the worst moment.

The wire is vsmartcard-vpcd's: the card connects, each message is two bytes of length (big-endian)
and data; one byte 00 power off, 01 on, 02 reset, 04 "your ATR?"; anything else is an APDU.
"""

import socket
from collections.abc import Callable

from cardreader.virtual.chip import Chip
from cardreader.virtual.mishaps import Mishap, Plan

_OFF, _ON, _RESET, _ATR = b"\x00", b"\x01", b"\x02", b"\x04"


class HeldCard:
    """A chip and the hand that holds it."""

    def __init__(self, chip: Chip, port: int, report: Callable[[str], None]) -> None:
        self._chip = chip
        self._port = port
        self._report = report
        self._plan: Plan | None = None
        self._exchanges = 0
        self.socket: socket.socket | None = None

    def plan(self, plan: Plan | None) -> None:
        """Let a mishap happen at a later exchange, once."""
        self._plan = plan

    def tap(self) -> None:
        """Hold the card to the reader; it starts without power."""
        self.pull()
        self._exchanges = 0
        self._chip.power()
        self.socket = socket.create_connection(("127.0.0.1", self._port), timeout=5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._report("tapped")

    def pull(self) -> None:
        """Take the card away; without power it forgets its session."""
        if self.socket is None:
            return
        self.socket.close()
        self.socket = None
        self._chip.power()
        self._report(f"pulled {self._exchanges}")

    def serve(self) -> None:
        """Answer the one message that is waiting."""
        message = self._receive()
        if message is None:
            self.pull()
        elif message == _ATR:
            self._send(self._chip.atr)
        elif message in (_OFF, _ON, _RESET):
            self._chip.power()
        else:
            self._exchange(message)

    def _exchange(self, apdu: bytes) -> None:
        self._exchanges += 1
        plan = self._plan if self._plan and self._plan.at == self._exchanges else None
        if plan is None:
            self._send(self._chip.exchange(apdu))
            return
        self._plan = None
        if plan.mishap is Mishap.PULL_AFTER:
            self._chip.exchange(apdu)
        if plan.mishap is not Mishap.HANG:
            self.pull()

    def _send(self, data: bytes) -> None:
        if self.socket is not None:
            self.socket.sendall(len(data).to_bytes(2, "big") + data)

    def _receive(self) -> bytes | None:
        head = self._read(2)
        return self._read(int.from_bytes(head, "big")) if head else None

    def _read(self, count: int) -> bytes | None:
        data = b""
        while len(data) < count:
            if self.socket is None:
                return None
            # Without it the kernel holds acknowledgements back and an exchange takes 44 ms.
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            try:
                more = self.socket.recv(count - len(data))
            except OSError:
                return None
            if not more:
                return None
            data += more
        return data
