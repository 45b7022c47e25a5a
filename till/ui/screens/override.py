"""A voucher that only a supervisor may let pass: how much of it, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from till.ui.flows.override import Approval
from till.ui.screens.screen import Screen, column
from till.ui.widgets.basics import label
from till.ui.widgets.basket import Primary
from till.ui.widgets.keypad import AmountPad
from till.ui.widgets.reason_field import ReasonField

if TYPE_CHECKING:
    from till.ui.flows.override import Doubtful
    from till.ui.look import Look

_REASONS = ("known", "receipt", "expired")


class OverrideScreen(Screen):
    """`approving` carries the Approval that a supervisor is asked for."""

    approving = Signal(object)

    def __init__(self, look: Look, currency: str) -> None:
        super().__init__(look)
        self._doubtful: Doubtful | None = None
        self._voucher = label("", "title", wrap=True)
        usual = [f"override_reason_{each}" for each in _REASONS]
        self._reason = ReasonField(look, look.say("override_reason"), usual)
        self._reason.changed.connect(self.primary_changed)
        self._pad = AmountPad(look, currency, look.say("override_amount"))
        self._pad.changed.connect(self.primary_changed)
        words, inside = column()
        inside.addWidget(self._voucher)
        inside.addWidget(label(look.say("override_what"), "body", "soft", wrap=True))
        inside.addWidget(self._reason)
        inside.addStretch(1)
        self.lay_out(look.say("override_title"), words, self._pad)

    def begin(self, doubtful: Doubtful) -> None:
        """Ask about one voucher; a service voucher goes in whole."""
        self._doubtful = doubtful
        self._voucher.setText(self.look.say("ui_voucher_row", last4=doubtful.last4))
        self._reason.clear()
        self._pad.setVisible(doubtful.in_whole is None)
        self._pad.propose(doubtful.in_whole or doubtful.wanted)

    def primary(self) -> Primary:
        """Go on to the supervisor's PIN."""
        amount = self._pad.readable()
        if not amount:
            return Primary(self.look.say("override_next_nothing"), enabled=False, meaning="next")
        text = self.look.say("override_next", amount=self.look.full(amount))
        return Primary(text, enabled=bool(self._reason.text), meaning="next")

    def press_primary(self) -> None:
        """See primary."""
        amount = self._pad.amount()
        if self._doubtful is not None and amount and self._reason.text:
            self.approving.emit(Approval(self._doubtful, amount, self._reason.text))

    def type_key(self, sign: str) -> bool:
        """Digits go to the amount, all else to the reason."""
        amount = not self._pad.isHidden() and not self._reason.has_keyboard
        if not amount or not self._pad.type_key(sign):
            self._reason.type_key(sign)
        return True

    def erase(self) -> bool:
        """Of the amount, else of the reason."""
        if not self._pad.isHidden() and self._pad.typed_text:
            return self._pad.erase()
        self._reason.erase()
        return True
