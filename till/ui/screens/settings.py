"""Settings: language and light or dark for everybody, printers and layouts for supervisors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, frame, label, spaced
from till.ui.widgets.basket import Primary

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QFrame

    from till.ui.look import Look

LANGUAGE_NAMES = {"en": "English", "de": "Deutsch"}


class SettingsScreen(Screen):
    """`language` and `colours` carry the name of what was chosen; `printers` and `layouts` ask
    for their screens, which are there where it is `supervised`.
    """

    language = Signal(str)
    colours = Signal(str)
    printers = Signal()
    layouts = Signal()
    finished = Signal()

    def __init__(self, look: Look, *, supervised: bool) -> None:
        super().__init__(look)
        left, inside = column(width_max=640)
        now = look.texts.language
        choices = [
            self._choice(name, now == code, self.language, code)
            for code, name in LANGUAGE_NAMES.items()
        ]
        inside.addWidget(self._card("ui_language", choices))
        shades = [
            self._choice(look.say(f"ui_{shade}"), look.colours.name == shade, self.colours, shade)
            for shade in ("light", "dark")
        ]
        inside.addWidget(self._card("ui_colours", shades))
        if supervised:
            ways = {"ui_printers": self.printers, "ui_layouts": self.layouts}
            inside.addWidget(self._card("ui_paper_settings", self._ways(ways)))
        inside.addStretch(1)
        self.lay_out(look.say("ui_settings"), left)

    def primary(self) -> Primary:
        """Back to selling."""
        return Primary(self.look.say("ui_settings_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()

    def _card(self, title: str, choices: list[QPushButton]) -> QFrame:
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN)
        inside.addWidget(label(self.look.say(title), "strong"))
        row = QHBoxLayout()
        spaced(row, gap=tokens.GRID)
        for choice in choices:
            row.addWidget(choice, 1)
        inside.addLayout(row)
        return card

    def _ways(self, ways: dict[str, SignalInstance]) -> list[QPushButton]:
        made = [button(self.look.say(key), "step") for key in ways]
        for way, wanted in zip(made, ways.values(), strict=True):
            way.clicked.connect(lambda _=False, wanted=wanted: wanted.emit())
        return made

    def _choice(self, text: str, chosen: bool, wanted: SignalInstance, value: str) -> QPushButton:
        made = button(text, "choice")
        made.setCheckable(True)
        made.setChecked(chosen)
        made.clicked.connect(lambda: wanted.emit(value))
        return made
