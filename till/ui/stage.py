"""The wide area: one screen at a time, the big button that belongs to it, and the slot below."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from till.ui.presses import Settling
from till.ui.slot import Slot
from till.ui.style import tokens
from till.ui.widgets.basics import spaced
from till.ui.widgets.scan_field import ScanField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from till.ui.look import Look, Message
    from till.ui.screens.screen import Screen
    from vouchers.errors import OperatingError

HOME = "sell"


class Stage(QWidget):
    """`moved` names the place that is shown now, `primary` carries what the big button says."""

    moved = Signal(str)
    primary = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.field = ScanField(look)
        self.slot = Slot(look)
        self._screens: dict[str, Screen] = {}
        self._stack = QStackedWidget()
        self._place = ""
        self._since = Settling()
        column = QVBoxLayout(self)
        spaced(column)
        column.setContentsMargins(tokens.MARGIN, tokens.GAP, tokens.MARGIN, tokens.GAP)
        column.addWidget(self.field)
        column.addWidget(self._stack, 1)
        column.addWidget(self.slot)

    @property
    def place(self) -> str:
        """Where the cashier is."""
        return self._place

    @property
    def settled(self) -> bool:
        """Whether people have seen what is shown there."""
        return self._since.done

    @property
    def shown(self) -> Screen:
        """What is shown there."""
        return self._screens[self._place]

    def add(self, place: str, screen: Screen) -> None:
        """Add a screen under its name."""
        self._screens[place] = screen
        self._stack.addWidget(screen)
        screen.primary_changed.connect(lambda: self._on_primary(place))

    def go(self, place: str) -> None:
        """Show another screen."""
        if place != self._place:
            self._since.restart()
        self._place = place
        self._stack.setCurrentWidget(self.shown)
        self.field.invite(self.shown.invitation)
        self.moved.emit(place)
        self._on_primary(place)

    def say(self, message: Message) -> None:
        """Say something of the sale."""
        self.slot.show_message(message)

    def refuse(self, error: OperatingError, offer: QPushButton | None = None) -> None:
        """Say what was refused, or what failed; `offer` is a button for what may help."""
        self.slot.show_message(self.look.refusal(error), offer)

    def _on_primary(self, place: str) -> None:
        if place == self._place:
            primary = self.shown.primary()
            meaning = f"{place}: {primary.meaning or primary.text}"
            self.primary.emit(replace(primary, meaning=meaning))
