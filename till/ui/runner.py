"""The one way work leaves the UI thread, and the one way its answer comes back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

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


class Runner(QObject):
    """Runs work on named workers and hands the answer back on the UI thread.

    What the world or the rules refuse goes to `on_error` as it is; anything else is logged with
    its trace and reaches `on_error` as Unexpected.
    """

    _answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._queues: dict[str, SimpleQueue[_Job | None]] = {}
        self._threads: list[threading.Thread] = []
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Answer],
        on_success: Callable[[Answer], None],
        on_error: Callable[[OperatingError], None],
        *,
        on: str = COUNTER,
    ) -> None:
        """Queue `work` on a worker; exactly one of the two callbacks follows."""

        def job() -> None:
            try:
                answer = work()
            except OperatingError as error:
                self._answer(on_error, error)
            except Exception:
                log.exception("work on %s failed", on)
                self._answer(on_error, Unexpected())
            else:
                self._answer(on_success, answer)

        self._queue(on).put(job)

    def stop(self) -> None:
        """Finish what is queued and end the workers. Answers are no longer delivered."""
        self._answered.disconnect(self._deliver)
        for queue in self._queues.values():
            queue.put(None)
        for thread in self._threads:
            thread.join()

    def _answer(self, callback: Callable[[Answer], None], answer: Answer) -> None:
        self._answered.emit(lambda: callback(answer))

    def _deliver(self, callback: _Job) -> None:
        callback()

    def _queue(self, name: str) -> SimpleQueue[_Job | None]:
        if name not in self._queues:
            queue = self._queues[name] = SimpleQueue()
            thread = threading.Thread(target=_work, args=(queue,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self._queues[name]


def _work(queue: SimpleQueue[_Job | None]) -> None:
    while (job := queue.get()) is not None:
        job()
