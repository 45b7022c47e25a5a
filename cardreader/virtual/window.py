"""A card beside the till, as a small window: hold it to the simulated reader, take it away."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cardreader.errors import NoAnswer
from cardreader.protocols import Card
from cardreader.virtual.chip import Chip
from cardreader.virtual.kinds import desfire
from cardreader.virtual.reader import SimulatedCard, SimulatedReader

TOUCH_PX = 56
SLIPPED_MS = 1_500
UID = bytes.fromhex("04A1B2C3D4E5F6")
_COMMIT = 0xC7

_WORDS = {
    "en": ("Card", "Hold to the reader", "Take away", "Hold, and slip away in mid-load"),
    "de": ("Karte", "Auflegen", "Wegnehmen", "Auflegen und mitten im Laden abrutschen"),
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
    """One card, kept in the file `store`; `make_ready` turns a blank one into a purse."""

    def __init__(
        self,
        reader: SimulatedReader,
        store: Path,
        make_ready: Callable[[Card], object],
        language: str = "en",
    ) -> None:
        super().__init__()
        self._reader, self._make_ready = reader, make_ready
        self._chip = desfire(store, UID)
        self._ready = False
        title, hold, away, slip = _WORDS.get(language, _WORDS["en"])
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        for text, action in ((hold, self.hold), (away, self.take_away), (slip, self.slip)):
            button = QPushButton(text)
            button.setMinimumHeight(TOUCH_PX)
            button.clicked.connect(action)
            column.addWidget(button)

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

    def _tap(self, chip: Chip) -> None:
        if not self._ready:
            self._make_ready(SimulatedCard(self._chip, None, lambda: None))
            self._ready = True
        self._reader.tap(chip)
