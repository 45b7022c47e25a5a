"""Signing in: who, and the PIN. Its frame stands before anything slow is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from till.ui.look import Message
from till.ui.session import Level
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, frame, label, picture, scrolling, spaced
from till.ui.widgets.keypad import PinPad
from till.ui.widgets.message_panel import message_panel
from till.ui.widgets.tiles import person_tile

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.ui.look import Look
    from till.ui.run import Run
    from vouchers.people import User


class LoginScreen(QWidget):
    """`entered` carries the user id and the PIN, `again` asks to get the till ready once more."""

    entered = Signal(str, str)
    again = Signal()
    dismissed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._people: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._venue = label(look.say("ui_till"), "total", wrap=True)
        self._said = label(look.say("ui_getting_ready"), "body", "soft", wrap=True)
        self._tiles = QVBoxLayout()
        spaced(self._tiles, gap=12)
        self._messages = QVBoxLayout()
        self._hint = label("", "secondary", wrap=True)
        self._pad = PinPad(look)
        self._pad.changed.connect(self._on_pin)
        self._sign_in = button(look.say("ui_sign_in"), "primary")
        self._sign_in.clicked.connect(self.press_primary)
        self.dismissed.connect(self.clear_message)
        self._lay_out()
        self._on_pin()

    def show_people(self, venue: str, people: list[User], hint: str) -> None:
        """The till is ready: everybody who may sign in."""
        chosen = next((who for who, tile in self._people.items() if tile.isChecked()), "")
        empty(self._tiles)
        self._people = {}
        self._venue.setText(venue)
        self._said.setText(self._look.say("ui_who" if people else "ui_nobody"))
        self._hint.setText(hint)
        for user in people:
            tile = person_tile(self._look, user.name, user.role.value)
            tile.clicked.connect(self._pad.clear)
            self._group.addButton(tile)
            self._people[user.user_id] = tile
            self._tiles.addWidget(tile)
        self._tiles.addStretch(1)
        if people:
            first = self._people[people[0].user_id]
            self._people.get(chosen, first).setChecked(True)

    def show_problem(self, message: Message) -> None:
        """The till could not be got ready."""
        empty(self._tiles)
        self._said.setText("")
        self._tiles.addWidget(message_panel(self._look, message))
        retry = button(self._look.say("ui_try_again"), "step")
        retry.clicked.connect(self._on_again)
        self._tiles.addWidget(retry)
        self._tiles.addStretch(1)

    def show_message(self, message: Message) -> None:
        """Why nobody was signed in."""
        empty(self._messages)
        self._pad.clear()
        self._messages.addWidget(message_panel(self._look, message, self.dismissed))

    def clear_message(self) -> None:
        """Nothing to say any more."""
        empty(self._messages)

    def press_primary(self) -> None:
        """Sign in as the person whose tile is marked."""
        pin = self._pad.pin
        for user_id, tile in self._people.items():
            if tile.isChecked() and pin:
                self._pad.clear()
                self.entered.emit(user_id, pin)
                return

    def type_text(self, typed: str, run: Run) -> None:
        """Digits are the PIN, but those of a code are not."""
        if not (run.text.isascii() and run.text.isdigit()):
            run.put_back()
            return
        for sign in typed:
            self._pad.type_key(sign)

    def remember(self) -> Callable[[], None]:
        """What has been typed so far; the answer puts it back."""
        return self._pad.memento()

    def scan(self, scanned: str) -> None:
        """Nobody is here yet who could redeem it."""
        del scanned
        self.show_message(Message(Level.ATTENTION, self._look.say("ui_sign_in_first")))

    def enter(self) -> None:
        """Sign in."""
        self.press_primary()

    def erase(self) -> None:
        """Of the PIN."""
        self._pad.erase()

    def step_back(self) -> None:
        """Start again."""
        self._pad.clear()
        self.clear_message()

    def function_key(self, number: int) -> None:
        """Mark person `number`, counted from 1 like the F-keys."""
        for tile in list(self._people.values())[number - 1 : number]:
            tile.click()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMaximumSize(1040, 720)
        row = QHBoxLayout(inside)
        spaced(row, tokens.MARGIN, 2 * tokens.MARGIN)
        row.addLayout(self._people_column(), 1)
        row.addWidget(self._pin_card(), 1)
        page = QHBoxLayout(self)
        page.addWidget(inside)

    def _people_column(self) -> QVBoxLayout:
        left = QVBoxLayout()
        spaced(left)
        left.setContentsMargins(0, tokens.MARGIN, 0, tokens.MARGIN)
        mark = picture(self._look.pixmap("ticket", "accent", tokens.ICON_LARGE))
        left.addWidget(mark, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self._venue)
        left.addWidget(self._said)
        tiles = QWidget()
        tiles.setLayout(self._tiles)
        left.addWidget(scrolling(tiles), 1)
        left.addLayout(self._messages)
        left.addWidget(self._hint)
        return left

    def _pin_card(self) -> QWidget:
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN)
        inside.addWidget(self._pad, 1)
        inside.addWidget(self._sign_in)
        return card

    def _on_pin(self) -> None:
        self._sign_in.setEnabled(bool(self._pad.pin))

    def _on_again(self) -> None:
        empty(self._tiles)
        self._said.setText(self._look.say("ui_getting_ready"))
        self.again.emit()
