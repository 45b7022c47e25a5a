"""What waits for a supervisor, and what the venue has at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sync.wire.booking import Standing
from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, figure, frame, label, picture, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.facts import facts
from till.ui.widgets.incident_views import incident_tile, parked_card

if TYPE_CHECKING:
    from sync.wire.incidents import Exposure
    from till.counter.incidents import Case
    from till.ui.flows.incident_flow import Stake
    from till.ui.look import Look
    from vouchers.money import Money

SHOWN_MAX = 30
"""More at once would take long to draw, and nobody settles more before the list is new."""


class IncidentsScreen(Screen):
    """`chosen` carries the Case that was tapped, `summed` the Standing whose sum was, `finished`
    says that nobody reads on.
    """

    chosen = Signal(object)
    summed = Signal(object)
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
            exposure = stake.exposure
            sums = [self._sum(standing, amount) for standing, amount in _sums(exposure)]
            self._stake.addWidget(self._stake_card([*sums, self._outage(exposure)]))
        if stake.parked:
            self._stake.addWidget(parked_card(self.look, stake.parked))

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

    def _sum(self, standing: Standing, amount: Money) -> QPushButton:
        """A sum to tap on, for what it consists of."""
        tile = button("", "tile")
        tile.setMinimumHeight(tokens.TOUCH)
        name = self.look.say(f"exposure_{standing.value}")
        tile.setAccessibleName(name)
        row = QHBoxLayout(tile)
        spaced(row, tokens.GAP, tokens.GAP)
        row.addWidget(label(name, wrap=True), 1)
        row.addWidget(figure(self.look.full(amount)))
        for part in tile.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        tile.clicked.connect(lambda: self.summed.emit(standing))
        tile.setEnabled(bool(amount))
        return tile

    def _outage(self, told: Exposure) -> QWidget:
        """What an outage can cost, and at which tills."""
        full, say = self.look.full, self.look.say
        rows = {"exposure_one_code": full(told.one_code), "exposure_worst": full(told.worst_outage)}
        if told.named:
            shut_out = say("exposure_shut_out")
            names = [f"{t.name} ({shut_out})" if t.shut_out else t.name for t in told.named]
            rows["exposure_tills"] = ", ".join(names)
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


def _sums(told: Exposure) -> list[tuple[Standing, Money]]:
    return [
        (Standing.OWED, told.outstanding),
        (Standing.HELD, told.held),
        (Standing.OVERDRAWN, told.overdrawn),
    ]
