"""Fields that are typed into: while the cursor is in one, keys go there and nowhere else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout

from till.ui.keys import TAKES_KEYS
from till.ui.style import tokens
from till.ui.widgets.basics import frame, label, spaced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QFrame, QWidget


class TextField(QLineEdit):
    """One line of text; `framed` is it with the ground it stands on."""

    def __init__(self, title: str, *, signs_max: int = 200) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setMaxLength(signs_max)
        self.setProperty(TAKES_KEYS, True)
        self.framed: QFrame = frame("scan")
        inside = QHBoxLayout(self.framed)
        inside.setContentsMargins(tokens.GAP, 2, tokens.GAP, 2)
        inside.addWidget(self)

    def memento(self) -> Callable[[], None]:
        """The way back to what stands there now."""
        return partial(self.setText, self.text())

    def type_key(self, sign: str) -> None:
        """Take a sign that was typed while the cursor was elsewhere."""
        self.end(False)
        self.insert(sign)


class DropDown(QComboBox):
    """One of several, named. `chosen` says that it is another one now."""

    chosen = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setMinimumHeight(tokens.TOUCH)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.currentIndexChanged.connect(self.chosen)

    @property
    def value(self) -> str:
        """The one that is chosen."""
        return str(self.currentData() or "")

    def offer(self, choices: Mapping[str, str], value: str) -> None:
        """Offer these, by what each is called, with `value` chosen."""
        self.blockSignals(True)
        self.clear()
        for each, called in choices.items():
            self.addItem(called, each)
        self.choose(value)
        self.blockSignals(False)

    def choose(self, value: str) -> None:
        """Choose one; one that was not offered stands there by its own name."""
        if self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(self.findData(value))


def titled(title: str, *fields: QWidget) -> QFrame:
    """Fields with their name above them."""
    ground = frame("plain")
    column = QVBoxLayout(ground)
    spaced(column, gap=tokens.GRID)
    column.addWidget(label(title, "strong", wrap=True))
    for field in fields:
        column.addWidget(field)
    return ground
