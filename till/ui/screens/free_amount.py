"""A product whose price the visitor chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from till.ui.screens.screen import Screen, column
from till.ui.widgets.basics import label
from till.ui.widgets.basket import Primary
from till.ui.widgets.keypad import AmountPad

if TYPE_CHECKING:
    from till.ui.look import Look
    from vouchers.catalogue import Product
    from vouchers.money import Money


class FreeAmountScreen(Screen):
    """`entered` carries the Product and its amount; the rules say whether it may be."""

    entered = Signal(object, object)

    def __init__(self, look: Look, currency: str) -> None:
        super().__init__(look)
        self._product: Product | None = None
        self._pad = AmountPad(look, currency, look.say("ui_amount"))
        self._pad.changed.connect(self.primary_changed)
        self._name = label("", "title", wrap=True)
        self._limits = label("", "body", "soft", wrap=True)
        words, inside = column()
        inside.addWidget(self._name)
        inside.addWidget(self._limits)
        inside.addStretch(1)
        self.lay_out(look.say("ui_free_amount_title"), words, self._pad)

    def ask(self, product: Product) -> None:
        """Ask for the amount of one such product."""
        self._product = product
        self._name.setText(self.look.title(product))
        least, most = product.amount_min, product.amount_max
        if least is not None and most is not None:
            limits = self.look.say(
                "ui_between", least=self.look.full(least), most=self.look.full(most)
            )
            self._limits.setText(limits)
        self._pad.propose(None)

    def primary(self) -> Primary:
        """Put it into the basket."""
        amount = self._pad.readable()
        if amount is None:
            return Primary(self.look.say("ui_add_nothing"), enabled=False, meaning="add")
        return Primary(self.look.say("ui_add", amount=self.look.full(amount)), meaning="add")

    def press_primary(self) -> None:
        """See primary."""
        amount: Money | None = self._pad.amount()
        if self._product is not None and amount is not None:
            self.entered.emit(self._product, amount)

    def type_key(self, sign: str) -> bool:
        """Digits go to the amount."""
        return self._pad.type_key(sign)

    def erase(self) -> bool:
        """Of the amount."""
        return self._pad.erase()
