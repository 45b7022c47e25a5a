"""Every fault of a printer has its own name, and the job knows what became of it."""

import threading

import msgspec
import pytest

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter, Outcome, PrintResult
from printing.printers.errors import (
    ConnectionLost,
    CoverOpen,
    CutterError,
    GivenUp,
    Interrupted,
    NotUnderstood,
    PaperOut,
    PrinterError,
    PrinterFault,
    PrinterOffline,
    PrinterUnavailable,
    Unconfirmed,
)
from printing.printers.network import NetworkAddress
from printing.profiles import Profile
from printing.virtual import Model, VirtualPrinter
from tests.printing.paper_reading import QUICK
from tests.printing.samples import receipt
from vouchers.errors import OperatingError


class Till:
    """Sends one receipt and notes what it was told meanwhile."""

    def __init__(self, printer: EscPosPrinter, data: bytes) -> None:
        self._printer, self._data = printer, data
        self.give_up = threading.Event()
        self.in_trouble = threading.Event()
        self.troubles: list[OperatingError | None] = []

    def print(self, number: int = 1) -> PrintResult:
        job = self._printer.open(number)
        try:
            return job.print(self._data, self._hear, self.give_up)
        finally:
            job.close()

    def _hear(self, trouble: OperatingError | None) -> None:
        self.troubles.append(trouble)
        self.in_trouble.set()


@pytest.fixture(params=[Model(), Model(speaks_unasked=True)], ids=["quiet", "unasked"])
def model(request: pytest.FixtureRequest) -> Model:
    found: Model = request.param
    return found


@pytest.fixture
def till(printer: EscPosPrinter, layouts: LayoutBook, profile: Profile) -> Till:
    return Till(printer, layouts.to_bytes(receipt(), profile))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"paper_left_lines": 0}, PaperOut),
        ({"cover_open": True}, CoverOpen),
        ({"cutter_jammed": True}, CutterError),
        ({"broken": True}, PrinterFault),
        ({"paused": True}, PrinterOffline),
        ({"garbage_status": True}, NotUnderstood),
        ({"stalls_after_bytes": 0}, PrinterUnavailable),
        ({"resets_after_bytes": 0}, PrinterUnavailable),
        ({"closes_after_bytes": 0}, PrinterUnavailable),
    ],
)
def test_before_the_first_byte(
    till: Till, paper: VirtualPrinter, fault: dict[str, object], error: type[PrinterError]
) -> None:
    paper.script(**fault)
    with pytest.raises(error):
        till.print()
    paper.mend()
    assert till.print().outcome is Outcome.PRINTED
    assert len(paper.documents) == 1


def test_nobody_listens(profile: Profile) -> None:
    with VirtualPrinter() as gone:
        port = gone.port
    printer = EscPosPrinter("receipts", profile, NetworkAddress("127.0.0.1", port), QUICK)
    with pytest.raises(PrinterUnavailable):
        printer.open(1)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"stalls_after_bytes": 5000}, Unconfirmed),
        ({"resets_after_bytes": 5000}, ConnectionLost),
        ({"closes_after_bytes": 5000}, ConnectionLost),
        ({"never_prints": True}, Unconfirmed),
    ],
)
def test_in_the_middle(
    till: Till, paper: VirtualPrinter, fault: dict[str, object], error: type[PrinterError]
) -> None:
    paper.script(**fault)
    result = till.print()
    assert result.outcome is Outcome.DOUBT
    assert isinstance(result.cause, error)


@pytest.mark.parametrize("lines", [1, 7, 20])
def test_paper_out_in_the_middle_waits_and_goes_on(
    till: Till, paper: VirtualPrinter, lines: int
) -> None:
    paper.script(paper_left_lines=lines)
    results: list[PrintResult] = []
    printing = threading.Thread(target=lambda: results.append(till.print()))
    printing.start()
    assert till.in_trouble.wait(5)
    assert isinstance(till.troubles[0], PaperOut)
    paper.mend()
    printing.join()
    assert results[0].outcome is Outcome.PRINTED
    assert isinstance(results[0].cause, Interrupted)
    assert till.troubles[-1] is None
    assert len(paper.documents) == 1


def test_giving_up_leaves_a_doubt(till: Till, paper: VirtualPrinter) -> None:
    paper.script(paper_left_lines=3)
    results: list[PrintResult] = []
    printing = threading.Thread(target=lambda: results.append(till.print()))
    printing.start()
    assert till.in_trouble.wait(5)
    till.give_up.set()
    printing.join()
    assert results[0].outcome is Outcome.DOUBT
    assert isinstance(results[0].cause, GivenUp)


def test_a_slow_printer_is_waited_for(till: Till, paper: VirtualPrinter) -> None:
    paper.script(delay_s_per_kb=0.03)
    assert till.print().outcome is Outcome.PRINTED
    assert till.troubles == []


def test_the_drawer_sensor(till: Till, paper: VirtualPrinter, profile: Profile) -> None:
    address = NetworkAddress("127.0.0.1", paper.port)
    printer = EscPosPrinter("receipts", profile, address, QUICK)
    assert printer.drawer_is_open() is False
    till.print()
    assert printer.drawer_is_open() is True
    without = msgspec.structs.replace(profile, drawer_open_pin="none")
    assert EscPosPrinter("receipts", without, address, QUICK).drawer_is_open() is None
