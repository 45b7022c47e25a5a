"""The status bar: the line to the server, what waits, the printer, who is here, the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from till.ui.session import Level
from till.ui.style import tokens
from till.ui.widgets.basics import empty, frame, label, picture, spaced

if TYPE_CHECKING:
    from till.ui.flows.status_watch import Standing
    from till.ui.look import Look

_PRINTER_ICON = {
    Level.ACCEPTED: "printer",
    Level.ATTENTION: "triangle-alert",
    Level.REFUSED: "circle-x",
}


class StatusBar(QFrame):
    """Draws a Standing; every state has an icon and words beside its colour."""

    def __init__(self, look: Look, cashier: str) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "status")
        self.setFixedHeight(tokens.STATUS_HEIGHT)
        self._states = QHBoxLayout()
        spaced(self._states, gap=tokens.GRID)
        self._clock = label("", "small")
        row = QHBoxLayout(self)
        spaced(row)
        row.setContentsMargins(tokens.GAP, 0, tokens.GAP, 0)
        row.addLayout(self._states)
        row.addStretch(1)
        row.addWidget(picture(look.pixmap("user-round", "ink_soft", tokens.ICON_SMALL)))
        row.addWidget(label(cashier, "small"))
        row.addWidget(self._clock)
        self._timer = QTimer(self, interval=1_000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._tick()

    def show_standing(self, standing: Standing) -> None:
        """Draw how the till stands."""
        empty(self._states)
        status, say = standing.status, self._look.say
        if status.online:
            self._add("wifi", "accepted", say("ui_online"))
        else:
            self._add("wifi-off", "attention", say("ui_offline_since", since=status.since))
            left = self._look.full(status.still_offline)
            self._add("", "attention", say("ui_still_offline", left=left))
        waiting = "attention" if status.waiting else ""
        self._add("cloud-upload", waiting, say("ui_waiting", count=status.waiting))
        if status.parked:
            self._add("triangle-alert", "refused", say("ui_parked", count=status.parked))
        printer = standing.printer
        tone = "" if printer.level is Level.ACCEPTED else printer.level.value
        self._add(_PRINTER_ICON[printer.level], tone, printer.text)

    def _add(self, icon: str, tone: str, text: str) -> None:
        self._states.addWidget(self._chip(icon, tone, text))

    def _chip(self, icon: str, tone: str, text: str) -> QWidget:
        chip = frame("chip", tone)
        chip.setFixedHeight(32)
        row = QHBoxLayout(chip)
        spaced(row, gap=6)
        row.setContentsMargins(10, 0, 10, 0)
        if icon:
            colour = tone or "ink_soft"
            row.addWidget(picture(self._look.pixmap(icon, colour, 18)))
        row.addWidget(label(text, "small", tone))
        return chip

    def _tick(self) -> None:
        self._clock.setText(self._look.texts.show(datetime.now(UTC)))
