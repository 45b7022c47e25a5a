"""The rail: the places of the till, settings and sign-out at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from till.ui.style import tokens
from till.ui.widgets.badge import Badge
from till.ui.widgets.basics import button, label, picture, restyle, spaced

if TYPE_CHECKING:
    from till.ui.look import Look

PLACES = {
    "sell": "store",
    "accounts": "wallet-cards",
    "shift": "coins",
    "papers": "printer",
    "cards": "credit-card",
    "incidents": "shield-alert",
    "help": "circle-question-mark",
}
FOOT = {"settings": "settings"}

HEIGHT = 64
"""So that all places fit the lowest window there is."""


class Rail(QFrame):
    """`chosen` names the place that was tapped, `signed_out` asks to leave the till."""

    chosen = Signal(str)
    signed_out = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setFixedWidth(tokens.RAIL_WIDTH)
        self._look = look
        self._group = QButtonGroup(self)
        self._places: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        spaced(column, tokens.GRID, tokens.GRID)
        for place, icon in PLACES.items():
            column.addWidget(self._place(place, icon))
        column.addStretch(1)
        for place, icon in FOOT.items():
            column.addWidget(self._place(place, icon))
        self._badge = Badge(self._places["incidents"])
        self.show_incidents(0, wanted=False)
        self.show_cards(wanted=False)
        leave = self._button("sign_out", "log-out")
        leave.clicked.connect(self.signed_out)
        column.addWidget(leave)

    def show_place(self, place: str) -> None:
        """Mark where the cashier is, "place/part" too; places off the rail leave it on Sell."""
        here = place.partition("/")[0]
        self._places.get(here, self._places["sell"]).setChecked(True)

    def show_incidents(self, count: int, *, wanted: bool) -> None:
        """How many wait for a supervisor; with none, the place is there only where `wanted`."""
        self._badge.show_count(count)
        self._places["incidents"].setVisible(wanted or count > 0)

    def show_cards(self, *, wanted: bool) -> None:
        """Only where there is a reader, or was one."""
        self._places["cards"].setVisible(wanted)

    def _place(self, place: str, icon: str) -> QPushButton:
        made = self._button(place, icon)
        made.setCheckable(True)
        made.clicked.connect(lambda: self.chosen.emit(place))
        self._group.addButton(made)
        self._places[place] = made
        return made

    def _button(self, name: str, icon: str) -> QPushButton:
        made = button("", "rail")
        words = self._look.say(f"ui_place_{name}")
        made.setAccessibleName(words)
        made.setFixedHeight(HEIGHT)
        drawn, said = picture(self._look.pixmap(icon, "ink_soft")), label(words, "rail")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(made)
        spaced(column, gap=4)
        column.setContentsMargins(0, 10, 0, 8)
        column.addWidget(drawn, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(said)
        for part in made.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        made.toggled.connect(lambda on: self._mark(drawn, said, icon, here=on))
        return made

    def _mark(self, drawn: QLabel, said: QLabel, icon: str, *, here: bool) -> None:
        drawn.setPixmap(self._look.pixmap(icon, "accent" if here else "ink_soft"))
        restyle(said, tone="accent" if here else "")
