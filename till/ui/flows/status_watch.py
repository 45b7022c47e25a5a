"""Keeps the status bar true: asks again at every change, and every few seconds anyway."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from till.ui.runner import STATUS, Runner

if TYPE_CHECKING:
    from till.counter.counter import Status
    from till.ui.session import Light, Session
    from vouchers.catalogue import Catalogue
    from vouchers.errors import OperatingError
    from vouchers.people import User

EVERY_MS = 5_000


@dataclass(frozen=True)
class Standing:
    """How the till stands: what the status bar shows, what is sold by now, and by whom."""

    status: Status
    catalogue: Catalogue
    people: list[User]
    printer: Light
    print_problems: list[str]
    in_trouble: frozenset[str]
    loading: tuple[int, int] | None = None
    reader: Light | None = None


class StatusWatch(QObject):
    """Emits `told` with a Standing; `failed` with the OperatingError that hid it."""

    told = Signal(object)
    failed = Signal(object)
    _changed = Signal()

    def __init__(self, session: Session, runner: Runner) -> None:
        super().__init__()
        self._session = session
        self._runner = runner
        self._asking = self._again = False
        self._changed.connect(self.refresh)
        session.on_change(self._changed.emit)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()

    def refresh(self) -> None:
        """Ask now; what changes while the answer is under way is asked once more, not queued."""
        if self._asking:
            self._again = True
            return
        self._asking = True
        self._runner.run(partial(_ask, self._session), self._on_told, self._on_failed, on=STATUS)

    def _on_told(self, standing: Standing) -> None:
        self.told.emit(standing)
        self._rest()

    def _on_failed(self, error: OperatingError) -> None:
        self.failed.emit(error)
        self._rest()

    def _rest(self) -> None:
        self._asking = False
        if self._again:
            self._again = False
            self.refresh()


def _ask(session: Session) -> Standing:
    return Standing(
        status=session.status(),
        catalogue=session.counter.catalogue(),
        people=session.counter.sign_in.users(),
        printer=session.printer(),
        print_problems=session.print_problems(),
        in_trouble=session.printers_in_trouble(),
        loading=session.loading(),
        reader=session.cards.light() if session.cards is not None else None,
    )
