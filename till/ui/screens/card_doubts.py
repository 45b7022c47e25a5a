"""What waits for cards to be seen again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import empty, frame, label, spaced
from till.ui.widgets.basket import Primary
from vouchers.money import Money

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame

    from till.counter.card_touched import CardDoubt
    from till.ui.look import Look


class CardDoubtsScreen(Screen):
    """`finished` says that nobody reads on."""

    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        words, self._inside = column()
        self.lay_out(look.say("ui_cards_doubts"), words)

    def show_doubts(self, doubts: list[CardDoubt]) -> None:
        """Draw them, oldest first."""
        empty(self._inside)
        if not doubts:
            self._inside.addWidget(label(self.look.say("ui_cards_doubts_none"), wrap=True))
        for doubt in doubts:
            self._inside.addWidget(self._card(doubt))
        if doubts:
            how = label(self.look.say("ui_cards_doubts_how"), "body", "soft", wrap=True)
            self._inside.addWidget(how)
        self._inside.addStretch(1)

    def primary(self) -> Primary:
        """Back to the cards."""
        return Primary(self.look.say("ui_cards_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()

    def _card(self, doubt: CardDoubt) -> QFrame:
        kind = "owed" if doubt.owed else "load" if doubt.amount.minor > 0 else "pay"
        said = self.look.say(
            f"ui_cards_doubt_{kind}",
            last4=doubt.last4,
            amount=self.look.full(Money(abs(doubt.amount.minor), doubt.amount.currency)),
            day=self.look.texts.day(doubt.since),
            time=doubt.since,
        )
        card = frame("message", "attention")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.GAP, tokens.GRID)
        inside.addWidget(label(said, wrap=True))
        return card
