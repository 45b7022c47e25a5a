"""What a supervisor may do, and a cashier with a supervisor's word."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vouchers.people import Role

if TYPE_CHECKING:
    from till.counter.counter import Counter
    from till.ui.runner import Runner
    from vouchers.people import User


class SupervisedFlow(QObject):
    """Open to a supervisor; a cashier gets in with a supervisor's PIN, until `close`.

    `action` is what the audit calls it. Signals carry values: `opened` nothing, `refused` an
    OperatingError, of a PIN or of anything else that is asked for.
    """

    opened = Signal()
    refused = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, user: User, action: str) -> None:
        super().__init__()
        self._counter, self._runner, self._user = counter, runner, user
        self._action = action
        self._supervisor: User | None = None
        self.close()

    @property
    def supervisor(self) -> User | None:
        """On whose word it is done; None while nobody may."""
        return self._supervisor

    def approve(self, pin: str) -> None:
        """Ask for a supervisor's word; `opened` or `refused` follows."""
        approve = partial(self._counter.sign_in.approve, self._user, pin, self._action, "")
        self._runner.run(approve, self._on_approved, self.refused.emit)

    def close(self) -> None:
        """A supervisor's word is good for one visit; a supervisor needs nobody else's."""
        self._supervisor = self._user if self._user.role is Role.SUPERVISOR else None

    def _on_approved(self, supervisor: User) -> None:
        self._supervisor = supervisor
        self.opened.emit()
