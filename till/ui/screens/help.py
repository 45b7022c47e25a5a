"""Help: the few things worth knowing, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import frame, label, picture, spaced
from till.ui.widgets.basket import Primary

if TYPE_CHECKING:
    from till.ui.look import Look

TOPICS = {
    "scan": "scan-barcode",
    "redeem": "gift",
    "pay": "banknote",
    "offline": "wifi-off",
    "printer": "printer",
    "keys": "receipt-text",
}


class HelpScreen(Screen):
    """A card for each topic."""

    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        left, left_inside = column()
        right, right_inside = column()
        for index, (topic, icon) in enumerate(TOPICS.items()):
            (right_inside if index % 2 else left_inside).addWidget(self._card(topic, icon))
        left_inside.addStretch(1)
        right_inside.addStretch(1)
        both = QWidget()
        row = QHBoxLayout(both)
        spaced(row)
        row.addWidget(left, 1)
        row.addWidget(right, 1)
        self.lay_out(look.say("ui_help"), both)

    def primary(self) -> Primary:
        """Back to selling."""
        return Primary(self.look.say("ui_help_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()

    def _card(self, topic: str, icon: str) -> QWidget:
        card = frame("card")
        row = QHBoxLayout(card)
        spaced(row, tokens.GAP)
        drawn = picture(self.look.pixmap(icon, "accent"))
        row.addWidget(drawn, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        spaced(words, gap=4)
        words.addWidget(label(self.look.say(f"ui_help_{topic}"), "strong", wrap=True))
        words.addWidget(label(self.look.say(f"ui_help_{topic}_text"), "secondary", wrap=True))
        row.addLayout(words, 1)
        return card
