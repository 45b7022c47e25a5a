"""Whatever breaks, and whenever: each voucher is on paper once, or its code is replaced.

The till is killed (kill -9) at any byte, and the printer fails in every way it can. Afterwards a
cashier looks at the paper of every job in doubt and says whether it came out whole; what did not
gets a new code. Then the paper is counted.
"""

import multiprocessing
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace as replace_model
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops

from printing.documents import Receipt
from printing.printers import EscPosPrinter
from printing.printers.network import NetworkAddress
from printing.spool import JobState, PrintJob, Spool, SpoolNews, new_job
from printing.virtual import Model, VirtualPrinter
from tests.printing.journal import SqliteJournal
from tests.printing.paper_reading import QUICK, trimmed
from tests.printing.samples import issued, receipt
from tests.printing.till_process import LAYOUTS, PRINTER, PROFILE, print_all, run
from vouchers.codes import VoucherCode, new_code
from vouchers.ids import new_id

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
JOBS = 3
JOB_BYTES = 13_500
SLOW = Model(buffer_bytes=1_024)
UNASKED = Model(speaks_unasked=True)
LAST_LINE = "Täglich 10 bis 18 Uhr"

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.printing.till_process"])


class Counter:
    """Sells vouchers, and at the end counts what is in the hands of the visitors."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.sqlite"
        self.journal = SqliteJournal(self.path)
        self.valid: dict[str, VoucherCode] = {}
        self.sold: dict[str, Receipt] = {}
        for n in range(JOBS):
            self.sell(f"K1-{n:06d}")

    def sell(self, number: str) -> None:
        code = new_code()
        voucher = replace(issued(code), voucher_id=new_id())
        document = replace(receipt(vouchers=[voucher]), number=number)
        assert isinstance(document, Receipt)
        self.valid[number], self.sold[number] = code, document
        self.journal.add(new_job(document, printer=PRINTER, reference=number, at=NOW))

    def answer_doubts(self, paper: VirtualPrinter) -> int:
        """The cashier looks at the paper; a code that did not come out whole is replaced."""
        printer = EscPosPrinter(PRINTER, PROFILE, NetworkAddress("127.0.0.1", paper.port))
        spool = Spool(self.journal, {PRINTER: printer}, LAYOUTS)
        doubts = [job for job in self.journal.all_jobs() if job.state is JobState.DOUBT]
        for job in doubts:
            whole = self.copies(paper, job) == 1
            spool.came_out(job.job_id, whole)
            if not whole:
                self.sell(job.reference)
        return len(doubts)

    def copies(self, paper: VirtualPrinter, job: PrintJob) -> int:
        code = self.valid[job.reference].grouped
        return sum(code in each.text and LAST_LINE in each.text for each in paper.documents)

    def check(self, paper: VirtualPrinter) -> None:
        """Every voucher is on paper once, dot for dot, under a code that is valid."""
        jobs = self.journal.all_jobs()
        assert {job.state for job in jobs} <= {JobState.PRINTED, JobState.FAILED}
        assert all(b'"code":""' in job.document for job in jobs)
        for number, code in self.valid.items():
            printed = [job for job in jobs if job.reference == number]
            assert [job.state for job in printed].count(JobState.PRINTED) == 1
            (whole,) = [each for each in paper.documents if code.grouped in each.text]
            preview = LAYOUTS.to_picture(self.sold[number], PROFILE)
            assert ends_with(trimmed(whole.image), trimmed(preview)), number
        assert paper.refused == []


def ends_with(paper: Image.Image, preview: Image.Image) -> bool:
    """Above it may hang what a job that was broken off has left."""
    last = paper.crop((0, paper.height - preview.height, paper.width, paper.height))
    return ImageChops.difference(last, preview).getbbox() is None


def settle(counter: Counter, paper: VirtualPrinter) -> int:
    """Print and ask until nothing is open; the number of doubts there were."""
    doubts = 0
    while True:
        print_all(counter.journal, paper.port)
        found = counter.answer_doubts(paper)
        if not found:
            return doubts
        doubts += found


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path)
    yield made
    made.journal.close()


def kill_till_at(counter: Counter, paper: VirtualPrinter, byte: int) -> None:
    """Let a till print, and kill it as soon as the printer has received `byte` bytes."""
    till = FORKS.Process(target=run, args=(str(counter.path), paper.port))
    till.start()
    paper.wait_until(lambda: paper.bytes_received >= byte or not till.is_alive(), 60)
    till.kill()
    till.join()


def killed_run(counter: Counter, seed: int) -> None:
    chance = random.Random(seed)
    with VirtualPrinter(replace_model(SLOW, speaks_unasked=bool(seed % 2))) as paper:
        paper.script(delay_s_per_kb=0.004)
        for _ in range(chance.choice((1, 1, 2))):
            kill_till_at(counter, paper, chance.randrange(JOBS * JOB_BYTES))
        paper.mend()
        settle(counter, paper)
        counter.check(paper)


@pytest.mark.parametrize("seed", range(4))
def test_killed_till(counter: Counter, seed: int) -> None:
    killed_run(counter, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 300))
def test_killed_till_many_times(counter: Counter, seed: int) -> None:
    killed_run(counter, seed)


@pytest.mark.parametrize("byte", [1_000, 5_000, 5_001, 8_000, 11_000])
def test_a_job_broken_off_inside_a_picture_spoils_no_other(counter: Counter, byte: int) -> None:
    """The printer still waits for the rest of that picture when the next job comes."""
    with VirtualPrinter() as paper:
        paper.script(closes_after_bytes=byte)
        print_until_first_doubt(counter, paper)
        paper.mend()
        settle(counter, paper)
        counter.check(paper)


def print_until_first_doubt(counter: Counter, paper: VirtualPrinter) -> None:
    doubted = threading.Event()

    def hear(news: SpoolNews) -> None:
        if news.job is not None and news.job.state is JobState.DOUBT:
            paper.mend()
            doubted.set()

    printer = EscPosPrinter(PRINTER, PROFILE, NetworkAddress("127.0.0.1", paper.port), QUICK)
    spool = Spool(counter.journal, {PRINTER: printer}, LAYOUTS, hear)
    spool.start()
    assert doubted.wait(10)
    spool.stop()


BYTE_FAULTS = ("stalls_after_bytes", "resets_after_bytes", "closes_after_bytes")
LASTING = ("cover_open", "paused", "cutter_jammed", "broken", "garbage_status", "never_prints")
FAULTS: list[dict[str, int]] = [
    *({fault: byte} for fault in BYTE_FAULTS for byte in range(0, JOB_BYTES, 500)),
    *({"paper_left_lines": lines} for lines in range(40)),
    *({name: 1} for name in LASTING),
    {"never_prints": 1, "paper_left_lines": 5},
]
SAMPLE = FAULTS[7::18]


def faulty_run(counter: Counter, fault: dict[str, int], model: Model) -> None:
    with VirtualPrinter(model) as paper:
        paper.script(**fault)
        till = FORKS.Process(target=run, args=(str(counter.path), paper.port))
        till.start()
        time.sleep(0.7)  # the fault lasts: some waits of the till have run out, others have not
        paper.mend()
        till.join()
        assert till.exitcode == 0
        settle(counter, paper)
        counter.check(paper)


def name_of(fault: dict[str, int]) -> str:
    return "-".join(f"{name}={value}" for name, value in fault.items())


@pytest.mark.parametrize("fault", SAMPLE, ids=name_of)
def test_failing_printer(counter: Counter, fault: dict[str, int]) -> None:
    faulty_run(counter, fault, Model())


@pytest.mark.parametrize("fault", SAMPLE[::2], ids=name_of)
def test_failing_printer_that_speaks_unasked(counter: Counter, fault: dict[str, int]) -> None:
    faulty_run(counter, fault, UNASKED)


@pytest.mark.soak
@pytest.mark.parametrize("model", [Model(), UNASKED], ids=["quiet", "unasked"])
@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
def test_failing_printer_at_every_step(
    counter: Counter, fault: dict[str, int], model: Model
) -> None:
    faulty_run(counter, fault, model)
