"""A supervisor's word at the counter: amount and reason, then the PIN; for much money two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from till.ui.screens.approve import ApproveScreen
from till.ui.screens.override import OverrideScreen
from till.ui.screens.second import SecondScreen
from till.ui.stage import HOME, Stage

if TYPE_CHECKING:
    from till.ui.flows.override import Approval, Doubtful
    from till.ui.flows.voucher_flow import VoucherFlow
    from vouchers.people import User

ASK, PIN, SECOND = "override", "override/pin", "override/2nd"


class OverrideScreens(QObject):
    """Asks a supervisor about a doubtful voucher; the voucher flow takes it when they agree."""

    def __init__(self, stage: Stage, flow: VoucherFlow, people: list[User], currency: str) -> None:
        super().__init__(stage)
        self._stage, self._flow = stage, flow
        self._approval: Approval | None = None
        self._ask = OverrideScreen(stage.look, currency)
        self._pin = ApproveScreen(stage.look)
        stage.add(ASK, self._ask)
        self._second = SecondScreen(stage.look, people)
        self._first_pin = ""
        stage.add(PIN, self._pin)
        stage.add(SECOND, self._second)
        self._ask.approving.connect(self._on_approving)
        self._ask.left.connect(lambda: stage.go(HOME))
        self._pin.entered.connect(self._on_pin)
        self._pin.left.connect(lambda: stage.go(ASK))
        flow.second_wanted.connect(self._on_second_wanted)
        self._second.agreed.connect(self._on_agreed)
        self._second.left.connect(lambda: stage.go(ASK))
        stage.moved.connect(self._on_moved)

    def enter(self, doubtful: Doubtful) -> None:
        """Ask about a voucher."""
        self._stage.slot.clear()
        self._stage.field.clear()
        self._ask.begin(doubtful)
        self._stage.go(ASK)

    def _on_approving(self, approval: Approval) -> None:
        look = self._stage.look
        self._approval = approval
        amount = look.full(approval.amount)
        self._pin.ask(
            look.say("override_pin_what", amount=amount, last4=approval.doubtful.last4),
            look.say("override_pin_why", reason=approval.reason),
            look.say("override_next", amount=amount),
        )
        self._stage.slot.clear()
        self._stage.go(PIN)

    def _on_pin(self, pin: str) -> None:
        self._stage.slot.clear()
        if self._approval is not None:
            self._first_pin = pin
            self._flow.override(self._approval, pin)

    def _on_second_wanted(self, approval: Approval, first_id: str) -> None:
        self._second.begin(approval, first_id)
        self._stage.go(SECOND)

    def _on_agreed(self, approval: Approval, second: User, pin: str) -> None:
        self._stage.slot.clear()
        self._flow.agree(approval, self._first_pin, second, pin)

    def _on_moved(self, place: str) -> None:
        if place not in (PIN, SECOND):
            self._first_pin = ""
