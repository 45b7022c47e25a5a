"""Notices changes: those of this worker at once, those of other processes soon after."""

import logging
import os
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from process.threads import LastingThread
from server.storage.database import is_postgresql

CHANNEL = "voucher_feed"
SQLITE_POLL_S = 0.05
SLOW_POLL_S = 1.0
NOTICE_PAUSE_S = 0.01
"""The first notice goes at once; under load, a transaction for each would cost as much as the
bookings themselves, so those that follow are told together."""

Wake = Callable[..., None]
log = logging.getLogger(__name__)


class Watcher(Protocol):
    """Calls `wake` when the feed has changed, whoever changed it."""

    def start(self) -> None:
        """Begin to look."""

    def stop(self) -> None:
        """Stop looking."""

    def committed(self, organisation: str, position: int) -> None:
        """This worker has committed changes up to `position`."""


def watcher_for(engine: sa.Engine, wake: Wake) -> Watcher:
    """The watcher that suits the database."""
    return PostgresWatcher(engine, wake) if is_postgresql(engine) else SqliteWatcher(engine, wake)


class SqliteWatcher:
    """Asks SQLite whether another connection has written: one cheap pragma."""

    def __init__(self, engine: sa.Engine, wake: Wake) -> None:
        self._engine = engine
        self._wake = wake
        self._stopped = threading.Event()
        self._thread = LastingThread("feed watcher", self._run)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopped.set()
        self._thread.end()
        self._thread.join(2)

    def committed(self, organisation: str, position: int) -> None:
        """See Watcher."""
        self._wake(organisation, position)

    def _run(self) -> None:
        seen = None
        # The driver's own connection: in a transaction, the answer would never change.
        with closing(self._engine.raw_connection()) as connection:
            while not self._stopped.wait(SQLITE_POLL_S):
                version = connection.cursor().execute("PRAGMA data_version").fetchone()
                if version != seen:
                    seen = version
                    self._wake()


class PostgresWatcher:
    """LISTEN for other workers; NOTIFY them after commit, from a thread and transaction of its
    own: transactions that notify are committed one after the other by PostgreSQL."""

    def __init__(self, engine: sa.Engine, wake: Wake) -> None:
        self._engine = engine
        self._wake = wake
        self._stopped = threading.Event()
        self._me = f"{os.getpid()}-{id(self):x}"
        self._news = threading.Condition()
        self._to_tell: dict[str, int] = {}
        self._threads = [
            LastingThread("feed listener", partial(self._keep, self._listen)),
            LastingThread("feed teller", partial(self._keep, self._tell)),
        ]

    def start(self) -> None:
        """Begin to listen and to tell."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop both."""
        self._stopped.set()
        with self._news:
            self._news.notify()
        for thread in self._threads:
            thread.end()
            thread.join(SLOW_POLL_S + 1)

    def committed(self, organisation: str, position: int) -> None:
        """See Watcher."""
        self._wake(organisation, position)
        with self._news:
            self._to_tell[organisation] = max(position, self._to_tell.get(organisation, 0))
            self._news.notify()

    def _keep(self, work: Callable[[psycopg.Connection[Any]], None]) -> None:
        while not self._stopped.is_set():
            try:
                pooled = self._engine.raw_connection()
                connection: Any = pooled.driver_connection
                pooled.detach()
                with closing(pooled):
                    connection.autocommit = True
                    work(connection)
            except (psycopg.Error, DBAPIError) as error:
                log.warning("no connection for the feed's watcher: %s", str(error).strip())
                self._stopped.wait(0.2)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        while not self._stopped.is_set():
            self._wake()  # what was missed while nobody listened, and a safety net
            for notice in connection.notifies(timeout=SLOW_POLL_S, stop_after=100):
                sender, position, organisation = notice.payload.split(" ", 2)
                if sender != self._me:
                    self._wake(organisation, int(position))

    def _tell(self, connection: psycopg.Connection[Any]) -> None:
        # A lost notice costs a second, not an entry: no need to wait for the disk.
        connection.execute("SET synchronous_commit = off")
        while not self._stopped.is_set():
            with self._news:
                self._news.wait_for(lambda: self._to_tell or self._stopped.is_set())
                telling, self._to_tell = self._to_tell, {}
            for organisation, position in telling.items():
                payload = f"{self._me} {position} {organisation}"
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            self._stopped.wait(NOTICE_PAUSE_S)
