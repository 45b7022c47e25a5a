"""Value on its way to a value card: the card is shown before anything moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import empty, frame, label, spaced
from till.ui.widgets.basket import Primary

if TYPE_CHECKING:
    from till.counter.card_touched import CardTouched
    from till.ui.look import Look
    from vouchers.money import Money


class OntoCardScreen(Screen):
    """`confirmed` carries the CardTouched that was shown, and that the value is to go onto."""

    confirmed = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._amount: Money | None = None
        self._seen: CardTouched | None = None
        self._moving = False
        words, self._inside = column()
        self.lay_out(look.say("ui_onto"), words)

    def ask(self, amount: Money) -> None:
        """Wait for the card that `amount` is to go onto."""
        self._amount = amount
        self.show_card(None)

    def show_card(self, seen: CardTouched | None) -> None:
        """The card that was held to the reader last, None where it does not do."""
        self._seen, self._moving = seen, False
        empty(self._inside)
        if self._amount is None:
            return
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN, tokens.GRID)
        if seen is None:
            hold = self.look.say("ui_onto_hold", amount=self.look.full(self._amount))
            inside.addWidget(label(hold, wrap=True))
        else:
            inside.addWidget(label(self.look.say("ui_card_title", last4=seen.last4), "title"))
            inside.addWidget(label(self.look.say("ui_onto_now"), "secondary"))
            inside.addWidget(label(self.look.amount(seen.balance), "balance"))
            inside.addWidget(label(self.look.say("ui_onto_then"), "secondary"))
            inside.addWidget(label(self.look.amount(seen.balance + self._amount), "balance"))
        self._inside.addWidget(card)
        self._inside.addStretch(1)
        self.primary_changed.emit()

    @property
    def moving(self) -> bool:
        """Whether the value is on its way."""
        return self._moving

    def primary(self) -> Primary:
        """Put it on the card that is shown."""
        if self._amount is None or self._seen is None:
            return Primary(self.look.say("ui_onto"), enabled=False)
        amount = self.look.full(self._amount)
        text = self.look.say("ui_onto_confirm", amount=amount, last4=self._seen.last4)
        return Primary(text, enabled=not self._moving)

    def press_primary(self) -> None:
        """See primary."""
        if self._seen is not None:
            self._moving = True
            self.primary_changed.emit()
            self.confirmed.emit(self._seen)
