"""Python's cycle collector, kept on the UI thread.

It runs on whichever thread happens to allocate, and would destroy windows and timers there; Qt
allows that only on the thread they live on, and crashes.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000
OLDER_EVERY, OLDEST_EVERY = 10, 60
"""Every so many times the older generations too: they cost more and hold less."""


class GarbageRounds(QObject):
    """Collects every second, on the thread it was made on, until it is stopped."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._rounds = 0
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def spare_what_is_loaded(self) -> None:
        """What stands now stays until the end: looking through it again would only take time."""
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        self._rounds += 1
        oldest, older = self._rounds % OLDEST_EVERY == 0, self._rounds % OLDER_EVERY == 0
        gc.collect(2 if oldest else 1 if older else 0)
