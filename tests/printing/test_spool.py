"""The spool: jobs survive, come out once, and a doubt is asked about."""

import time
from pathlib import Path

import pytest

from printing.documents import decode
from printing.spool import JobState, Spool, new_job
from printing.virtual import VirtualPrinter
from tests.printing.journal import SqliteJournal
from tests.printing.samples import CODE, VOUCHER_ID, receipt
from tests.printing.watching import NOW, PAPERS, Watcher, waiting
from vouchers.errors import InvariantError


def test_a_sale_comes_out_and_its_code_is_forgotten(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    spool.start()
    job = waiting(journal)
    assert CODE.grouped.encode() in job.document
    assert job.voucher_ids == [VOUCHER_ID]
    spool.wake()
    printed = watcher.wait_for(JobState.PRINTED, job)
    assert printed.confirmed
    kept = journal.job(job.job_id)
    assert kept is not None
    assert CODE.grouped.encode() not in kept.document
    assert CODE.text.encode() not in kept.document
    assert decode(kept.document) is not None
    assert len(paper.documents) == 1


def test_what_waited_before_the_start_comes_out_in_order(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    jobs = [waiting(journal, receipt(titles=(f"Ware {n}",))) for n in range(5)]
    spool.start()
    watcher.wait_for(JobState.PRINTED, jobs[-1])
    texts = [document.text for document in paper.documents]
    assert ["Ware 0" in texts[0], "Ware 4" in texts[4], len(texts)] == [True, True, 5]


def test_a_printer_in_trouble_is_named_and_the_job_waits(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(cover_open=True)
    spool.start()
    job = waiting(journal)
    spool.wake()
    watcher.wait_for_trouble("printer_cover_open")
    assert set(spool.troubles()) == {PAPERS}
    assert [each.state for each in spool.open_jobs()] == [JobState.INTENT]
    paper.mend()
    watcher.wait_for(JobState.PRINTED, job)
    assert spool.troubles() == {}


def test_paper_out_in_a_voucher_asks_whether_it_came_out_whole(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(paper_left_lines=9)
    spool.start()
    job = waiting(journal)
    spool.wake()
    watcher.wait_for_trouble("printer_paper_out")
    paper.mend()
    doubtful = watcher.wait_for(JobState.DOUBT, job)
    assert doubtful.trouble == "printer_interrupted"
    assert spool.came_out(job.job_id, whole=True).state is JobState.PRINTED
    kept = journal.job(job.job_id)
    assert kept is not None
    assert CODE.grouped.encode() not in kept.document


def test_paper_out_without_a_voucher_needs_no_question(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(paper_left_lines=9)
    spool.start()
    job = waiting(journal, receipt(vouchers=[]))
    spool.wake()
    watcher.wait_for_trouble("printer_paper_out")
    paper.mend()
    watcher.wait_for(JobState.PRINTED, job)
    assert len(paper.documents) == 1


def test_a_voucher_that_did_not_come_out_has_failed(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(closes_after_bytes=4000)
    spool.start()
    job = waiting(journal)
    spool.wake()
    doubtful = watcher.wait_for(JobState.DOUBT, job)
    assert doubtful.trouble == "printer_connection_lost"
    failed = spool.came_out(job.job_id, whole=False)
    assert failed.state is JobState.FAILED
    assert failed.voucher_ids == [VOUCHER_ID]
    with pytest.raises(InvariantError):
        spool.came_out(job.job_id, whole=True)


def test_a_trouble_is_told_until_the_printer_is_well_not_until_its_next_job(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(paper_left_lines=4)
    spool.start()
    job = waiting(journal)
    spool.wake()
    watcher.wait_for_trouble("printer_paper_out")
    spool.give_up(PAPERS)
    watcher.wait_for(JobState.DOUBT, job)
    time.sleep(0.3)  # several looks at it
    assert [each.key for each in spool.troubles().values()] == ["printer_paper_out"]
    paper.mend()
    watcher.wait_until_well()
    assert spool.troubles() == {}


def test_a_doubt_does_not_hold_up_the_next_job(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(never_prints=True)
    first, second = waiting(journal), waiting(journal, receipt(vouchers=[]))
    spool.start()
    watcher.wait_for(JobState.DOUBT, first)
    paper.mend()
    watcher.wait_for(JobState.PRINTED, second)


def test_a_crash_in_the_middle_is_a_doubt_after_the_restart(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter, tmp_path: Path
) -> None:
    import msgspec

    job = waiting(journal)
    journal.move(job, msgspec.structs.replace(job, state=JobState.PRINTING))
    spool.start()
    doubtful = watcher.wait_for(JobState.DOUBT, job)
    assert doubtful.trouble == "till_stopped_while_printing"
    assert paper.documents == []


def test_a_job_that_cannot_be_read_blocks_no_other(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    import msgspec

    whole = new_job(receipt(), printer=PAPERS, reference="1", at=NOW)
    broken = journal.add(msgspec.structs.replace(whole, document=b"{"))
    good = waiting(journal)
    spool.start()
    assert watcher.wait_for(JobState.FAILED, broken).trouble == "document_unreadable"
    watcher.wait_for(JobState.PRINTED, good)


def test_giving_up_on_a_printer_leaves_a_doubt(
    spool: Spool, journal: SqliteJournal, watcher: Watcher, paper: VirtualPrinter
) -> None:
    paper.script(paper_left_lines=9)
    spool.start()
    job = waiting(journal)
    spool.wake()
    watcher.wait_for_trouble("printer_paper_out")
    spool.give_up(PAPERS)
    assert watcher.wait_for(JobState.DOUBT, job).trouble == "printer_given_up"
