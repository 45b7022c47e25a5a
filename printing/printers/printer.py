"""A receipt printer: ready or why not, and what became of a job."""

import threading
from dataclasses import dataclass, field
from typing import Protocol

from printing.outcome import OnTrouble, PrintResult
from printing.printers.answers import Status
from printing.printers.errors import PrinterUnavailable
from printing.printers.job import EscPosJob
from printing.printers.line import Line, LineBroken
from printing.printers.session import Session, Timing
from printing.profiles import Profile


class OpenJob(Protocol):
    """A printer that has been found ready. Nothing of the job has left yet."""

    paper_low: bool
    """Whether it said that its roll ends soon."""

    def print(self, data: bytes, on_trouble: OnTrouble, give_up: threading.Event) -> PrintResult:
        """Send a job and wait until it is on paper. Never raises for what the printer does.

        With paper out or the cover open it waits for as long as that lasts, or until `give_up`
        is set.
        """

    def close(self) -> None:
        """Let the next client have the printer."""


class ReceiptPrinter(Protocol):
    """A printer of this till."""

    @property
    def name(self) -> str:
        """What this till calls it."""

    @property
    def profile(self) -> Profile:
        """What is known of its model."""

    @property
    def address(self) -> "Address":
        """Where it is: equal for printers that are the same device."""

    def open(self, job_number: int) -> OpenJob:
        """Connect and make sure it would print. Raises PrinterError; then nothing was sent."""

    def status(self) -> Status:
        """How it is now. Raises PrinterError when it cannot be asked."""


class Address(Protocol):
    """How to reach a printer. A value: equal addresses are one device."""

    def open(self) -> Line:
        """Raises LineBroken."""


@dataclass(frozen=True, slots=True)
class EscPosPrinter:
    """An ESC/POS printer behind any kind of line."""

    name: str
    profile: Profile
    address: Address
    timing: Timing = field(default_factory=Timing)

    def open(self, job_number: int) -> "EscPosJob":
        """See ReceiptPrinter."""
        session = self._connect()
        try:
            found = session.check_ready()
        except BaseException:
            session.close()
            raise
        return EscPosJob(session, job_number, found)

    def status(self) -> Status:
        """See ReceiptPrinter."""
        session = self._connect()
        try:
            return session.status()
        finally:
            session.close()

    def drawer_is_open(self) -> bool | None:
        """What the drawer's sensor says; None where there is none. Raises PrinterError."""
        if self.profile.drawer_open_pin == "none":
            return None
        return self.status().drawer_pin_high == (self.profile.drawer_open_pin == "high")

    def _connect(self) -> Session:
        try:
            line = self.address.open()
        except LineBroken as error:
            raise PrinterUnavailable(self.name) from error
        return Session(self.name, self.profile, line, self.timing)
