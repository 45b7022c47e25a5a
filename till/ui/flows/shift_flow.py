"""Opening, watching and closing the shift."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.ui.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.counter.counter import Counter
    from till.counter.shift import Shifts
    from till.counter.shift_figures import ShiftFigures
    from vouchers.money import Money
    from vouchers.people import User


class ShiftFlow(QObject):
    """`figures` carries ShiftFigures or None, `closed` the final ones, `outside` an Outside or
    None, `said` the key of a sentence about what was printed, `refused` an error.
    """

    figures = Signal(object)
    closed = Signal(object)
    outside = Signal(object)
    said = Signal(str)
    refused = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, user: User) -> None:
        super().__init__()
        self._shifts = counter.shifts
        self._runner = runner
        self._user = user

    def refresh(self) -> None:
        """How the shift stands; `figures` follows."""
        self._runner.run(self._shifts.figures, self.figures.emit, self.refused.emit)
        self._look_outside()

    def open(self, float_: Money) -> None:
        """Start a shift with `float_` in the drawer; `figures` follows."""
        self._runner.run(
            partial(_open, self._shifts, self._user, float_), self.figures.emit, self.refused.emit
        )

    def close(self, counted: Money) -> None:
        """End the shift with the cash that was counted; `closed` follows."""
        close = partial(self._shifts.close, self._user, counted)
        self._runner.run(close, self.closed.emit, self.refused.emit)

    def report_outside(self) -> None:
        """Print the report of what was sold outside any shift; `said` and `outside` follow."""
        self._print(partial(self._shifts.report_outside, self._user))
        self._look_outside()

    def print_x(self) -> None:
        """Print how the open shift stands; `said` follows."""
        self._print(partial(self._shifts.print_x, self._user))

    def reprint_z(self) -> None:
        """Print the last Z report again, as a copy; `said` follows."""
        self._print(partial(self._shifts.reprint_z, self._user))

    def _look_outside(self) -> None:
        self._runner.run(self._shifts.outside, self.outside.emit, self.refused.emit)

    def _print(self, work: Callable[[], object]) -> None:
        self._runner.run(work, lambda _: self.said.emit("ui_report_printed"), self.refused.emit)


def _open(shifts: Shifts, user: User, float_: Money) -> ShiftFigures | None:
    shifts.open(user, float_)
    return shifts.figures()
