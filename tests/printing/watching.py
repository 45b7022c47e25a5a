"""What tests of the spool share: jobs to print, and somebody who hears the news."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from printing.documents import Receipt
from printing.spool import JobState, PrintJob, SpoolNews, new_job
from tests.printing.journal import SqliteJournal
from tests.printing.samples import receipt

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
PAPERS = "receipts"


class Watcher:
    """Hears the spool's news and lets a test wait for what it needs."""

    def __init__(self) -> None:
        self.news: list[SpoolNews] = []
        self._changed = threading.Condition()

    def __call__(self, news: SpoolNews) -> None:
        with self._changed:
            self.news.append(news)
            self._changed.notify_all()

    def wait_for(self, state: JobState, job: PrintJob) -> PrintJob:
        found = self._wait(
            lambda news: (
                news.job is not None and news.job.job_id == job.job_id and news.job.state is state
            )
        )
        assert found.job is not None
        return found.job

    def wait_for_trouble(self, key: str) -> None:
        self._wait(lambda news: news.trouble is not None and news.trouble.key == key)

    def wait_until_well(self) -> None:
        """Wait for the last that was said of a printer to be that it has no trouble."""

        def is_well() -> bool:
            about_printer = [each for each in self.news if not each.job and each.paper_low is None]
            return bool(about_printer) and about_printer[-1].trouble is None

        with self._changed:
            assert self._changed.wait_for(is_well, 10), self.news

    def _wait(self, wanted: Callable[[SpoolNews], bool]) -> SpoolNews:
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(wanted, self.news)), 10), self.news
            return next(filter(wanted, self.news))


def waiting(journal: SqliteJournal, document: Receipt | None = None) -> PrintJob:
    job = new_job(document or receipt(), printer=PAPERS, reference="K1-000123", at=NOW)
    return journal.add(job)
