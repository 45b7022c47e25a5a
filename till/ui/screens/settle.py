"""Settling an incident: what the chosen way does, the reason, and an amount where one is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from sync.wire.incidents import SettlementAction
from till.ui.flows.incident_flow import Wish
from till.ui.incident_words import till_name, voucher_name
from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, label, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.keypad import AmountPad
from till.ui.widgets.reason_field import ReasonField

if TYPE_CHECKING:
    from till.counter.incidents import Case
    from till.ui.look import Look
    from vouchers.money import Money

_REASONS = ("checked", "copied", "goodwill", "repaired")


class SettleScreen(Screen):
    """`settling` carries the Wish."""

    settling = Signal(object)

    def __init__(self, look: Look, currency: str) -> None:
        super().__init__(look)
        self._case: Case | None = None
        self._action = SettlementAction.ACCEPT
        self._ready = True
        self._title, self._about = label("", "title", wrap=True), label("", "body", wrap=True)
        self._what = label("", "body", "soft", wrap=True)
        usual = [f"settle_reason_{each}" for each in _REASONS]
        self._reason = ReasonField(look, look.say("settle_reason"), usual)
        self._reason.changed.connect(self.primary_changed)
        self._pad = AmountPad(look, currency, look.say("settle_amount"))
        self._pad.changed.connect(self.primary_changed)
        self._add, self._take = self._sign("settle_add"), self._sign("settle_take")
        self._signs = QWidget()
        signs = QHBoxLayout(self._signs)
        spaced(signs, gap=tokens.GRID)
        signs.addWidget(self._add, 1)
        signs.addWidget(self._take, 1)
        words, inside = column()
        for part in (self._title, self._about, self._what, self._signs, self._reason):
            inside.addWidget(part)
        inside.addStretch(1)
        self.lay_out(look.say("ui_place_incidents"), words, self._pad)

    def begin(self, case: Case, action: SettlementAction) -> None:
        """Ask how to settle a case by one of the ways."""
        self._case, self._action = case, action
        self._title.setText(self.look.say(f"settle_{action.value}"))
        self._about.setText(voucher_name(self.look, case) if case.account else "")
        self._about.setVisible(case.account is not None)
        self._what.setText(self._explained(case))
        self._reason.clear()
        self._pad.setVisible(action is SettlementAction.ADJUST)
        self._signs.setVisible(action is SettlementAction.ADJUST)
        self._choose(self._add)
        self._pad.propose(None)
        self.set_ready(True)

    def set_ready(self, ready: bool) -> None:
        """Whether it can be settled now: not while it is under way or the line is down."""
        self._ready = ready
        self.primary_changed.emit()

    def primary(self) -> Primary:
        """Settle, with the amount where there is one."""
        amount = self._shown_amount()
        action = self._action
        enabled = self._ready and bool(self._reason.text)
        if action is SettlementAction.ADJUST and amount is None:
            return Primary(self.look.say("settle_adjust_nothing"), enabled=False, meaning=action)
        if amount is None:
            return Primary(self.look.say(f"settle_{action.value}"), enabled=enabled)
        text = self.look.say(f"settle_{action.value}_do", amount=self.look.full(amount))
        return Primary(text, enabled=enabled, meaning=action)

    def press_primary(self) -> None:
        """See primary."""
        if self._case is None or not self.primary().enabled:
            return
        booked = self._adjustment(self._pad.amount()) if self._adjusts else None
        wish = Wish(self._case, self._action, self._reason.text, booked)
        self.set_ready(False)
        self.settling.emit(wish)

    def type_key(self, sign: str) -> bool:
        """Digits go to the amount, all else to the reason."""
        if self._reason.has_keyboard or not self._adjusts or not self._pad.type_key(sign):
            self._reason.type_key(sign)
        return True

    def erase(self) -> bool:
        """Of the amount, else of the reason."""
        if self._adjusts and self._pad.typed_text:
            return self._pad.erase()
        self._reason.erase()
        return True

    @property
    def _adjusts(self) -> bool:
        return self._action is SettlementAction.ADJUST

    def _shown_amount(self) -> Money | None:
        if self._adjusts:
            return self._adjustment(self._pad.readable())
        if self._action is SettlementAction.WRITE_OFF and self._case:
            return self._case.missing
        return None

    def _adjustment(self, typed: Money | None) -> Money | None:
        if typed is None or not typed:
            return None
        return -typed if self._take.isChecked() else typed

    def _explained(self, case: Case) -> str:
        key = f"settle_{self._action.value}_what"
        if case.account is None and case.missing is None and self._adjusts:
            return self.look.say(f"{key}_unknown")
        known = case.account.balance if case.account else case.missing and -case.missing
        balance = self.look.full(known) if known else ""
        return self.look.say(key, till=till_name(self.look, case), balance=balance)

    def _sign(self, key: str) -> QPushButton:
        made = button(self.look.say(key), "choice")
        made.setCheckable(True)
        made.clicked.connect(lambda: self._choose(made))
        return made

    def _choose(self, chosen: QPushButton) -> None:
        for sign in (self._add, self._take):
            sign.setChecked(sign is chosen)
        self.primary_changed.emit()
