"""The layouts of this till, to choose one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, label, picture, spaced
from till.ui.widgets.basket import Primary

if TYPE_CHECKING:
    from collections.abc import Collection

    from till.ui.look import Look
    from till.ui.paper_office import LayoutFile

TILE_HEIGHT = 84


def origin_of(look: Look, layout: LayoutFile) -> str:
    """Where it comes from, and what it stands in place of."""
    words = look.say(f"ui_layout_from_{layout.origin}")
    if layout.hides is not None:
        words += " " + look.say(f"ui_layout_hides_{layout.hides}")
    return words


class LayoutsScreen(Screen):
    """`chosen` carries the file that was tapped, `finished` says that nobody reads on."""

    chosen = Signal(str)
    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        words, inside = column()
        self._list = QVBoxLayout()
        spaced(self._list, gap=tokens.GRID)
        inside.addWidget(label(look.say("ui_layouts_what"), "body", "soft", wrap=True))
        inside.addLayout(self._list)
        inside.addStretch(1)
        self.lay_out(look.say("ui_layouts"), words)

    def show_layouts(self, layouts: list[LayoutFile], drafts: Collection[str]) -> None:
        """Draw them; those of `drafts` hold something that is not saved."""
        empty(self._list)
        for layout in layouts:
            tile = self._tile(layout, unsaved=layout.file in drafts)
            tile.clicked.connect(partial(self.chosen.emit, layout.file))
            self._list.addWidget(tile)

    def primary(self) -> Primary:
        """Back to selling."""
        return Primary(self.look.say("ui_settings_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()

    def _tile(self, layout: LayoutFile, *, unsaved: bool) -> QPushButton:
        tile = button("", "tile")
        tile.setMinimumHeight(TILE_HEIGHT)
        tile.setAccessibleName(layout.title)
        row = QHBoxLayout(tile)
        spaced(row, tokens.GAP, tokens.GAP)
        row.addWidget(picture(self.look.pixmap("receipt-text", "ink_soft")))
        words = QVBoxLayout()
        spaced(words, gap=2)
        words.addWidget(label(layout.title, "strong", wrap=True))
        words.addWidget(label(origin_of(self.look, layout), "secondary", wrap=True))
        row.addLayout(words, 1)
        if unsaved:
            row.addWidget(label(self.look.say("ui_layout_unsaved"), "small", "attention"))
        for part in tile.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return tile
