"""Four eyes: another supervisor chooses their name and types their PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout

from till.ui.screens.screen import Screen, column
from till.ui.widgets.basics import empty, label, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.keypad import PinPad
from till.ui.widgets.tiles import person_tile
from vouchers.people import Role

if TYPE_CHECKING:
    from till.ui.look import Look
    from vouchers.people import User


class SecondScreen(Screen):
    """`agreed` carries what is agreed to, the second supervisor and the PIN that was typed."""

    agreed = Signal(object, object, str)

    def __init__(self, look: Look, people: list[User]) -> None:
        super().__init__(look)
        self._supervisors = [user for user in people if user.role is Role.SUPERVISOR]
        self._what: object = None
        self._tiles: list[tuple[User, QPushButton]] = []
        self._group = QButtonGroup(self)
        self._why = label("", "body", "soft", wrap=True)
        self._list = QVBoxLayout()
        spaced(self._list, gap=12)
        self._pad = PinPad(look)
        self._pad.changed.connect(self.primary_changed)
        words, inside = column()
        inside.addWidget(label(look.say("second_what"), "title", wrap=True))
        inside.addWidget(self._why)
        inside.addLayout(self._list)
        inside.addStretch(1)
        self.lay_out(look.say("second_title"), words, self._pad)

    def begin(self, what: object, first_id: str) -> None:
        """Ask everybody but the first for their consent to `what`."""
        self._what = what
        empty(self._list)
        self._tiles = []
        for user in self._supervisors:
            if user.user_id != first_id:
                tile = person_tile(self.look, user.name, user.role.value)
                self._group.addButton(tile)
                self._list.addWidget(tile)
                self._tiles.append((user, tile))
        for _user, tile in self._tiles[:1]:
            tile.setChecked(True)
        self._why.setText(self.look.say("second_why" if self._tiles else "second_nobody"))
        self._pad.clear()

    def primary(self) -> Primary:
        """Agree."""
        enabled = bool(self._pad.pin and self._tiles)
        return Primary(self.look.say("second_agree"), enabled=enabled)

    def press_primary(self) -> None:
        """See primary."""
        pin = self._pad.pin
        chosen = [user for user, tile in self._tiles if tile.isChecked()]
        if pin and chosen and self._what is not None:
            self._pad.clear()
            self.agreed.emit(self._what, chosen[0], pin)

    def type_key(self, sign: str) -> bool:
        """Digits are the PIN."""
        return self._pad.type_key(sign)

    def erase(self) -> bool:
        """Of the PIN."""
        return self._pad.erase()
