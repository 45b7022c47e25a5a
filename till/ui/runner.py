"""The one way work leaves the UI thread, and the one way its answer comes back."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from process.threads import LastingThread
from vouchers.errors import OperatingError

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
_Job = Callable[[], None]

COUNTER, LOOK_UPS, STATUS = "counter", "look-ups", "status"
"""The workers. One worker does its work in order; a slow one never delays another."""


class Unexpected(OperatingError):
    """Our mistake, as the cashier is told of it; the trace is in the log."""

    def __init__(self) -> None:
        super().__init__("unexpected")


class _Callbacks(NamedTuple):
    on_success: Callable[[Any], None]
    on_error: Callable[[OperatingError], None]


class Runner(QObject):
    """Runs work on named workers and hands the answer back on the UI thread.

    What the world or the rules refuse goes to `on_error` as it is; anything else is logged with
    its trace and reaches `on_error` as Unexpected. The callbacks never leave the UI thread, so
    that no worker holds the last reference to a widget. `work` must not refer to one either.
    """

    _answered = Signal(int, object)
    _failed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._queues: dict[str, SimpleQueue[_Job | None]] = {}
        self._threads: list[LastingThread] = []
        self._tickets = itertools.count()
        self._waiting: dict[int, _Callbacks] = {}
        self._answered.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self._on_failure, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Answer],
        on_success: Callable[[Answer], None],
        on_error: Callable[[OperatingError], None],
        *,
        on: str = COUNTER,
    ) -> None:
        """Queue `work` on a worker; exactly one of the two callbacks follows."""
        ticket = next(self._tickets)
        self._waiting[ticket] = _Callbacks(on_success, on_error)
        self._queue(on).put(partial(self._do, ticket, work))

    def stop(self) -> None:
        """Finish what is queued and end the workers. Answers are no longer delivered."""
        self._waiting.clear()
        for queue in self._queues.values():
            queue.put(None)
        for thread in self._threads:
            thread.join()

    def _do(self, ticket: int, work: Callable[[], object]) -> None:
        try:
            answer = work()
        except OperatingError as error:
            self._failed.emit(ticket, error)
        except Exception:
            log.exception("work failed")
            self._failed.emit(ticket, Unexpected())
        else:
            self._answered.emit(ticket, answer)

    def _on_answer(self, ticket: int, answer: object) -> None:
        if ticket in self._waiting:
            self._waiting.pop(ticket).on_success(answer)

    def _on_failure(self, ticket: int, error: OperatingError) -> None:
        if ticket in self._waiting:
            self._waiting.pop(ticket).on_error(error)

    def _queue(self, name: str) -> SimpleQueue[_Job | None]:
        if name not in self._queues:
            queue = self._queues[name] = SimpleQueue()
            thread = LastingThread(name, partial(_work, queue))
            thread.start()
            self._threads.append(thread)
        return self._queues[name]


def _work(queue: SimpleQueue[_Job | None]) -> None:
    while (job := queue.get()) is not None:
        job()
