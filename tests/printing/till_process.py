"""A till that does nothing but print, in a process of its own, so that it can be killed."""

import threading

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter
from printing.printers.network import NetworkAddress
from printing.profiles import find_profile
from printing.spool import JobState, Spool, SpoolNews
from tests.printing.journal import SqliteJournal
from tests.printing.paper_reading import QUICK
from tests.printing.samples import receipt

PRINTER = "receipts"
LAYOUTS = LayoutBook.load()
PROFILE = find_profile("epson-tm-t88v")
LAYOUTS.to_bytes(receipt(), PROFILE)  # so that each process starts with the slow libraries loaded
RESTING = (JobState.PRINTED, JobState.DOUBT, JobState.FAILED, JobState.CANCELLED)


def print_all(journal: SqliteJournal, port: int, wait_s: float = 60.0) -> None:
    """Print what the journal holds; return when every job rests."""
    rested = threading.Event()

    def look(_news: SpoolNews) -> None:
        if all(job.state in RESTING for job in journal.all_jobs()):
            rested.set()

    printer = EscPosPrinter(PRINTER, PROFILE, NetworkAddress("127.0.0.1", port), QUICK)
    spool = Spool(journal, {PRINTER: printer}, LAYOUTS, look, retry_s=0.05)
    spool.start()
    look(SpoolNews(PRINTER))
    assert rested.wait(wait_s), journal.all_jobs()
    spool.stop()


def run(path: str, port: int) -> None:
    """The life of the process."""
    journal = SqliteJournal(path)
    print_all(journal, port)
    journal.close()
