"""What every screen in the wide area has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.ui.style import tokens
from till.ui.widgets.basics import button, label, scrolling, spaced
from till.ui.widgets.basket import Primary

if TYPE_CHECKING:
    from till.ui.look import Look


class Screen(QWidget):
    """A screen names its primary action and takes the keys that nobody else wants.

    `primary_changed` says that `primary()` has another answer; `left` asks to go one step back.
    """

    primary_changed = Signal()
    left = Signal()
    invitation = "ui_scan"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.heading = label("", "heading")

    def primary(self) -> Primary:
        """What the big button does here."""
        raise NotImplementedError

    def press_primary(self) -> None:
        """Do it."""
        raise NotImplementedError

    def type_key(self, sign: str) -> bool:
        """Take a typed sign; False leaves it to the scan field."""
        del sign
        return False

    def erase(self) -> bool:
        """Take the last sign back; False leaves it to the scan field."""
        return False

    def lay_out(self, title: str, words: QWidget, pad: QWidget | None = None) -> None:
        """The usual arrangement: way back, title, words that scroll if they must, and a pad."""
        row = QHBoxLayout()
        spaced(row, gap=tokens.MARGIN)
        row.addWidget(scrolling(words), 5)
        if pad is not None:
            row.addWidget(pad, 4)
        page = QVBoxLayout(self)
        spaced(page)
        page.addLayout(self.header(title))
        page.addLayout(row, 1)

    def header(self, title: str) -> QHBoxLayout:
        """The way back and the title."""
        back = button("", "icon", self.look.icon("arrow-left"))
        back.setAccessibleName(self.look.say("ui_back"))
        back.setFixedSize(tokens.TOUCH, tokens.TOUCH)
        back.clicked.connect(self.left)
        self.heading.setText(title)
        head = QHBoxLayout()
        spaced(head)
        head.addWidget(back)
        head.addWidget(self.heading, 1)
        return head


def column(*, width_max: int | None = None) -> tuple[QWidget, QVBoxLayout]:
    """A column for `lay_out`, filled from the top."""
    made = QWidget()
    if width_max is not None:
        made.setMaximumWidth(width_max)
    inside = QVBoxLayout(made)
    spaced(inside)
    return made, inside
