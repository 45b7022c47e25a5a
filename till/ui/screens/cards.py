"""Cards beside sales: what a supervisor can do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from till.ui.screens.screen import Screen, column
from till.ui.widgets.basket import Primary
from till.ui.widgets.card_views import choice_tile

if TYPE_CHECKING:
    from till.ui.look import Look

WAYS = {"make": "plus", "lost": "ban", "unlink": "undo-2", "doubts": "timer"}


class CardsScreen(Screen):
    """`chosen` carries one of WAYS, `finished` says that nobody goes on."""

    chosen = Signal(str)
    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        words, inside = column()
        for way, icon in WAYS.items():
            title, why = look.say(f"ui_cards_{way}"), look.say(f"ui_cards_{way}_why")
            tile = choice_tile(look, icon, title, why)
            tile.clicked.connect(lambda _=False, way=way: self.chosen.emit(way))
            inside.addWidget(tile)
        inside.addStretch(1)
        self.lay_out(look.say("ui_cards_title"), words)

    def primary(self) -> Primary:
        """Back to selling."""
        return Primary(self.look.say("ui_cards_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()
