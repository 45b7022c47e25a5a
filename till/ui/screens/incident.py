"""One incident: what it is about, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout

from till.ui.incident_words import actions
from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, scrolling, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.incident_views import facts_card, story_card
from till.ui.widgets.message_panel import message_panel

if TYPE_CHECKING:
    from sync.wire.incidents import SettlementAction
    from till.counter.incidents import Case
    from till.ui.look import Look, Message
    from vouchers.people import User

_ACROSS = 2
ICONS = {
    "write_off": "check",
    "adjust": "coins",
    "block": "ban",
    "unblock": "undo-2",
    "reenrol": "store",
    "accept": "circle-check",
}


class IncidentScreen(Screen):
    """`chosen` carries the Case and the SettlementAction that was tapped."""

    chosen = Signal(object, object)
    finished = Signal()

    def __init__(self, look: Look, people: list[User]) -> None:
        super().__init__(look)
        self._names = {user.user_id: user.name for user in people}
        self._offline: Message | None = None
        self._case: Case | None = None
        words, self._inside = column()
        self._actions = QGridLayout()
        spaced(self._actions, gap=tokens.GRID)
        page = QVBoxLayout(self)
        spaced(page)
        page.addLayout(self.header(look.say("ui_place_incidents")))
        page.addWidget(scrolling(words), 1)
        page.addLayout(self._actions)

    def show_case(self, case: Case) -> None:
        """Draw one incident in full."""
        self._case = case
        empty(self._inside)
        self._inside.addWidget(story_card(self.look, case))
        self._inside.addWidget(facts_card(self.look, case, self._names))
        self._inside.addStretch(1)
        self._show_actions()

    def show_line(self, offline: Message | None) -> None:
        """Why nothing can be settled now; None while it can."""
        if offline != self._offline:
            self._offline = offline
            self._show_actions()

    def primary(self) -> Primary:
        """Leave it open."""
        return Primary(self.look.say("incidents_back"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()

    def _show_actions(self) -> None:
        empty(self._actions)
        if self._case is None:
            return
        if self._offline is not None:
            panel = message_panel(self.look, self._offline)
            self._actions.addWidget(panel, 0, 0, 1, _ACROSS)
            return
        for index, action in enumerate(actions(self._case)):
            self._actions.addWidget(self._action(self._case, action), *divmod(index, _ACROSS))

    def _action(self, case: Case, action: SettlementAction) -> QPushButton:
        icon = self.look.icon(ICONS[action.value])
        made = button(self.look.say(f"settle_{action.value}"), "choice", icon)
        made.clicked.connect(lambda: self.chosen.emit(case, action))
        return made
