"""The printers of this till: how they are, and setting them up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from printing.printers import PrintResult
    from till.store.settings import PrinterSetting
    from till.ui.paper_office import Found, PrinterOffice, PrinterSeen
    from till.ui.runner import Runner
    from vouchers.errors import OperatingError
    from vouchers.people import User

PRINTERS, NETWORK = "printers", "network"
"""Workers of their own: a printer that is away keeps one waiting for seconds."""


@dataclass(frozen=True)
class Choices:
    """What can be chosen for a printer: profiles and ticket blanks, by what they are called."""

    profiles: dict[str, str]
    blanks: dict[str, str]


class PrinterFlow(QObject):
    """`listed` carries the PrinterSeen of this till, `stood` one of them and its PrinterStanding,
    `choosing` the Choices, `found` what announced itself, `tried` a PrintResult, `changed` the key
    of a sentence about what was done, `refused` an OperatingError. `rested` says that looking for
    printers, or a test page, is through, whatever came of it.
    """

    listed = Signal(object)
    stood = Signal(object, object)
    choosing = Signal(object)
    found = Signal(object)
    tried = Signal(object)
    changed = Signal(str)
    refused = Signal(object)
    rested = Signal()

    def __init__(self, office: PrinterOffice, runner: Runner, user: User) -> None:
        super().__init__()
        self._office, self._runner, self._user = office, runner, user

    def refresh(self) -> None:
        """Which there are, and how each is."""
        self._runner.run(self._office.printers, self._on_listed, self.refused.emit, on=PRINTERS)

    def offer(self) -> None:
        """What can be chosen; `choosing` follows."""
        office = self._office
        self._runner.run(
            lambda: Choices(office.profiles(), office.blanks()),
            self.choosing.emit,
            self.refused.emit,
            on=PRINTERS,
        )

    def find(self) -> None:
        """Listen for printers on the network; `found` follows after some seconds."""
        self._runner.run(self._office.find, self._on_found, self._on_failed, on=NETWORK)

    def try_out(self, setting: PrinterSetting) -> None:
        """Print a test page; `tried` follows when the printer has answered."""
        work = partial(self._office.try_out, setting)
        self._runner.run(work, self._on_tried, self._on_failed, on=NETWORK)

    def put(
        self, before: PrinterSeen | None, kinds: tuple[str, ...], setting: PrinterSetting
    ) -> None:
        """Print these kinds on it from now on."""
        work = partial(self._office.put, before, kinds, setting, self._user)
        self._change(work, "ui_printer_saved")

    def remove(self, printer: PrinterSeen) -> None:
        """Print nothing on it any more."""
        self._change(partial(self._office.remove, printer, self._user), "ui_printer_removed")

    def _change(self, work: partial[None], sentence: str) -> None:
        self._runner.run(
            work, lambda _: self.changed.emit(sentence), self.refused.emit, on=PRINTERS
        )

    def _on_listed(self, printers: list[PrinterSeen]) -> None:
        self.listed.emit(printers)
        for printer in printers:
            work = partial(self._office.standing, printer)
            told = partial(self.stood.emit, printer)
            self._runner.run(work, told, self.refused.emit, on=PRINTERS)

    def _on_found(self, found: list[Found]) -> None:
        self.rested.emit()
        self.found.emit(found)

    def _on_tried(self, result: PrintResult) -> None:
        self.rested.emit()
        self.tried.emit(result)

    def _on_failed(self, error: OperatingError) -> None:
        self.rested.emit()
        self.refused.emit(error)
