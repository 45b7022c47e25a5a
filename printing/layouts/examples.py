"""An example of each kind of document, to look at a layout before anything is sold.

Its code is none: the check sign is wrong, so no till takes it for a voucher.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from printing.documents import (
    AccountStatement,
    Document,
    DrawerSlip,
    Figure,
    GiftVoucher,
    IssuedVoucher,
    Receipt,
    ReceiptLine,
    RedeemedVoucher,
    ShiftReport,
    StatementEntry,
    TenderLine,
    TestPage,
    Ticket,
)
from printing.layouts.wording import Wording, wording
from vouchers.catalogue import Venue
from vouchers.money import Money
from vouchers.tax import summary

EXAMPLE_CODE = "EXMP-2345-6789-ABCD"
EXAMPLE_PROOF = "EXAMPLE0123456789" * 9
"""As long as a signed proof, so that the QR code has its size."""

NUMBER, TILL, CASHIER = "K1-000123", "K1", "Kim"


def example(kind: str, venue: Venue, currency: str, at: datetime, layout: str) -> Document:
    """A document of `kind` in the venue's language, meant for the file `layout`.

    Raises KeyError for a kind there is none of.
    """
    return _EXAMPLES[kind](_Shop(venue, currency, at, layout))


class _Shop:
    def __init__(self, venue: Venue, currency: str, at: datetime, layout: str) -> None:
        self.venue, self.language, self.at, self.layout = venue, venue.language, at, layout
        self.words: Wording = wording(venue.language)
        self.later: date = (at + timedelta(days=3 * 365)).date()
        self._currency = currency

    def sum(self, minor: int) -> Money:
        return Money(minor, self._currency)

    def voucher(self) -> IssuedVoucher:
        return IssuedVoucher(
            voucher_id=UUID(int=0),
            title=self.words.word("example_voucher"),
            value=self.sum(60_00),
            balance=self.sum(60_00),
            last4=EXAMPLE_CODE[-4:],
            expires_on=self.later,
            code=EXAMPLE_CODE,
            proof=EXAMPLE_PROOF,
        )


def _receipt(shop: _Shop) -> Receipt:
    sold = [("example_voucher", 1, 50_00), ("example_family", 2, 19_00), ("example_goods", 1, 2_50)]
    lines = [
        ReceiptLine(
            quantity=count,
            title=shop.words.word(key),
            unit=shop.sum(minor),
            total=shop.sum(count * minor),
        )
        for key, count, minor in sold
    ]
    redeemed = RedeemedVoucher(
        title=lines[0].title, last4="K7Q2", amount=shop.sum(12_50), balance=shop.sum(37_50)
    )
    return Receipt(
        venue=shop.venue,
        language=shop.language,
        number=NUMBER,
        at=shop.at,
        till=TILL,
        cashier=CASHIER,
        total=shop.sum(90_50),
        change=shop.sum(2_00),
        lines=lines,
        tenders=[TenderLine(kind="cash", amount=shop.sum(80_00))],
        taxes=summary([(700, shop.sum(38_00)), (1900, shop.sum(2_50))]),
        redeemed=[redeemed],
        vouchers=[shop.voucher()],
    )


def _gift(shop: _Shop) -> GiftVoucher:
    return GiftVoucher(
        venue=shop.venue,
        language=shop.language,
        at=shop.at,
        receipt=NUMBER,
        voucher=shop.voucher(),
        giver=shop.words.word("example_giver"),
        recipient=shop.words.word("example_recipient"),
        greeting=shop.words.word("example_greeting"),
        stock_number="B-004711",
        layout=shop.layout,
    )


def _ticket(shop: _Shop) -> Ticket:
    return Ticket(
        venue=shop.venue,
        language=shop.language,
        kind="ticket",
        title=shop.words.word("example_family"),
        receipt=NUMBER,
        at=shop.at,
        last4=EXAMPLE_CODE[-4:],
        place=shop.words.word("example_place"),
        starts_at=shop.at + timedelta(days=7),
        price=shop.words.amount(shop.sum(19_00)),
        code=EXAMPLE_CODE,
        stock_number="B-004711",
        layout=shop.layout,
    )


def _pass(shop: _Shop) -> Ticket:
    return Ticket(
        venue=shop.venue,
        language=shop.language,
        kind="pass",
        title=shop.words.word("example_pass"),
        receipt=NUMBER,
        at=shop.at,
        last4=EXAMPLE_CODE[-4:],
        holder=shop.words.word("example_recipient"),
        valid_until=shop.later,
        price=shop.words.amount(shop.sum(45_00)),
        code=EXAMPLE_CODE,
        stock_number="B-004711",
        layout=shop.layout,
    )


def _shift_report(shop: _Shop) -> ShiftReport:
    words, money = shop.words, shop.sum
    sold = [
        Figure(title=words.word("example_family"), count=23, amount=money(437_00)),
        Figure(title=words.word("example_goods"), count=8, amount=money(20_00)),
    ]
    taken = [
        Figure(title=words.word("paper_tender_cash"), amount=money(310_00)),
        Figure(title=words.word("paper_tender_card"), amount=money(147_00)),
    ]
    return ShiftReport(
        venue=shop.venue,
        language=shop.language,
        kind="z",
        number="K1-Z00042",
        at=shop.at,
        opened_at=shop.at - timedelta(hours=8),
        till=TILL,
        cashier=CASHIER,
        sections={words.word("example_sales"): sold, words.word("example_taken"): taken},
        taxes=summary([(700, money(437_00)), (1900, money(20_00))]),
        cash_expected=money(460_00),
        cash_counted=money(459_50),
    )


def _statement(shop: _Shop) -> AccountStatement:
    steps = [("example_sold", 60_00, 60_00), ("example_redeemed", -12_50, 47_50)]
    return AccountStatement(
        venue=shop.venue,
        language=shop.language,
        at=shop.at,
        till=TILL,
        cashier=CASHIER,
        title=shop.words.word("example_voucher"),
        last4=EXAMPLE_CODE[-4:],
        balance=shop.sum(47_50),
        entries=[
            StatementEntry(
                at=shop.at,
                title=shop.words.word(key),
                amount=shop.sum(minor),
                balance=shop.sum(left),
            )
            for key, minor, left in steps
        ],
    )


def _drawer_slip(shop: _Shop) -> DrawerSlip:
    return DrawerSlip(
        venue=shop.venue,
        language=shop.language,
        at=shop.at,
        till=TILL,
        cashier=CASHIER,
        reason=shop.words.word("example_reason"),
    )


def _test_page(shop: _Shop) -> TestPage:
    return TestPage(language=shop.language, at=shop.at, till=TILL, printer="1")


_EXAMPLES: dict[str, Callable[[_Shop], Document]] = {
    "receipt": _receipt,
    "voucher": _gift,
    "ticket": _ticket,
    "pass": _pass,
    "shift_report": _shift_report,
    "statement": _statement,
    "drawer_slip": _drawer_slip,
    "test_page": _test_page,
}
