"""Two threads that keep a till in step: one reports, one follows. The rest of the till goes on."""

import logging
import random
import threading
import time
from collections.abc import Callable

from process.threads import LastingThread
from sync import feed, outbox
from sync.line import Line
from sync.link import NotSignedIn, PositionLost, ServerLink, Unreachable
from sync.store import SyncStore
from sync.trying import attempt

RETRY_MIN_S, RETRY_MAX_S = 0.4, 2.4
"""A till is back within 3 s of the server, and a thousand tills come back spread over 2 s."""

PAUSE_MIN_S = 0.2
REFUSED_RETRY_S = 30.0
_log = logging.getLogger(__name__)


class Engine:
    """Reports entries and follows changes until it is stopped.

    `on_change` is called, on one of its threads, after anything came in or went out;
    `on_progress` with accounts loaded and accounts in all while a snapshot loads.
    """

    def __init__(
        self,
        store: SyncStore,
        link: ServerLink,
        line: Line,
        on_change: Callable[[], None] = lambda: None,
        on_progress: Callable[[int, int], None] = feed.NOTHING_SEEN,
    ) -> None:
        self._store, self._link, self._line = store, link, line
        self._on_change, self._on_progress = on_change, on_progress
        self._stopped = threading.Event()
        self._work = threading.Event()
        self._threads = [
            LastingThread("sync-report", self._report),
            LastingThread("sync-follow", self._follow),
        ]

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in self._threads:
            thread.start()

    def nudge(self) -> None:
        """There is something to report."""
        self._work.set()

    def stop(self) -> None:
        """Stop soon; what is under way either arrives or goes again with the same ids."""
        self._stopped.set()
        self._work.set()
        for thread in self._threads:
            thread.end()

    def _report(self) -> None:
        self._work.set()
        while not self._stopped.is_set():
            self._work.wait()
            self._work.clear()
            if not self._stopped.is_set() and not self._attempt(self._push):
                self._work.set()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            self._attempt(self._follow_once)

    def _push(self) -> None:
        outbox.drain(self._store, self._link)
        self._on_change()

    def _follow_once(self) -> None:
        feed.catch_up(self._store, self._link, self._on_progress)
        self._line.answered()
        self._on_change()
        self._store.try_parked_again()
        self.nudge()
        began_at = time.monotonic()
        try:
            feed.follow_stream(self._store, self._link, self._alive)
        except PositionLost:
            _log.info("the feed position is too old; loading a new snapshot")
        except Unreachable as broken:
            # Streams end for many reasons: whether the server is away shows when it is asked for
            # changes, at once. Where none lives for long, asking now and then has to do.
            _log.info("the stream broke: %s", broken)
            if time.monotonic() - began_at < RETRY_MAX_S:
                self._pause(began_at)

    def _alive(self) -> bool:
        self._line.answered()
        self._on_change()
        return not self._stopped.is_set()

    def _attempt(self, step: Callable[[], None]) -> bool:
        """Do `step`; when the world fails, wait with jitter. True when it went well."""
        began_at = time.monotonic()
        trouble = attempt(step, self._line)
        if isinstance(trouble, NotSignedIn):
            self._stopped.wait(REFUSED_RETRY_S)
        elif trouble is not None:
            self._pause(began_at)
        return trouble is None

    def _pause(self, began_at: float) -> None:
        """Wait until it is time to try again; what took long by itself is tried again sooner."""
        spread_s = random.uniform(RETRY_MIN_S, RETRY_MAX_S)  # noqa: S311 jitter
        self._stopped.wait(max(PAUSE_MIN_S, began_at + spread_s - time.monotonic()))
