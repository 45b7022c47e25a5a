"""On what paper the vouchers of a sale are handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from till.ui.style import tokens
from till.ui.widgets.basics import button, spaced
from vouchers.voucher import Medium

if TYPE_CHECKING:
    from till.counter.sale import Sale
    from till.ui.look import Look

ON_PAPER = (Medium.RECEIPT, Medium.BLANK)


class MediumChoice(QWidget):
    """`chosen` carries a Medium. It is there while vouchers are sold, and not onto a card."""

    chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        spaced(row, gap=tokens.GRID)
        self._choices: dict[Medium, QPushButton] = {}
        for medium in ON_PAPER:
            made = button(look.say(f"ui_medium_{medium.value}"), "choice")
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, medium=medium: self.chosen.emit(medium))
            row.addWidget(made, 1)
            self._choices[medium] = made

    def show_sale(self, sale: Sale) -> None:
        """Mark what was chosen, else what is usual for all that is sold."""
        products = [line.product for line in sale.lines if not line.redeemed_from]
        usual = {product.medium for product in products if product.voucher_kind}
        self.setVisible(bool(usual) and sale.medium is not Medium.CARD)
        for medium, choice in self._choices.items():
            choice.setChecked({medium} == ({sale.medium} if sale.medium else usual))
