"""The status bar: the line to the server, what waits, the printer, who is here, the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout

from till.ui.session import Level
from till.ui.style import tokens
from till.ui.widgets.basics import empty, label, picture, spaced
from till.ui.widgets.status_chip import StatusChip

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from till.counter.counter import Status
    from till.ui.flows.status_watch import Standing
    from till.ui.look import Look
    from vouchers.errors import Sentence

_PRINTER_ICON = {
    Level.ACCEPTED: "printer",
    Level.ATTENTION: "triangle-alert",
    Level.REFUSED: "circle-x",
}
SKEW_SHOWN_MS = 60_000
"""Less than a minute neither misleads a cashier nor moves the end of a voucher."""


class StatusBar(QFrame):
    """Draws a Standing; every state has an icon and words beside its colour.

    Where not all words find room, the least urgent ones are shortened first.
    """

    def __init__(self, look: Look, cashier: str) -> None:
        super().__init__()
        self._look = look
        self._standing: Standing | None = None
        self._chips: list[StatusChip] = []
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
        person = picture(look.pixmap("user-round", "ink_soft", tokens.ICON_SMALL))
        self._always = [person, label(cashier, "small"), self._clock]
        for widget in self._always:
            row.addWidget(widget)
        self._timer = QTimer(self, interval=1_000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._tick()

    def show_standing(self, standing: Standing) -> None:
        """Draw how the till stands, unless it stands as it did."""
        if standing != self._standing:
            self._standing = standing
            self._draw(standing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room or less: other words."""
        super().resizeEvent(event)
        if self._standing is not None and event.oldSize().width() != event.size().width():
            self._draw(self._standing)

    def _draw(self, standing: Standing) -> None:
        empty(self._states)
        self._chips = []
        status, printer = standing.status, standing.printer
        self._add_line(status)
        if standing.loading is not None:
            self._add_loading(*standing.loading)
        tone = "attention" if status.waiting else ""
        waiting = self._look.say("ui_waiting", count=status.waiting)
        self._add("cloud-upload", tone, waiting, str(status.waiting))
        if status.parked:
            parked = self._look.say("ui_parked", count=status.parked)
            self._add("triangle-alert", "refused", parked, str(status.parked))
        if status.incidents:
            self._add_incidents(status.incidents)
        tone = "" if printer.level is Level.ACCEPTED else printer.level.value
        quiet = [""] if printer.level is Level.ACCEPTED else []
        self._add(_PRINTER_ICON[printer.level], tone, printer.text, *quiet)
        if (reader := standing.reader) is not None:
            ready = reader.level is Level.ACCEPTED
            self._add("credit-card", "" if ready else reader.level.value, reader.text, "")
        if abs(status.clock_skew_ms) > SKEW_SHOWN_MS:
            self._add_skew(status.clock_skew_ms)
        if status.cause is not None and not status.online:
            self._add_cause(status.cause)
        self._fit()

    def _add_line(self, status: Status) -> None:
        if status.revoked:
            self._add("circle-x", "refused", self._look.say("ui_shut_out"))
            return
        if status.online:
            self._add("wifi", "accepted", self._look.say("ui_online"))
            return
        self._add("wifi-off", "attention", self._look.say("ui_offline_since", since=status.since))
        left = self._look.full(status.still_offline)
        self._add("", "attention", self._look.say("ui_still_offline", left=left), left)

    def _add_loading(self, done: int, total: int) -> None:
        say, number = self._look.say, self._look.texts.number
        if total < done or not total:
            self._add("timer", "attention", say("ui_loading_unknown"), say("ui_loading_shortest"))
            return
        text = say("ui_loading", done=number(done), total=number(total))
        short = say("ui_loading_short", percent=100 * done // total)
        self._add("timer", "attention", text, short)

    def _add_incidents(self, count: int) -> None:
        key = "ui_incident_one" if count == 1 else "ui_incidents"
        self._add("shield-alert", "attention", self._look.say(key, count=count), str(count))

    def _add_skew(self, skew_ms: int) -> None:
        key = "ui_clock_ahead" if skew_ms > 0 else "ui_clock_behind"
        time = self._look.texts.show(timedelta(milliseconds=abs(skew_ms)))
        self._add("clock", "attention", self._look.say(key, time=time), time)

    def _add_cause(self, cause: Sentence) -> None:
        """In few words where there is room, in whole for whoever points at it."""
        self._add("", "attention", self._look.say(f"{cause.key}_short"), "")
        self._chips[-1].setToolTip(self._look.texts.show(cause))

    def _add(self, icon: str, tone: str, text: str, *shorter: str) -> None:
        chip = StatusChip(self._look, icon, tone, text, *shorter)
        self._chips.append(chip)
        self._states.addWidget(chip)

    def _fit(self) -> None:
        """Shorten from the right: what stands left is what a cashier acts on."""
        for chip in reversed(self._chips):
            while self._wanted_width() > self.width() and chip.shorten():
                pass

    def _wanted_width(self) -> int:
        chips = sum(chip.sizeHint().width() + tokens.GRID for chip in self._chips)
        always = sum(widget.sizeHint().width() + tokens.GAP for widget in self._always)
        return chips + always + 3 * tokens.GAP

    def _tick(self) -> None:
        self._clock.setText(self._look.texts.show(datetime.now(UTC)))
