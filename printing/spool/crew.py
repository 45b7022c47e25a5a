"""The workers of a till's printers: one for each, and one client at a time for each device."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from printing.spool.jobs import SpoolStore
from printing.spool.news import SpoolNews
from printing.spool.worker import Worker

if TYPE_CHECKING:  # the till's store needs the jobs before it needs any paper
    from printing.layouts import LayoutBook
    from printing.printers.printer import Address, ReceiptPrinter


class Crew:
    """Starts, changes and stops the workers; `names` are the printers there are now."""

    def __init__(
        self,
        store: SpoolStore,
        layouts: "LayoutBook",
        tell: Callable[[SpoolNews], None],
        retry_s: float,
    ) -> None:
        self._store, self._layouts = store, layouts
        self._tell, self._retry_s = tell, retry_s
        self._turns: dict[Address, threading.Lock] = {}
        self._changing = threading.Lock()
        self._running = False
        self._workers: dict[str, Worker] = {}
        self._retired: list[Worker] = []

    @property
    def names(self) -> frozenset[str]:
        """What the printers are called."""
        return frozenset(self._workers)

    def worker(self, name: str) -> Worker | None:
        """The worker of a printer, None where there is no such printer."""
        return self._workers.get(name)

    def start(self) -> None:
        """Let all of them begin."""
        self._running = True
        for worker in self._workers.values():
            worker.start()

    def stop(self) -> None:
        """Stop all workers; a job that is being printed right now is left in doubt."""
        workers = [*self._retired, *self._workers.values()]
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()

    def wake(self, printer: str | None = None) -> None:
        """Tell one worker, or all, that there may be a job."""
        for name, worker in self._workers.items():
            if printer in {None, name}:
                worker.wake()

    def change(self, printers: "Mapping[str, ReceiptPrinter]") -> set[str]:
        """Have these printers from now on; returns the names of those that left or are new.

        One that stays the same is not disturbed. A job in hand ends where it began, or is left in
        doubt if that printer is stuck; whoever comes in its place begins afterwards.
        """
        with self._changing:
            before, after = self._workers, dict[str, Worker]()
            for name, printer in printers.items():
                kept = before.get(name)
                same = kept is not None and kept.printer == printer
                after[name] = kept if kept is not None and same else self._new(printer)
            self._workers = after
            changed = {n for n in before.keys() | after if before.get(n) is not after.get(n)}
            for name in changed & before.keys():
                before[name].retire()
                self._retired.append(before[name])
            for name in changed & after.keys() if self._running else ():
                after[name].start(after=before.get(name))
            return changed

    def use(self, layouts: "LayoutBook") -> None:
        """Lay out from now on by other layouts."""
        with self._changing:
            self._layouts = layouts
            for worker in self._workers.values():
                worker.use(layouts)

    @contextmanager
    def turn(self, address: "Address", wait_s: float) -> Iterator[bool]:
        """Nobody else speaks to `address` meanwhile; False when it was busy for all of `wait_s`."""
        turn = self._turn(address)
        free = turn.acquire(timeout=wait_s)
        try:
            yield free
        finally:
            if free:
                turn.release()

    def _new(self, printer: "ReceiptPrinter") -> Worker:
        turn = self._turn(printer.address)
        return Worker(
            printer, self._store, self._layouts, self._tell, retry_s=self._retry_s, turn=turn
        )

    def _turn(self, address: "Address") -> threading.Lock:
        return self._turns.setdefault(address, threading.Lock())
