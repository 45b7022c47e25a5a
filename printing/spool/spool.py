"""The spool: what was sold comes out on paper, once, or somebody is asked.

Selling never waits for it. Each printer has one worker and one job at a time; each step of a job
is in the journal before the next byte leaves. See docs/decisions/0201-spool.md.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec.structs import replace

from printing.spool.crew import Crew
from printing.spool.jobs import JobState, PrintJob, SpoolStore, without_clear_codes
from printing.spool.news import OnNews, SpoolNews
from printing.spool.worker import RETRY_S
from vouchers.errors import InvariantError, OperatingError

if TYPE_CHECKING:  # the till's store needs the jobs before it needs any paper
    from printing.layouts import LayoutBook
    from printing.printers.printer import Address, ReceiptPrinter


class Spool:
    """All printers of a till and what waits for them.

    `on_news` is called from worker threads. A printer in trouble is asked again every `retry_s`.
    Printers at one address are one device, and are spoken to one after the other.
    """

    def __init__(
        self,
        store: SpoolStore,
        printers: "Mapping[str, ReceiptPrinter]",
        layouts: "LayoutBook",
        on_news: OnNews = lambda _: None,
        retry_s: float = RETRY_S,
    ) -> None:
        self._store, self._on_news = store, on_news
        self._troubles: dict[str, OperatingError] = {}
        self._paper_low: set[str] = set()
        self._crew = Crew(store, layouts, self._tell, retry_s)
        self._crew.change(printers)

    def start(self) -> None:
        """Put jobs that a crash left in `printing` in doubt, then print what waits."""
        for job in self._store.open_jobs():
            if job.state is JobState.PRINTING:
                doubt = replace(job, state=JobState.DOUBT, trouble="till_stopped_while_printing")
                self._move(job, doubt)
            worker = self._crew.worker(job.printer)
            if job.state is not JobState.INTENT and worker is not None:
                worker.expect_break()
        self._crew.start()

    def stop(self) -> None:
        """Stop all workers; a job that is being printed right now is left in doubt."""
        self._crew.stop()

    def use_printers(self, printers: "Mapping[str, ReceiptPrinter]") -> None:
        """Print on these from now on; a printer that stays the same is not disturbed.

        A job in hand ends where it began, or is left in doubt if that printer is stuck. What
        waits for a printer that is gone stays, until it is given to another.
        """
        for name in self._crew.change(printers):
            self._troubles.pop(name, None)
            self._paper_low.discard(name)

    def turn(self, address: "Address", wait_s: float) -> AbstractContextManager[bool]:
        """Nothing is printed at `address` meanwhile; False where a job took all of `wait_s`."""
        return self._crew.turn(address, wait_s)

    def wake(self, printer: str | None = None) -> None:
        """Tell that jobs were added: call it after the transaction of the sale."""
        self._crew.wake(printer)

    def open_jobs(self) -> Sequence[PrintJob]:
        """What has not come out yet, and what is in doubt; oldest first."""
        return self._store.open_jobs()

    def troubles(self) -> dict[str, OperatingError]:
        """What keeps printers from printing right now, by printer."""
        return dict(self._troubles)

    def paper_low(self) -> set[str]:
        """The printers that said, when they last printed, that their roll ends soon."""
        return set(self._paper_low)

    def came_out(self, job_id: UUID, whole: bool) -> PrintJob:
        """The cashier looked at the paper of a job in doubt. Returns the job as it is now.

        Not whole: the job has failed. Its vouchers (`voucher_ids`) need new codes, in the ledger
        too, and a new job; a document without vouchers may simply be printed again, marked as
        a copy.
        """
        job = self._in_state(job_id, JobState.DOUBT)
        after = replace(job, state=JobState.PRINTED if whole else JobState.FAILED)
        return self._end(job, after)

    def give_to(self, job_id: UUID, printer: str) -> bool:
        """Let another printer have a job of which nothing has left yet; False when too late."""
        job = self._store.job(job_id)
        if job is None or job.state is not JobState.INTENT or printer not in self._crew.names:
            return False
        moved = self._store.move(job, replace(job, printer=printer, trouble=None))
        if moved:
            self.wake(printer)
        return moved

    def use(self, layouts: "LayoutBook") -> None:
        """Lay out from now on by other layouts; a job in hand keeps the ones it began with."""
        self._crew.use(layouts)

    def give_up(self, printer: str) -> None:
        """Stop waiting for a printer that stopped in the middle; its job is then in doubt."""
        worker = self._crew.worker(printer)
        if worker is not None:
            worker.give_up()

    def _in_state(self, job_id: UUID, state: JobState) -> PrintJob:
        job = self._store.job(job_id)
        if job is None or job.state is not state:
            raise InvariantError(f"print job {job_id} is not in {state}")
        return job

    def _end(self, job: PrintJob, after: PrintJob) -> PrintJob:
        after = without_clear_codes(replace(after, trouble=None))
        self._move(job, after)
        return after

    def _move(self, before: PrintJob, after: PrintJob) -> None:
        if not self._store.move(before, after):
            raise InvariantError(f"print job {before.job_id} left {before.state} unexpectedly")
        self._tell(SpoolNews(after.printer, after))

    def _tell(self, news: SpoolNews) -> None:
        if news.paper_low is not None:
            (self._paper_low.add if news.paper_low else self._paper_low.discard)(news.printer)
        elif news.trouble is not None:
            if news.printer in self._crew.names:
                self._troubles[news.printer] = news.trouble
        elif news.job is None:
            self._troubles.pop(news.printer, None)
        self._on_news(news)
