"""One thread for one card, so that a card that never answers freezes nobody."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

from process.threads import LastingThread

Result = TypeVar("Result")


class _Job(Generic[Result]):
    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._over = threading.Event()
        self._result: Result | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            self._result = self._work()
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for the work
            self._error = error
        self._over.set()

    def wait(self, deadline_ms: int) -> Result:
        if not self._over.wait(deadline_ms / 1000):
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # set by run, None is a result too


class Worker:
    """Runs calls one after the other on a thread of its own, each within a deadline.

    The thread is a daemon: a call that hangs in a driver does not keep the till from closing.
    """

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[_Job[object] | None] = SimpleQueue()
        LastingThread(name, self._serve).start()

    def run(self, work: Callable[[], Result], deadline_ms: int) -> Result:
        """What `work` returns or raises. Raises TimeoutError when it takes longer."""
        job = _Job(work)
        self._jobs.put(job)  # type: ignore[arg-type]  # results differ from job to job
        return job.wait(deadline_ms)

    def finish(self, work: Callable[[], object]) -> None:
        """Do `work` once all before it is done, then end the thread. Does not wait."""
        self._jobs.put(_Job(work))
        self._jobs.put(None)

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
