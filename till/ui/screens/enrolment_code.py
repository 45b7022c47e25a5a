"""The code with which a till enrols anew, large enough to be read across a counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import frame, label, spaced
from till.ui.widgets.basket import Primary

if TYPE_CHECKING:
    from till.ui.look import Look


class EnrolmentCodeScreen(Screen):
    """`finished` says that the code has been noted; it is forgotten then."""

    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._what = label("", "title", wrap=True)
        self._code = label("", "code")
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._how = label("", "body", "soft", wrap=True)
        card = frame("display")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN)
        inside.addWidget(self._code)
        words, page = column()
        page.addWidget(self._what)
        page.addWidget(card)
        page.addWidget(self._how)
        page.addStretch(1)
        self.lay_out(look.say("reenrol_title"), words)

    def show_code(self, code: str, till: str) -> None:
        """Show the code of a till."""
        self._what.setText(self.look.say("reenrol_what", till=till))
        self._code.setText(code)
        self._how.setText(self.look.say("reenrol_how", till=till))

    def forget(self) -> None:
        """The code is gone from the screen."""
        self._code.setText("")

    def primary(self) -> Primary:
        """Go on."""
        return Primary(self.look.say("reenrol_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()
