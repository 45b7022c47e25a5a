"""One printer's worker: one job at a time, each step in the journal before the next byte."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from printing.documents import decode
from printing.escpos import cut_off, ending_a_picture
from printing.outcome import Outcome, PrintResult
from printing.printers.session import trouble_in
from printing.spool.jobs import JobState, PrintJob, SpoolStore, without_clear_codes
from printing.spool.news import SpoolNews
from process.threads import LastingThread
from vouchers.errors import OperatingError

if TYPE_CHECKING:  # the till's store needs the jobs before it needs any paper
    from printing.layouts import LayoutBook
    from printing.printers.printer import OpenJob, ReceiptPrinter

log = logging.getLogger(__name__)

RETRY_S = 2.0
"""How soon a printer in trouble is asked again."""


class Worker:
    """Prints the jobs of one printer in the order in which they were sold.

    `turn` is held while it speaks with its device, which others may use as well.
    """

    def __init__(
        self,
        printer: "ReceiptPrinter",
        store: SpoolStore,
        layouts: "LayoutBook",
        tell: Callable[[SpoolNews], None],
        *,
        retry_s: float,
        turn: threading.Lock,
    ) -> None:
        self.printer, self._store, self._layouts = printer, store, layouts
        self._tell, self._retry_s, self._turn = tell, retry_s, turn
        self._awake, self._give_up = threading.Event(), threading.Event()
        self._stopping = False
        self._trouble: OperatingError | None = None
        self._paper_low = False
        self._first, self._broken_off = True, False
        self._predecessor: Worker | None = None
        self._thread = LastingThread(f"printer {printer.name}", self._run)

    def start(self, after: "Worker | None" = None) -> None:
        """Begin with what waits, as soon as the worker in whose place it comes has ended."""
        self._predecessor = after
        self._thread.start()

    def expect_break(self) -> None:
        """The last job of this printer was broken off: its rest hangs out of the printer."""
        self._broken_off = True

    def wake(self) -> None:
        """There may be a new job."""
        self._awake.set()

    def use(self, layouts: "LayoutBook") -> None:
        """Lay out from now on by other layouts."""
        self._layouts = layouts

    def give_up(self) -> None:
        """Stop waiting for the job in hand."""
        self._give_up.set()

    def retire(self) -> None:
        """End after the job in hand; should that be stuck, it is left in doubt."""
        self._stopping = True
        if self._trouble is not None:
            self._give_up.set()
        self._awake.set()
        self._thread.end()

    def stop(self) -> None:
        """End soon; `join` waits for it."""
        self._stopping = True
        self._give_up.set()
        self._awake.set()
        self._thread.end()

    def join(self) -> None:
        """Wait until the worker has ended."""
        self._thread.join()

    def _run(self) -> None:
        self._take_over()
        while not self._stopping:
            self._awake.clear()
            while not self._stopping and self._print_next():
                pass
            if self._trouble is not None and self._store.next_open(self.printer.name) is None:
                with self._turn:
                    self._look()
            self._awake.wait(self._retry_s if self._trouble else None)

    def _take_over(self) -> None:
        """What troubled the worker before troubles nobody any more; its torn paper still hangs."""
        if self._predecessor is not None:
            self._predecessor.join()
            self._broken_off = self._predecessor._broken_off
            self._predecessor = None
            self._tell(SpoolNews(self.printer.name))

    def _print_next(self) -> bool:
        """Print the oldest waiting job; False when none waits or the printer is in trouble."""
        job = self._store.next_open(self.printer.name)
        if job is None:
            return False
        data = self._data_of(job)
        if data is None:
            return True
        with self._turn:
            return not self._stopping and self._send(job, data)

    def _send(self, job: PrintJob, data: bytes) -> bool:
        try:
            opened = self.printer.open(job_number(job))
        except OperatingError as error:
            self._report(error)
            return False
        try:
            self._note(opened.paper_low)
            self._print(job, data, opened)
        finally:
            opened.close()
        if self._broken_off:
            self._look()
        return True

    def _look(self) -> None:
        """Ask how the printer is: a trouble is over when it says so, not when a job comes."""
        if self._stopping:
            return
        try:
            status = self.printer.status()
        except OperatingError as error:
            self._report(error)
            return
        self._note(status.paper_low)
        self._report(trouble_in(status, self.printer.name))

    def _data_of(self, job: PrintJob) -> bytes | None:
        """The bytes to send. A job that cannot be laid out has failed and blocks no other.

        It keeps its codes: they were never on paper, and somebody will have it printed again.
        """
        try:
            return self._layouts.to_bytes(decode(job.document), self.printer.profile)
        except OperatingError as error:
            trouble = error.key
        except Exception:
            log.exception("laying out print job %s", job.job_id)
            trouble = "document_unreadable"
        self._move(job, replace(job, state=JobState.FAILED, trouble=trouble))
        return None

    def _print(self, job: PrintJob, data: bytes, opened: "OpenJob") -> None:
        self._report(None)
        begun = replace(job, state=JobState.PRINTING, attempts=job.attempts + 1, trouble=None)
        if not self._store.move(job, begun):
            return  # cancelled, or given to another printer, in this moment
        self._tell(SpoolNews(begun.printer, begun))
        if not self._stopping:
            self._give_up.clear()
        result = opened.print(self._preamble() + data, self._report, self._give_up)
        self._first, self._broken_off = False, result.outcome is Outcome.DOUBT
        self._finish(begun, _after(begun, result))
        if not self._broken_off:
            self._report(None)

    def _preamble(self) -> bytes:
        """What puts the printer right after a job that was broken off, here or before the start."""
        profile = self.printer.profile
        if self._broken_off:
            return ending_a_picture(profile) + cut_off(profile)
        return ending_a_picture(profile) if self._first else b""

    def _finish(self, job: PrintJob, after: PrintJob) -> None:
        if after.state is not JobState.DOUBT:
            after = without_clear_codes(after)
        self._move(job, after)

    def _move(self, job: PrintJob, after: PrintJob) -> None:
        self._store.move(job, after)
        self._tell(SpoolNews(after.printer, after))

    def _report(self, trouble: OperatingError | None) -> None:
        """Tell of a trouble once, and once that it is over."""
        if type(trouble) is type(self._trouble):
            return
        self._trouble = trouble
        if trouble is not None and self._stopping:
            self._give_up.set()
        self._tell(SpoolNews(self.printer.name, trouble=trouble))

    def _note(self, paper_low: bool) -> None:
        """Tell once that the roll ends soon, and once that there is a new one."""
        if paper_low is not self._paper_low:
            self._paper_low = paper_low
            self._tell(SpoolNews(self.printer.name, paper_low=paper_low))


def job_number(job: PrintJob) -> int:
    """What the printer calls this job when it reports it done."""
    return job.job_id.int % 10_000


def _after(job: PrintJob, result: PrintResult) -> PrintJob:
    """The job after printing.

    A voucher whose printing was interrupted may be torn in two: somebody has to look at it.
    """
    trouble = result.cause.key if result.cause else None
    if result.outcome is Outcome.DOUBT or (result.cause and job.voucher_ids):
        return replace(job, state=JobState.DOUBT, trouble=trouble)
    confirmed = result.outcome is Outcome.PRINTED
    return replace(job, state=JobState.PRINTED, trouble=None, confirmed=confirmed)
