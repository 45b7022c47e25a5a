"""Making cards in series: how many of which kind, then one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, label, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.keypad import Keypad

if TYPE_CHECKING:
    from datetime import datetime

    from till.counter.card_touched import MadeCard
    from till.ui.look import Look

COUNT_MAX = 999
LIST_SHOWN = 12


class CardSeriesScreen(Screen):
    """`begun` says that cards are made from now on, `finished` that no more are."""

    begun = Signal()
    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._count = 0
        self._made: dict[str, MadeCard] = {}
        self._running = False
        self._kinds = QWidget()
        self._purse, self._key = self._kind("ui_series_purse"), self._kind("ui_series_key")
        kinds = QHBoxLayout(self._kinds)
        spaced(kinds, gap=tokens.GRID)
        for each in (self._purse, self._key):
            kinds.addWidget(each, 1)
        self._asked, self._now = label("", "title", wrap=True), label("", "title", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(tokens.GRID)
        self._list = QVBoxLayout()
        spaced(self._list, gap=4)
        self._pad = Keypad(look)
        self._pad.typed.connect(self.type_key)
        self._pad.erased.connect(self.erase)
        words, inside = column()
        for part in (self._kinds, self._asked, self._now, self._bar):
            inside.addWidget(part)
        inside.addLayout(self._list)
        inside.addStretch(1)
        self.lay_out(look.say("ui_cards_make"), words, self._pad)

    @property
    def makes_keys(self) -> bool:
        """Whether key cards are made, not purses."""
        return self._key.isChecked()

    def ask(self) -> None:
        """Ask for a new series."""
        self._count, self._made, self._running = 0, {}, False
        self._choose(self._purse)
        empty(self._list)
        self._draw()

    def show_earlier(self, made: list[tuple[str, datetime]]) -> None:
        """The cards that were made here before, while nothing is made."""
        if self._running or not made:
            return
        empty(self._list)
        self._list.addWidget(label(self.look.say("ui_series_earlier"), "strong"))
        for last4, at in made[:LIST_SHOWN]:
            day = self.look.texts.day(at)
            said = self.look.say("ui_series_earlier_one", last4=last4, day=day, time=at)
            self._list.addWidget(label(said))

    def show_working(self) -> None:
        """A card is being made."""
        self._now.setText(self.look.say("ui_series_working"))

    def show_made(self, card: MadeCard) -> None:
        """One more is ready; the same one again counts once."""
        again = card.uid in self._made
        self._made[card.uid] = card
        key = "ui_series_again" if again else "ui_series_one"
        self._draw()
        if self._running:
            self._now.setText(self.look.say(key, last4=card.last4))

    def show_trouble(self) -> None:
        """It did not work with this one; the next one may."""
        self._now.setText(self.look.say("ui_series_hold"))

    def primary(self) -> Primary:
        """Begin, or end."""
        if self._running or self._made:
            return Primary(self.look.say("ui_series_finish"))
        text = self.look.say("ui_series_start", count=self._count)
        return Primary(text, enabled=self._count > 0)

    def press_primary(self) -> None:
        """See primary."""
        if self._running or self._made:
            self._running = False
            self.finished.emit()
        elif self._count:
            self._running = True
            empty(self._list)
            self._draw()
            self._now.setText(self.look.say("ui_series_hold"))
            self.begun.emit()

    def type_key(self, sign: str) -> bool:
        """Digits are the number of cards."""
        if self._running or self._made or not sign.isdigit():
            return False
        if self._count * 10 + int(sign) <= COUNT_MAX:
            self._count = self._count * 10 + int(sign)
        self._draw()
        return True

    def erase(self) -> bool:
        """Of the number."""
        if self._running or self._made:
            return False
        self._count //= 10
        self._draw()
        return True

    def _draw(self) -> None:
        made, asking = len(self._made), not self._running and not self._made
        self._pad.setVisible(asking)
        self._kinds.setVisible(asking)
        self._now.setVisible(not asking)
        self._bar.setVisible(not asking)
        if asking:
            self._asked.setText(f"{self.look.say('ui_series_count')} {self._count or ''}")
        else:
            progress = self.look.say("ui_series_progress", made=made, count=self._count)
            self._asked.setText(progress)
            self._bar.setRange(0, self._count)
            self._bar.setValue(made)
            self._show_list()
        if made and made >= self._count:
            self._running = False
            self._now.setText(self.look.say("ui_series_all", count=self._count))
        self.primary_changed.emit()

    def _show_list(self) -> None:
        empty(self._list)
        if self._made:
            self._list.addWidget(label(self.look.say("ui_series_list"), "strong"))
        for card in list(self._made.values())[: -LIST_SHOWN - 1 : -1]:
            self._list.addWidget(label(f"\u2026{card.last4}"))

    def _kind(self, key: str) -> QPushButton:
        made = button(self.look.say(key), "choice")
        made.setCheckable(True)
        made.clicked.connect(lambda: self._choose(made))
        return made

    def _choose(self, chosen: QPushButton) -> None:
        for kind in (self._purse, self._key):
            kind.setChecked(kind is chosen)
