"""Printers are set up anew while the spool is at work: no job is lost, none comes out twice."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter
from printing.printers.network import NetworkAddress
from printing.printers.session import Timing
from printing.spool import JobState, Spool, new_job
from printing.virtual import Model, VirtualPrinter
from tests.printing.journal import SqliteJournal
from tests.printing.samples import receipt
from tests.printing.watching import NOW, PAPERS, Watcher, waiting


@pytest.fixture
def other() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as listening:
        yield listening


def at(printer: EscPosPrinter, paper: VirtualPrinter) -> EscPosPrinter:
    return replace(printer, address=NetworkAddress("127.0.0.1", paper.port))


def test_what_waits_comes_out_of_the_printer_in_its_place(
    spool: Spool,
    journal: SqliteJournal,
    watcher: Watcher,
    printer: EscPosPrinter,
    paper: VirtualPrinter,
    other: VirtualPrinter,
) -> None:
    paper.script(cover_open=True)
    spool.start()
    jobs = [waiting(journal) for _ in range(2)]
    spool.wake()
    watcher.wait_for_trouble("printer_cover_open")
    spool.use_printers({PAPERS: at(printer, other)})
    for job in jobs:
        watcher.wait_for(JobState.PRINTED, job)
    assert (len(paper.documents), len(other.documents)) == (0, 2)
    assert spool.troubles() == {}


def test_what_waits_for_a_printer_that_is_gone_stays_and_can_be_given_away(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, printer: EscPosPrinter
) -> None:
    spool.start()
    spool.use_printers({})
    job = waiting(journal)
    spool.wake()
    assert [each.state for each in spool.open_jobs()] == [JobState.INTENT]
    assert not spool.give_to(job.job_id, PAPERS)
    spool.use_printers({"new": replace(printer, name="new")})
    assert spool.give_to(job.job_id, "new")
    watcher.wait_for(JobState.PRINTED, job)


def test_a_job_in_hand_ends_where_it_began(
    spool: Spool,
    journal: SqliteJournal,
    watcher: Watcher,
    printer: EscPosPrinter,
    paper: VirtualPrinter,
    other: VirtualPrinter,
) -> None:
    paper.script(delay_s_per_kb=0.02)
    spool.start()
    first, second = waiting(journal), waiting(journal)
    spool.wake()
    watcher.wait_for(JobState.PRINTING, first)
    spool.use_printers({PAPERS: at(printer, other)})
    watcher.wait_for(JobState.PRINTED, first)
    watcher.wait_for(JobState.PRINTED, second)
    assert (len(paper.documents), len(other.documents)) == (1, 1)


def test_a_job_that_is_stuck_in_the_old_printer_is_asked_about(
    spool: Spool,
    journal: SqliteJournal,
    watcher: Watcher,
    printer: EscPosPrinter,
    paper: VirtualPrinter,
    other: VirtualPrinter,
) -> None:
    paper.script(paper_left_lines=4)
    spool.start()
    stuck, next_one = waiting(journal), waiting(journal)
    spool.wake()
    watcher.wait_for_trouble("printer_paper_out")
    spool.use_printers({PAPERS: at(printer, other)})
    assert watcher.wait_for(JobState.DOUBT, stuck).trouble == "printer_given_up"
    watcher.wait_for(JobState.PRINTED, next_one)
    assert spool.troubles() == {}


def test_a_printer_that_stays_the_same_is_not_disturbed(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, printer: EscPosPrinter
) -> None:
    spool.start()
    before = threading.enumerate()
    spool.use_printers({PAPERS: replace(printer)})
    assert threading.enumerate() == before
    job = waiting(journal)
    spool.wake()
    watcher.wait_for(JobState.PRINTED, job)


def test_one_device_under_two_names_prints_one_job_after_the_other(
    journal: SqliteJournal, watcher: Watcher, printer: EscPosPrinter
) -> None:
    with VirtualPrinter(Model(buffer_bytes=2_048)) as paper:
        paper.script(delay_s_per_kb=0.1)  # a job takes longer than a printer is waited for
        names = (PAPERS, "vouchers")
        device = replace(at(printer, paper), timing=Timing())
        printers = {name: replace(device, name=name) for name in names}
        spool = Spool(journal, printers, LayoutBook.load(), watcher, retry_s=5)
        jobs = [
            journal.add(new_job(receipt(), printer=name, reference="K1-1", at=NOW))
            for name in names
        ]
        spool.start()
        for job in jobs:
            watcher.wait_for(JobState.PRINTED, job)
        spool.stop()
        assert [news.trouble for news in watcher.news if news.trouble] == []


def test_a_roll_that_ends_soon_is_told_once_and_keeps_nothing_from_printing(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(paper_low=True)
    spool.start()
    for _ in range(2):
        job = waiting(journal)
        spool.wake()
        watcher.wait_for(JobState.PRINTED, job)
    assert [news.paper_low for news in watcher.news if news.paper_low is not None] == [True]
    assert (spool.paper_low(), spool.troubles()) == ({PAPERS}, {})
    paper.mend()
    job = waiting(journal)
    spool.wake()
    watcher.wait_for(JobState.PRINTED, job)
    assert spool.paper_low() == set()
