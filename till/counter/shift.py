"""Opening and closing a shift: what should be in the drawer, and what is."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from printing.documents import ShiftReport, copy_of
from till.counter.desk import Desk
from till.counter.open_sales import check_none_open
from till.counter.shift_figures import ShiftFigures, figures_of, shift_report
from till.store import audit, receipts, returned_tenders, shifts, spool
from till.store.database import Work
from till.store.shifts import Shift, ZReport
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.money import Money
from vouchers.people import User


class Outside(Struct, frozen=True, kw_only=True):
    """`count` receipts stand in no shift; the oldest is of `since` (UTC)."""

    count: int
    since: datetime


class Shifts:
    """The till's shifts. Selling needs none unless the venue wants it; what is sold outside one has
    a report of its own.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def figures(self) -> ShiftFigures | None:
        """The open shift so far (X report), None when none is open."""
        with self._desk.database.read() as work:
            return None if shifts.open_id(work) is None else self._so_far(work)[1]

    def open(self, user: User, float_: Money) -> None:
        """Start a shift with `float_` in the drawer. Raises Refused (duplicate, amount)."""
        if float_.minor < 0:
            raise Refused(Reason.AMOUNT, "amount_not_positive", amount=float_)
        shift = Shift(
            shift_id=new_id(),
            opened_at=self._desk.clock.now(),
            opened_by=user.name,
            float_minor=float_.minor,
        )
        with self._desk.database.write() as work:
            shifts.begin(work, shift)

    def close(self, user: User, counted: Money) -> ShiftFigures:
        """End the shift with the cash that was counted, and print its Z report.

        Raises Refused (no_shift), and (tender) while a sale holds money that is on no receipt yet.
        """
        now = self._desk.clock.now()
        with self._desk.database.write() as work:
            check_none_open(work)
            shift, figures = self._so_far(work, counted)
            number = shifts.next_z_number(work)
            figures = replace(figures, z_number=number)
            report = self._report(work, figures, user, now)
            z = ZReport(number=number, counted_minor=counted.minor, report=report)
            shifts.end(work, shift.shift_id, now, user.name, z)
            spool.add(work, report, reference=report.number, at=now)
        self._desk.reported()
        return figures

    def print_x(self, user: User) -> ShiftFigures:
        """Print how the open shift stands; nothing ends. Raises Refused (no_shift)."""
        now = self._desk.clock.now()
        with self._desk.database.write() as work:
            _shift, figures = self._so_far(work)
            report = self._report(work, figures, user, now)
            spool.add(work, report, reference=report.number, at=now)
        self._desk.reported()
        return figures

    def outside(self) -> Outside | None:
        """What was sold outside any shift and stands in no report yet, None when nothing was."""
        with self._desk.database.read() as work:
            count, since = receipts.count_outside(work)
        return None if since is None else Outside(count=count, since=since)

    def report_outside(self, user: User) -> ShiftFigures:
        """A Z report of all that was sold outside any shift and stands in none yet; it is printed.

        Raises Refused (unknown) when there is nothing.
        """
        now = self._desk.clock.now()
        with self._desk.database.write() as work:
            given, returned = receipts.of_shift(work, None), returned_tenders.of_shift(work, None)
            count, since = receipts.count_outside(work)
            if not count and not returned:
                raise Refused(Reason.UNKNOWN, "shift_nothing_outside")
            began = since or now
            shift = Shift(shift_id=new_id(), opened_at=began, opened_by=user.name, float_minor=0)
            figures = figures_of(shift, given, returned, self._desk.catalogue(work).currency)
            number = shifts.next_z_number(work)
            figures = replace(figures, z_number=number, outside=True)
            report = self._report(work, figures, user, now)
            z = ZReport(number=number, counted_minor=None, report=report)
            shifts.record(work, shift, now, user.name, z)
            receipts.put_into(work, shift.shift_id)
            returned_tenders.put_into(work, shift.shift_id)
            spool.add(work, report, reference=report.number, at=now)
        self._desk.reported()
        return figures

    def reprint_z(self, user: User, number: int | None = None) -> ShiftReport:
        """Print a Z report again as a marked copy, the newest without a number.

        Raises Refused (unknown).
        """
        now = self._desk.clock.now()
        with self._desk.database.write() as work:
            report = shifts.z_report(work, number)
            if report is None:
                raise Refused(Reason.UNKNOWN, "z_report_unknown")
            spool.add(work, copy_of(report), reference=report.number, at=now)
            audit.add(work, now, actor=user.user_id, action="reprint", subject=report.number)
        self._desk.reported()
        return report

    def _so_far(self, work: Work, counted: Money | None = None) -> tuple[Shift, ShiftFigures]:
        shift = shifts.current(work)
        if shift is None:
            raise Refused(Reason.NO_SHIFT)
        given = receipts.of_shift(work, shift.shift_id)
        returned = returned_tenders.of_shift(work, shift.shift_id)
        currency = self._desk.catalogue(work).currency
        return shift, figures_of(shift, given, returned, currency, counted)

    def _report(self, work: Work, figures: ShiftFigures, user: User, now: datetime) -> ShiftReport:
        venue, till = self._desk.catalogue(work).venue, self._desk.identity(work)
        return shift_report(figures, venue=venue, till=till, cashier=user.name, at=now)
