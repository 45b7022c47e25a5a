"""Cards beside the till, as a small window: hold one to the simulated reader, take it away."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cardreader.errors import NoAnswer
from cardreader.protocols import Card, CardSeen, CardTaken, ReaderEvent
from cardreader.virtual.chip import Chip
from cardreader.virtual.kinds import desfire
from cardreader.virtual.reader import SimulatedCard, SimulatedReader

TOUCH_PX = 56
SLIPPED_MS = 1_500
PURSE_UID, BLANK_UID = bytes.fromhex("04A1B2C3D4E5F6"), bytes.fromhex("04A1B2C3D4E5F7")
_COMMIT = 0xC7

_WORDS = {
    "en": {
        "title": "Cards to try",
        "purse": "Purse card",
        "key": "Blank card",
        "hold": "Hold to the reader",
        "away": "Take away",
        "slip": "Hold, and slip away in mid-load",
        "there": "The card lies on the reader.",
        "gone": "The reader is empty.",
    },
    "de": {
        "title": "Karten zum Probieren",
        "purse": "Wertkarte",
        "key": "Leere Karte",
        "hold": "Auflegen",
        "away": "Wegnehmen",
        "slip": "Auflegen und mitten im Laden abrutschen",
        "there": "Die Karte liegt auf dem Leser.",
        "gone": "Der Leser ist leer.",
    },
}


class SlippingChip:
    """Obeys the next Commit, and is gone before its answer arrives: the worst moment there is."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self.atr = chip.atr

    def power(self) -> None:
        """As the chip does."""
        self._chip.power()

    def exchange(self, apdu: bytes) -> bytes:
        """As the chip does, up to the Commit. Raises NoAnswer."""
        answer = self._chip.exchange(apdu)
        if apdu[1] == _COMMIT:
            raise NoAnswer("slipped")
        return answer


class CardWindow(QWidget):
    """Two cards, kept in files beside `store`; `make_ready` turns the first into a purse."""

    def __init__(
        self,
        reader: SimulatedReader,
        store: Path,
        make_ready: Callable[[Card], object],
        language: str = "en",
    ) -> None:
        super().__init__()
        self._reader, self._make_ready = reader, make_ready
        self._purse = desfire(store, PURSE_UID)
        self._blank = desfire(store.with_stem(f"{store.stem}-blank"), BLANK_UID)
        self._ready = False
        self._words = words = _WORDS.get(language, _WORDS["en"])
        self.setWindowTitle(words["title"])
        self.setProperty("role", "window")  # the ground of the till's style sheet
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self._which = self._button(words["purse"]), self._button(words["key"])
        column, row = QVBoxLayout(self), QHBoxLayout()
        for which in self._which:
            which.setCheckable(True)
            which.setAutoExclusive(True)
            row.addWidget(which, 1)
        self._which[0].setChecked(True)
        column.addLayout(row)
        for name, action in (("hold", self.hold), ("away", self.take_away), ("slip", self.slip)):
            button = self._button(words[name])
            button.clicked.connect(action)
            column.addWidget(button)
        self._state = QLabel(words["gone"])
        column.addWidget(self._state)
        self._stop = reader.watch(self._on_event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Listen no more."""
        self._stop()
        super().closeEvent(event)

    def hold(self) -> None:
        """Hold the card to the reader."""
        self._tap(self._chip)

    def take_away(self) -> None:
        """Take the card away."""
        self._reader.pull()

    def slip(self) -> None:
        """Hold the card to the reader, and let it slip away in the middle of what follows."""
        self._tap(SlippingChip(self._chip))
        QTimer.singleShot(SLIPPED_MS, self._reader.pull)

    @property
    def _chip(self) -> Chip:
        return self._purse if self._which[0].isChecked() else self._blank

    def _tap(self, chip: Chip) -> None:
        if not self._ready and self._chip is self._purse:
            self._make_ready(SimulatedCard(self._purse, None, lambda: None))
            self._ready = True
        self._reader.tap(chip)

    def _on_event(self, event: ReaderEvent) -> None:
        """Only moved by this window itself, and so on its own thread."""
        if isinstance(event, CardSeen | CardTaken):
            self._state.setText(self._words["there" if isinstance(event, CardSeen) else "gone"])

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "choice")
        button.setMinimumHeight(TOUCH_PX)
        return button
