"""Several tills, several printers, other layouts, and a shop that never waits."""

import time
from dataclasses import replace

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter
from printing.printers.network import NetworkAddress
from printing.spool import JobState, Spool, new_job
from printing.virtual import VirtualPrinter
from tests.printing.journal import SqliteJournal
from tests.printing.samples import receipt
from tests.printing.watching import NOW, PAPERS, Watcher, waiting


def test_two_tills_share_a_printer(
    layouts: LayoutBook, printer: EscPosPrinter, paper: VirtualPrinter
) -> None:
    journals = [SqliteJournal(), SqliteJournal()]
    watchers = [Watcher(), Watcher()]
    spools = [
        Spool(journal, {PAPERS: printer}, layouts, watcher, retry_s=0.05)
        for journal, watcher in zip(journals, watchers, strict=True)
    ]
    jobs = [[waiting(journal) for _ in range(4)] for journal in journals]
    for spool in spools:
        spool.start()
    for watcher, own in zip(watchers, jobs, strict=True):
        for job in own:
            watcher.wait_for(JobState.PRINTED, job)
    for spool in spools:
        spool.stop()
    for journal in journals:
        journal.close()
    assert len(paper.documents) == 8
    assert paper.refused == []


def test_another_printer_can_take_over(
    journal: SqliteJournal, printer: EscPosPrinter, layouts: LayoutBook, watcher: Watcher
) -> None:
    with VirtualPrinter() as gone:
        away = replace(printer, name="away", address=NetworkAddress("127.0.0.1", gone.port))
    spool = Spool(journal, {PAPERS: printer, "away": away}, layouts, watcher, retry_s=0.05)
    spool.start()
    job = journal.add(new_job(receipt(), printer="away", reference="K1-000124", at=NOW))
    spool.wake("away")
    watcher.wait_for_trouble("printer_unavailable")
    assert spool.give_to(job.job_id, PAPERS)
    watcher.wait_for(JobState.PRINTED, job)
    assert not spool.give_to(job.job_id, PAPERS)
    spool.stop()


def test_layouts_can_be_changed_while_it_runs(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    spool.start()
    parts = "".join(f'\n[[part]]\nshow = "{part}"\n' for part in ("vouchers", "total"))
    short = f'name = "Short"\ndocument = "receipt"\n{parts}'
    spool.use(LayoutBook.load().with_draft("receipt-80.toml", short))
    job = waiting(journal)
    spool.wake()
    watcher.wait_for(JobState.PRINTED, job)
    assert "Museum" not in paper.documents[0].text
    assert "Summe" in paper.documents[0].text


def test_selling_never_waits_for_the_printer(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(stalls_after_bytes=0)
    spool.start()
    started = time.monotonic()
    for _ in range(20):
        waiting(journal)
        spool.wake()
    assert time.monotonic() - started < 1
    assert len(spool.open_jobs()) == 20
