"""The one thread of a worker that books: all that waits goes into one durable transaction."""

import asyncio
import itertools
import logging
import queue
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from process.threads import LastingThread
from server.errors import StorageUnavailable
from server.ledger.state import Books
from server.ledger.work import Answer, LedgerStore, TryAgain, Work, wanted_by
from vouchers.errors import InvariantError, OperatingError

ENTRIES_AT_ONCE_MAX = 1_000
WAITING_MAX = 5_000
RACES_MAX = 200
RETRY_FOR_S = 8
"""A primary that fails over is back within seconds; longer, and the till should be told."""

_PAUSE_FIRST_S, _PAUSE_MAX_S = 0.005, 0.5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    organisation: str
    work: Work
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Answer]"


class Booking:
    """Books work in the order it came, one organisation per transaction.

    `on_changes(organisation, position)` is called from the booking thread after each commit
    that put something into the feed.
    """

    def __init__(self, store: LedgerStore, on_changes: Callable[[str, int], None]) -> None:
        self._store = store
        self._on_changes = on_changes
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._taken: deque[tuple[str, list[_Waiting]]] = deque()
        self._thread = LastingThread("booking", self._run)

    def start(self) -> None:
        """Begin to book."""
        self._thread.start()

    def stop(self) -> None:
        """Book what waits, then end; work that comes later is refused."""
        self._stopped.set()
        self._waiting.put(None)
        self._thread.end()
        self._thread.join(5)
        self._store.close()

    async def do(self, organisation: str, work: Work) -> Answer:
        """The answer once the work is durable. Raises StorageUnavailable, StorageFull."""
        if self._stopped.is_set() or self._waiting.qsize() >= WAITING_MAX:
            raise StorageUnavailable("too much is waiting")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(organisation, work, loop, loop.create_future())
        self._waiting.put(waiting)
        return await waiting.answer

    def _run(self) -> None:
        self._book_taken()  # where an earlier round was broken off: others wait for their answers
        while (first := self._waiting.get()) is not None:
            groups: dict[str, list[_Waiting]] = defaultdict(list)
            for waiting in self._take(first):
                groups[waiting.organisation].append(waiting)
            self._taken.extend(groups.items())
            self._book_taken()

    def _book_taken(self) -> None:
        while self._taken:
            self._book(*self._taken.popleft())

    def _take(self, first: _Waiting) -> list[_Waiting]:
        taken, weight = [first], first.work.weight
        while weight < ENTRIES_AT_ONCE_MAX:
            try:
                waiting = self._waiting.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                self._waiting.put(None)
                break
            taken.append(waiting)
            weight += waiting.work.weight
        return taken

    def _book(self, organisation: str, group: list[_Waiting]) -> None:
        works = [waiting.work for waiting in group]
        try:
            answers, position = self._persist(organisation, works)
        except OperatingError as error:
            _tell(group, [error] * len(group))
        except Exception as error:  # one bad request must not spoil its neighbours
            if len(group) > 1:
                for waiting in group:
                    self._book(organisation, [waiting])
                return
            log.exception("booking failed")
            _tell(group, [error])
        else:
            _tell(group, answers)
            if position:
                self._on_changes(organisation, position)

    def _persist(self, organisation: str, works: list[Work]) -> tuple[list[Answer], int]:
        wanted = wanted_by(works)

        def decide(books: Books) -> list[Answer]:
            return [work.decide(books) for work in works]

        deadline, pause = time.monotonic() + RETRY_FOR_S, _PAUSE_FIRST_S
        races = itertools.count(1)
        while True:
            try:
                return self._store.book(organisation, wanted, decide)
            except TryAgain as error:
                if next(races) == RACES_MAX:
                    raise InvariantError("booking never comes to its turn") from error
            except StorageUnavailable as error:
                if time.monotonic() > deadline or self._stopped.is_set():
                    raise
                log.warning("the database does not answer, trying again: %s", error)
                time.sleep(pause)
                pause = min(2 * pause, _PAUSE_MAX_S)


def _tell(group: Sequence[_Waiting], answers: Sequence[Answer | Exception]) -> None:
    """Wake the waiting requests, each loop once. A request that was given up is skipped."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Any, Answer | Exception]]] = {}
    for waiting, answer in zip(group, answers, strict=True):
        by_loop.setdefault(waiting.loop, []).append((waiting.answer, answer))
    for loop, told in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, told)


def _resolve(told: Sequence[tuple["asyncio.Future[Answer]", Answer | Exception]]) -> None:
    for future, answer in told:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
