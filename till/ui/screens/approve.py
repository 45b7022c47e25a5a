"""A supervisor's word: the PIN that lets a cashier in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import label, picture
from till.ui.widgets.basket import Primary
from till.ui.widgets.keypad import PinPad

if TYPE_CHECKING:
    from till.ui.look import Look


class ApproveScreen(Screen):
    """`entered` carries the PIN that was typed."""

    entered = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._what = label("", "title", wrap=True)
        self._why = label("", "body", "soft", wrap=True)
        self._do = ""
        self._pad = PinPad(look)
        self._pad.changed.connect(self.primary_changed)
        words, inside = column()
        shield = picture(look.pixmap("shield-check", "accent", tokens.ICON_LARGE))
        inside.addWidget(shield, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._what)
        inside.addWidget(self._why)
        inside.addStretch(1)
        self.lay_out(look.say("ui_approve_title"), words, self._pad)

    def ask(self, what: str, why: str, do: str) -> None:
        """Ask for a PIN: for what, why, and what the button says."""
        self._what.setText(what)
        self._why.setText(why)
        self._do = do
        self.clear()

    def clear(self) -> None:
        """Forget the PIN."""
        self._pad.clear()

    def primary(self) -> Primary:
        """Ask."""
        return Primary(self._do, enabled=bool(self._pad.pin))

    def press_primary(self) -> None:
        """See primary."""
        pin = self._pad.pin
        self._pad.clear()
        if pin:
            self.entered.emit(pin)

    def type_key(self, sign: str) -> bool:
        """Digits are the PIN."""
        return self._pad.type_key(sign)

    def erase(self) -> bool:
        """Of the PIN."""
        return self._pad.erase()
