"""How a shift stands, in figures and as a report for paper."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from printing.documents import Figure, Receipt, ShiftReport
from resources.texts import Texts
from till.store.receipts import Given
from till.store.settings import Identity
from till.store.shifts import Shift
from vouchers.catalogue import Venue
from vouchers.money import Money
from vouchers.tax import TaxLine


class ShiftFigures(Struct, frozen=True, kw_only=True):
    """How a shift stands. `expected` is the float plus the cash taken less the change given;
    `given_back` is what was taken and handed back before there was a receipt, by kind of tender.
    `outside`: it was no shift, but all that was sold outside any. `unreadable` are the numbers of
    receipts that were damaged on disk: no sum has them.
    """

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
    taxes: list[TaxLine] = []
    z_number: int | None = None
    given_back: dict[str, Money] = {}
    outside: bool = False
    unreadable: list[str] = []


def figures_of(
    shift: Shift,
    kept: Given,
    returned: Mapping[str, int],
    currency: str,
    counted: Money | None = None,
) -> ShiftFigures:
    """What the receipts given in a shift come to, and what was `returned` in minor units."""
    tenders: Counter[str] = Counter()
    given = kept.receipts
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
        taxes=_taxes(given),
        given_back={kind: Money(minor, currency) for kind, minor in sorted(returned.items())},
        unreadable=kept.unreadable,
    )


def _taxes(given: list[Receipt]) -> list[TaxLine]:
    """The VAT that stands on the receipts, added up as it stands there."""
    by_rate: dict[int, TaxLine] = {}
    for line in (line for receipt in given for line in receipt.taxes):
        so_far = by_rate.get(line.rate_bp)
        by_rate[line.rate_bp] = line if so_far is None else _added(so_far, line)
    return [by_rate[rate_bp] for rate_bp in sorted(by_rate)]


def _added(one: TaxLine, other: TaxLine) -> TaxLine:
    return TaxLine(one.rate_bp, one.net + other.net, one.tax + other.tax, one.gross + other.gross)


def shift_report(
    figures: ShiftFigures, *, venue: Venue, till: Identity, cashier: str, at: datetime
) -> ShiftReport:
    """The report in the venue's language and time zone: Z with a number, else X."""
    texts, zone = Texts(venue.language), venue.zone
    number = figures.z_number

    def by_kind(amounts: dict[str, Money]) -> list[Figure]:
        return [figure(f"report_tender_{kind}", amount) for kind, amount in amounts.items()]

    def figure(key: str, amount: Money, count: int | None = None) -> Figure:
        return Figure(title=texts.say(key), amount=amount, count=count)

    sections = {
        texts.say("report_sales"): [
            figure("report_receipts", figures.sales, figures.receipts),
            figure("report_vouchers_sold", figures.vouchers_sold),
            figure("report_vouchers_redeemed", figures.vouchers_redeemed),
        ],
        texts.say("report_tenders"): by_kind(figures.tenders),
    }
    if figures.given_back:
        sections[texts.say("report_given_back")] = by_kind(figures.given_back)
    if not figures.outside:
        sections[texts.say("report_drawer")] = [figure("report_float", figures.float_)]
    return ShiftReport(
        venue=venue,
        language=venue.language,
        kind="x" if number is None else "z",
        number=f"{till.name}-X" if number is None else f"{till.numbers_as}-Z{number:05}",
        at=at.astimezone(zone),
        opened_at=figures.opened_at.astimezone(zone),
        till=till.name,
        cashier=cashier,
        sections=sections,
        taxes=figures.taxes,
        cash_expected=figures.expected,
        cash_counted=figures.counted,
        outside=figures.outside,
        unreadable=figures.unreadable,
    )
