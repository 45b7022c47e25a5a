"""Is the server there? One answer for the status bar, the counter and the threads."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct


class LineState(Struct, frozen=True, kw_only=True):
    """`since` is when the line came or went, by this machine's clock."""

    online: bool
    since: datetime


class Clock(Protocol):
    """Where the time of day comes from."""

    def now(self) -> datetime:
        """The time of day in UTC."""


class Line:
    """Whether the server answers. Told by whoever talks to it; may be asked from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state = LineState(online=False, since=clock.now())
        self._listeners: list[Callable[[LineState], None]] = []

    @property
    def state(self) -> LineState:
        """How it stands now."""
        return self._state

    def listen(self, listener: Callable[[LineState], None]) -> None:
        """Call `listener` at every change, on the thread that noticed it."""
        self._listeners.append(listener)

    def answered(self) -> None:
        """The server has just answered."""
        self._set(online=True)

    def failed(self) -> None:
        """The server has just not answered."""
        self._set(online=False)

    def _set(self, *, online: bool) -> None:
        with self._lock:
            if self._state.online == online:
                return
            self._state = LineState(online=online, since=self._clock.now())
        for listener in self._listeners:
            listener(self._state)
