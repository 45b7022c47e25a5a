"""What waits for a supervisor, and what the venue has at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import empty, frame, label, picture, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.facts import facts
from till.ui.widgets.incident_views import incident_tile

if TYPE_CHECKING:
    from sync.wire.incidents import Exposure
    from till.counter.incidents import Case
    from till.ui.flows.incident_flow import Stake
    from till.ui.look import Look

SHOWN_MAX = 30
"""More at once would take long to draw, and nobody settles more before the list is new."""


class IncidentsScreen(Screen):
    """`chosen` carries the Case that was tapped, `finished` says that nobody reads on."""

    chosen = Signal(object)
    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        words, inside = column()
        self._stake, self._list = QVBoxLayout(), QVBoxLayout()
        for part in (self._list, self._stake):
            spaced(part, gap=tokens.GRID)
            inside.addLayout(part)
        inside.addStretch(1)
        self.lay_out(look.say("ui_place_incidents"), words)

    def clear(self) -> None:
        """Nothing is known yet."""
        empty(self._list)
        empty(self._stake)
        self._stake.addWidget(self._stake_card([label(self.look.say("exposure_loading"))]))

    def show_cases(self, cases: list[Case]) -> None:
        """Draw what is open, oldest first."""
        empty(self._list)
        if not cases:
            self._list.addWidget(self._nothing())
            return
        self._list.addWidget(label(self.look.say("incidents_waiting"), "strong"))
        for case in cases[:SHOWN_MAX]:
            tile = incident_tile(self.look, case)
            tile.clicked.connect(lambda _=False, case=case: self.chosen.emit(case))
            self._list.addWidget(tile)
        if len(cases) > SHOWN_MAX:
            more = self.look.say("incidents_more", count=len(cases) - SHOWN_MAX)
            self._list.addWidget(label(more, "body", "soft", wrap=True))

    def show_stake(self, stake: Stake) -> None:
        """Draw what the venue stands to lose."""
        empty(self._stake)
        if stake.exposure is None:
            left = self.look.full(stake.still_offline)
            words = label(self.look.say("exposure_offline", left=left), wrap=True)
            self._stake.addWidget(self._stake_card([words]))
        else:
            self._stake.addWidget(self._stake_card([self._exposure(stake.exposure)]))

    def primary(self) -> Primary:
        """Back to selling."""
        return Primary(self.look.say("incidents_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()

    def _stake_card(self, content: list[QWidget]) -> QWidget:
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN, tokens.GAP)
        inside.addWidget(label(self.look.say("exposure_title"), "strong", wrap=True))
        for part in content:
            inside.addWidget(part)
        return card

    def _exposure(self, told: Exposure) -> QWidget:
        full = self.look.full
        rows = {
            "exposure_outstanding": full(told.outstanding),
            "exposure_held": full(told.held),
            "exposure_overdrawn": full(told.overdrawn),
            "exposure_one_code": full(told.one_code),
            "exposure_worst": full(told.worst_outage),
        }
        table = QWidget()
        table.setLayout(facts(self.look, rows, tills=told.tills))
        return table

    def _nothing(self) -> QWidget:
        card = frame("message", "accepted")
        row = QHBoxLayout(card)
        spaced(row, tokens.GAP)
        row.addWidget(picture(self.look.pixmap("circle-check", "accepted")))
        words = QVBoxLayout()
        spaced(words, gap=2)
        words.addWidget(label(self.look.say("incidents_none"), "strong", "accepted", wrap=True))
        words.addWidget(label(self.look.say("incidents_none_why"), wrap=True))
        row.addLayout(words, 1)
        return card
