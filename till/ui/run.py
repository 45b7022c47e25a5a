"""Signs that come in one go: a scanner's, or a person's who does not stop to think."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

BURST_GAP_MS = 60
"""Scanners on a cable send a sign every 1 to 30 ms; nobody types six signs in a row this fast."""

RUN_GAP_MS = 300
"""Wireless scanners take 90 to 160 ms from one sign to the next."""

SCAN_SIGNS_MIN = 6

PutBack = Callable[[], None]


def _nothing() -> None:
    pass


@dataclass
class Run:
    """The signs so far; `burst` are those at its end that came as fast as only a scanner's do.

    `waiting` are those that nobody has been given yet, because a scan may come of them; `put_back`
    takes all others back from wherever they went, `put_back_burst` those of the burst.
    """

    text: str = ""
    burst: str = ""
    waiting: str = ""
    put_back: PutBack = _nothing
    put_back_burst: PutBack = _nothing
    _last_ms: int = 0

    def add(self, sign: str, at_ms: int, remember: Callable[[], PutBack]) -> None:
        """One more; `remember` is asked for the way back before anybody is given it."""
        if not self.is_hurried(at_ms):
            self.burst, self.put_back_burst = "", remember()
        if not self.text:
            self.put_back = self.put_back_burst
        self.text += sign
        self.burst += sign
        self.waiting += sign
        self._last_ms = at_ms

    def pause_ms(self, at_ms: int) -> int:
        """How long ago the last sign came."""
        return at_ms - self._last_ms

    def goes_on(self, at_ms: int) -> bool:
        """Whether what comes now is of the same go."""
        return 0 <= self.pause_ms(at_ms) <= RUN_GAP_MS

    def is_hurried(self, at_ms: int) -> bool:
        """Whether what comes now follows a sign as fast as only scanners do it."""
        return bool(self.text) and 0 <= self.pause_ms(at_ms) <= BURST_GAP_MS

    def scanned(self, *, only_codes: bool) -> tuple[str, PutBack] | None:
        """What a scanner sent, if an end key comes now, and how to take it back.

        A whole voucher code is one however slowly it came; anything else only in a burst.
        """
        from vouchers.proof import is_complete  # slow: loads what signatures need

        if is_complete(self.text):
            return self.text, self.put_back
        if len(self.burst) >= SCAN_SIGNS_MIN and (not only_codes or is_complete(self.burst)):
            return self.burst, self.put_back_burst
        return None
