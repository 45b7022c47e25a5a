"""How evenly a window lives."""

import time

from PySide6.QtCore import QElapsedTimer, QTimer

PAUSE_MAX_MS = 50


class Pulse:
    """Measures the longest pause of the event loop, and how much of any the window itself took."""

    def __init__(self) -> None:
        self.longest_ms = 0
        self.longest_own_ms = 0
        self._own_ns = time.thread_time_ns()
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def stop(self) -> int:
        """Measure no further; the longest pause in milliseconds."""
        self._timer.stop()
        return self.longest_ms

    def _beat(self) -> None:
        self.longest_ms = max(self.longest_ms, self._clock.restart())
        own_ns = time.thread_time_ns()
        self.longest_own_ms = max(self.longest_own_ms, (own_ns - self._own_ns) // 1_000_000)
        self._own_ns = own_ns
