"""A purse card that lies on the reader: what it holds, and its last movements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, frame, label, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.card_views import movements_card

if TYPE_CHECKING:
    from till.counter.card_touched import CardTouched
    from till.ui.look import Look


class CardScreen(Screen):
    """`finished` says that nobody reads on; `paper_wanted` carries the CardTouched whose balance is
    to go back onto paper.
    """

    finished = Signal()
    paper_wanted = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.seen: CardTouched | None = None
        words, self._inside = column()
        self.lay_out(look.say("ui_cards_title"), words)

    def show_card(self, touched: CardTouched) -> None:
        """Draw a card."""
        self.seen = touched
        empty(self._inside)
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN, tokens.GRID)
        inside.addWidget(label(self.look.say("ui_card_title", last4=touched.last4), "title"))
        inside.addWidget(label(self.look.say("ui_balance"), "secondary"))
        inside.addWidget(label(self.look.amount(touched.balance), "balance"))
        self._inside.addWidget(card)
        if touched.balance:
            paper = button(self.look.say("ui_paper"), "step", self.look.icon("ticket"))
            paper.clicked.connect(lambda: self.paper_wanted.emit(touched))
            self._inside.addWidget(paper)
        self._inside.addWidget(movements_card(self.look, touched.lines))
        self._inside.addStretch(1)

    def primary(self) -> Primary:
        """Back to selling."""
        return Primary(self.look.say("ui_card_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()
