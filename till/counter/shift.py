"""Opening and closing a shift: what should be in the drawer, and what is."""

from collections import Counter
from datetime import datetime

from msgspec import Struct

from printing.documents import Receipt
from till.counter.desk import Desk
from till.store import receipts, shifts
from till.store.shifts import Shift
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.money import Money
from vouchers.people import User


class ShiftFigures(Struct, frozen=True, kw_only=True):
    """How a shift stands. `expected` is the float plus the cash taken less the change given."""

    opened_at: datetime
    opened_by: str
    receipts: int
    sales: Money
    tenders: dict[str, Money]
    vouchers_sold: Money
    vouchers_redeemed: Money
    float_: Money
    expected: Money
    counted: Money | None = None


class Shifts:
    """The till's shifts. Selling needs none; a venue that counts its drawers opens them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def figures(self) -> ShiftFigures | None:
        """The open shift so far (X report), None when none is open."""
        with self._desk.database.read() as work:
            shift = shifts.current(work)
            if shift is None:
                return None
            given = receipts.of_shift(work, shift.shift_id)
            return _figures(shift, given, self._desk.catalogue(work).currency)

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
        """End the shift with the cash that was counted (Z report). Raises Refused (no_shift)."""
        with self._desk.database.write() as work:
            shift = shifts.current(work)
            if shift is None:
                raise Refused(Reason.NO_SHIFT)
            given = receipts.of_shift(work, shift.shift_id)
            shifts.end(work, shift.shift_id, self._desk.clock.now(), user.name, counted.minor)
            return _figures(shift, given, self._desk.catalogue(work).currency, counted)


def _figures(
    shift: Shift, given: list[Receipt], currency: str, counted: Money | None = None
) -> ShiftFigures:
    tenders: Counter[str] = Counter()
    for receipt in given:
        for tender in receipt.tenders:
            tenders[tender.kind] += tender.amount.minor
        if receipt.change:
            tenders["cash"] -= receipt.change.minor
    float_ = Money(shift.float_minor, currency)
    return ShiftFigures(
        opened_at=shift.opened_at,
        opened_by=shift.opened_by,
        receipts=len(given),
        sales=Money(sum(receipt.total.minor for receipt in given), currency),
        tenders={kind: Money(minor, currency) for kind, minor in sorted(tenders.items())},
        vouchers_sold=Money(
            sum(voucher.value.minor for receipt in given for voucher in receipt.vouchers), currency
        ),
        vouchers_redeemed=Money(
            sum(voucher.amount.minor for receipt in given for voucher in receipt.redeemed), currency
        ),
        float_=float_,
        expected=float_ + Money(tenders["cash"], currency),
        counted=counted,
    )
