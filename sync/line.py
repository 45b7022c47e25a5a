"""Is the server there? One answer for the status bar, the counter and the threads."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from sync.link import Unreachable
from vouchers.errors import OperatingError, Sentence


class LineState(Struct, frozen=True, kw_only=True):
    """`since` is when the line came or went, by this machine's clock; `trouble` is what keeps it
    away, as far as anybody has said.
    """

    online: bool
    since: datetime
    trouble: OperatingError | None = None

    @property
    def cause(self) -> Sentence | None:
        """What is wrong, in a sentence that says nothing of what was sold."""
        return self.trouble.cause if isinstance(self.trouble, Unreachable) else None


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
        self._set(online=True, trouble=None)

    def failed(self, trouble: OperatingError | None = None) -> None:
        """The server has just not answered; what is known of it from before stays true."""
        self._set(online=False, trouble=trouble or self._state.trouble)

    def _set(self, *, online: bool, trouble: OperatingError | None) -> None:
        with self._lock:
            before = self._state
            if online == before.online and str(trouble) == str(before.trouble):
                return
            since = before.since if online == before.online else self._clock.now()
            self._state = LineState(online=online, since=since, trouble=trouble)
        for listener in self._listeners:
            listener(self._state)
