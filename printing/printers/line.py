"""The line to a printer: bytes there and back, whatever it is made of."""

from typing import Protocol


class LineBroken(Exception):
    """The line is gone. Never leaves printing.printers."""


class Line(Protocol):
    """One open connection to a printer. Every method raises LineBroken when it is gone."""

    answers: bool
    """Whether anything can come back at all (a file or a queue never answers)."""

    def send(self, data: bytes, timeout_s: float) -> int:
        """Hand over some of `data` and return how many bytes went; 0 when none did in time."""

    def receive(self, timeout_s: float) -> bytes:
        """What has come back; empty when nothing came in time."""

    def finish(self) -> None:
        """Make sure that all that was sent is on its way (a queue takes a job whole)."""

    def close(self) -> None:
        """End the connection. Never raises."""
