"""How fast paper is: from the sale on disk to the printer, and laying documents out.

Figures are ratios to the same bytes over a bare socket, or times where the issue names a limit.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

from msgspec.structs import replace

from printing.documents import (
    Figure,
    IssuedVoucher,
    Receipt,
    ReceiptLine,
    ShiftReport,
    TenderLine,
)
from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter
from printing.printers.network import NetworkAddress
from printing.profiles import Profile, find_profile
from printing.spool import JobState, PrintJob, Spool, new_job
from vouchers.catalogue import Venue
from vouchers.ids import new_id
from vouchers.money import Money
from vouchers.tax import summary

ROUNDS = 30
REPORT_LINES = 500
AT = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)
VENUE = Venue(
    name="Museum am Fluss",
    address=["Uferstraße 12", "12345 Musterstadt"],
    tax_number="DE123456789",
    footer={"de": ["Vielen Dank für Ihren Besuch"]},
    language="de",
    timezone="Europe/Berlin",
)


def ratios() -> list[tuple[str, str]]:
    """What was measured, and the figure."""
    layouts, profile = LayoutBook.load(), find_profile("epson-tm-t88v")
    document = _receipt()
    data = layouts.to_bytes(document, profile)
    receipt_ms = _median_ms(lambda: layouts.to_bytes(document, profile))
    report = _report()
    report_s = _median_ms(lambda: layouts.to_bytes(report, profile), 5) / 1000
    bare_first, bare_last = _over_a_bare_socket(data)
    first, last = _through_the_spool(document, layouts, profile)
    return [
        ("receipt with QR laid out, after the first (limit 10 ms)", f"{receipt_ms:.1f} ms"),
        (
            f"report of {REPORT_LINES} lines laid out",
            f"{REPORT_LINES / report_s:,.0f} lines a second",
        ),
        (
            "sale committed to first byte at the printer, against a bare socket",
            f"{first / bare_first:.1f} x ({first:.1f} ms against {bare_first:.1f} ms)",
        ),
        (
            "sale committed to last byte at the printer, against a bare socket",
            f"{last / bare_last:.1f} x ({last:.1f} ms against {bare_last:.1f} ms)",
        ),
    ]


def _median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken)


class _Sink:
    """A printer that is always well, draws nothing, and notes when bytes of a job came."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.first_at = self.last_at = 0.0
        self.over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            client, _ = self._listener.accept()
            with client, contextlib.suppress(OSError):  # gone once it knows enough
                self._take(client)

    def _take(self, client: socket.socket) -> None:
        begun = False
        while data := client.recv(65_536):
            for _ in range(data.count(b"\x10\x04")):
                client.sendall(b"\x12")
            if not begun and b"\x1b@" in data:
                begun, self.first_at = True, time.perf_counter()
            self.last_at = time.perf_counter()
            if (end := data.rfind(b"\x1d\x28\x48\x06\x00")) >= 0:
                client.sendall(b"\x37\x22" + data[end + 7 : end + 11] + b"\x00")
                self.over.set()
            elif data.endswith(b"\x1dVB\x00"):
                self.over.set()


def _over_a_bare_socket(data: bytes) -> tuple[float, float]:
    sink, firsts, lasts = _Sink(), [], []
    for _ in range(ROUNDS):
        sink.over.clear()
        start = time.perf_counter()
        with socket.create_connection(("127.0.0.1", sink.port)) as line:
            line.sendall(data)
            sink.over.wait()
        firsts.append(1000 * (sink.first_at - start))
        lasts.append(1000 * (sink.last_at - start))
    return median(firsts), median(lasts)


def _through_the_spool(
    document: Receipt, layouts: LayoutBook, profile: Profile
) -> tuple[float, float]:
    """As at the till, but for the database: the journal is kept in memory."""
    sink, journal, firsts, lasts = _Sink(), _Journal(), [], []
    printer = EscPosPrinter("receipts", profile, NetworkAddress("127.0.0.1", sink.port))
    spool = Spool(journal, {"receipts": printer}, layouts)
    spool.start()
    for n in range(ROUNDS):
        sink.over.clear()
        journal.rested.clear()
        number = f"K1-{n:06d}"
        sold = new_job(
            replace(document, number=number), printer="receipts", reference=number, at=AT
        )
        start = time.perf_counter()
        journal.jobs[sold.job_id] = sold
        spool.wake()
        sink.over.wait()
        firsts.append(1000 * (sink.first_at - start))
        lasts.append(1000 * (sink.last_at - start))
        journal.rested.wait()
    spool.stop()
    return median(firsts), median(lasts)


class _Journal:
    """A SpoolStore in memory."""

    def __init__(self) -> None:
        self.jobs: dict[UUID, PrintJob] = {}
        self.rested = threading.Event()

    def next_open(self, printer: str) -> PrintJob | None:
        waiting = (job for job in self.jobs.values() if job.state is JobState.INTENT)
        return next((job for job in waiting if job.printer == printer), None)

    def job(self, job_id: UUID) -> PrintJob | None:
        return self.jobs.get(job_id)

    def open_jobs(self) -> list[PrintJob]:
        return [job for job in self.jobs.values() if job.state is not JobState.PRINTED]

    def move(self, before: PrintJob, after: PrintJob) -> bool:
        if self.jobs[before.job_id].state is not before.state:
            return False
        self.jobs[before.job_id] = after
        if after.state is JobState.PRINTED:
            self.rested.set()
        return True


def _eur(minor: int) -> Money:
    return Money(minor, "EUR")


def _receipt() -> Receipt:
    voucher = IssuedVoucher(
        voucher_id=new_id(),
        title="Wertgutschein",
        value=_eur(5000),
        balance=_eur(5000),
        last4="Y4Z8",
        code="K7Q2-MN8P-3XWT-Y4Z8",
        proof="V1K7Q2MN8P3XWTY4Z8" + "0123456789ABCDEFGHIJKLMNOPQRSTUV" * 5,
    )
    line = ReceiptLine(quantity=1, title="Gutschein 50 €", unit=_eur(5000), total=_eur(5000))
    ticket = ReceiptLine(quantity=2, title="Familienkarte", unit=_eur(1900), total=_eur(3800))
    return Receipt(
        venue=VENUE,
        language="de",
        number="K1-000001",
        at=AT,
        till="Kasse 1",
        cashier="Jana Müller",
        total=_eur(8800),
        change=_eur(200),
        lines=[line, ticket],
        tenders=[TenderLine(kind="cash", amount=_eur(9000))],
        taxes=summary([(700, _eur(3800))]),
        vouchers=[voucher],
    )


def _report() -> ShiftReport:
    figures = [
        Figure(title=f"Warengruppe {n}", amount=_eur(n), count=n) for n in range(1, REPORT_LINES)
    ]
    return ShiftReport(
        venue=VENUE,
        language="de",
        kind="z",
        number="Z-000001",
        at=AT,
        opened_at=AT,
        till="Kasse 1",
        cashier="Jana Müller",
        sections={"Verkauf": figures},
    )
