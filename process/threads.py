"""The threads of the program: none of them ends in silence."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

PAUSE_FIRST_S, PAUSE_MAX_S = 0.5, 30.0
WELL_AFTER_S = 60.0
"""Work that went well for as long as this begins again soon, whatever came before."""

log = logging.getLogger(__name__)


class ThreadFailure(Struct, frozen=True, kw_only=True):
    """A thread's work raised something nobody had thought of, and was begun again."""

    thread: str
    at: datetime
    why: str


Listener = Callable[[ThreadFailure], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Call `listener`, on the thread in question, at every failure; returns what ends that."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


class LastingThread:
    """Runs `work` on a thread of its own until it returns; when it raises, it is begun again.

    Why is logged and told to whoever listens, and each time in a row the pause before is longer.
    `work` must keep outside itself what it cannot begin anew with. The thread is a daemon: work
    that hangs in a driver does not keep the program from ending.
    """

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name = name
        self._work = work
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def end(self) -> None:
        """Do not begin again: the work has been told to return, or returns by itself."""
        self._ending.set()

    def join(self, timeout_s: float | None = None) -> None:
        """Wait until the work has returned, if it was ever started."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the work has still to return."""
        return self._thread.is_alive()

    def _run(self) -> None:
        pause_s = PAUSE_FIRST_S
        while True:
            began_at = time.monotonic()
            try:
                self._work()
            except Exception as error:
                log.exception("%s failed and is begun again", self.name)
                self._tell(error)
            else:
                return
            if time.monotonic() - began_at > WELL_AFTER_S:
                pause_s = PAUSE_FIRST_S
            if self._ending.wait(pause_s):
                return
            pause_s = min(2 * pause_s, PAUSE_MAX_S)

    def _tell(self, error: Exception) -> None:
        why = f"{type(error).__name__}: {error}"[:200]
        failure = ThreadFailure(thread=self.name, at=datetime.now(UTC), why=why)
        for listener in _listeners:
            try:
                listener(failure)
            except Exception:
                log.exception("nobody could be told that %s failed", self.name)
