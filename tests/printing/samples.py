"""Documents to print, with everything on them that bites."""

import base64
import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal
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
from vouchers.catalogue import Venue
from vouchers.codes import VoucherCode, check_sign
from vouchers.money import Money
from vouchers.tax import summary

BERLIN = timezone(timedelta(hours=1))
AT = datetime(2026, 11, 22, 14, 32, tzinfo=UTC).astimezone(BERLIN)
PROOF_HEAD = "V1"
PROOF_TAIL = base64.b32hexencode(hashlib.shake_256(b"proof").digest(105)).decode()
"""As long and as random as a signed proof, and the same for ever: golden pictures show it."""

VOUCHER_ID = UUID("019360c2-8f00-7000-8000-000000000001")
SIGNS = "K7Q2MN8P3XWTY4Z"
CODE = VoucherCode(SIGNS + check_sign(SIGNS))

VENUE = Venue(
    name="Museum am Fluss",
    address=["Uferstraße 12", "12345 Musterstadt"],
    tax_number="DE123456789",
    footer={
        "de": ["Vielen Dank für Ihren Besuch", "Täglich 10 bis 18 Uhr"],
        "en": ["Thank you for your visit", "Open daily 10 to 18"],
    },
    language="de",
    timezone="Europe/Berlin",
)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def issued(code: VoucherCode = CODE, title: str = "Wertgutschein") -> IssuedVoucher:
    return IssuedVoucher(
        voucher_id=VOUCHER_ID,
        title=title,
        value=eur(6000),
        balance=eur(6000),
        last4=code.last4,
        expires_on=date(2029, 12, 31),
        code=code.grouped,
        proof=PROOF_HEAD + code.text + PROOF_TAIL,
    )


def receipt(
    *,
    titles: tuple[str, ...] = ("Familienkarte", "Gutschein 50 € (Wert 60 €)", "Postkarte"),
    language: str = "de",
    vouchers: list[IssuedVoucher] | None = None,
    copy: bool = False,
) -> Receipt:
    lines = [
        ReceiptLine(quantity=n + 1, title=title, unit=eur(1900), total=eur(1900 * (n + 1)))
        for n, title in enumerate(titles)
    ]
    total = Money(sum(line.total.minor for line in lines), "EUR")
    return Receipt(
        venue=VENUE,
        language=language,
        number="K1-000123",
        at=AT,
        till="Kasse 1",
        cashier="Jana Müller",
        total=total,
        change=eur(350),
        lines=lines,
        tenders=[TenderLine(kind="cash", amount=eur(5000)), TenderLine(kind="card", amount=total)],
        taxes=summary([(700, eur(1900)), (1900, eur(5700))]),
        redeemed=[
            RedeemedVoucher(
                title="Wertgutschein", last4="K7Q2", amount=eur(1250), balance=eur(3750)
            )
        ],
        vouchers=[issued()] if vouchers is None else vouchers,
        copy=copy,
    )


def gift(
    *, greeting: str = "Alles Gute zum Geburtstag, liebe Oma!", layout: str = ""
) -> GiftVoucher:
    return GiftVoucher(
        venue=VENUE,
        language="de",
        at=AT,
        receipt="K1-000123",
        voucher=issued(),
        giver="Familie Weiß",
        recipient="Frau Çelik",
        greeting=greeting,
        stock_number="B-004711",
        layout=layout,
    )


def ticket(kind: Literal["ticket", "pass"] = "ticket", *, layout: str = "") -> Ticket:
    return Ticket(
        venue=VENUE,
        language="de",
        kind=kind,
        title="Sonderausstellung „Licht“" if kind == "ticket" else "Jahreskarte Familie",
        receipt="K1-000124",
        at=AT,
        last4=CODE.last4,
        holder="Jürgen Groß",
        place="Haus 2, Saal 4",
        starts_at=AT,
        valid_until=date(2027, 11, 22),
        price="12,00 EUR",
        code=CODE.grouped,
        stock_number="B-004712",
        layout=layout,
    )


def shift_report(kind: Literal["x", "z"] = "z", figures: int = 3) -> ShiftReport:
    sales = [
        Figure(title=f"Warengruppe {n}", amount=eur(1234 * n), count=n)
        for n in range(1, figures + 1)
    ]
    return ShiftReport(
        venue=VENUE,
        language="de",
        kind=kind,
        number="Z-000045",
        at=AT,
        opened_at=AT,
        till="Kasse 1",
        cashier="Jana Müller",
        sections={
            "Verkauf": sales,
            "Zahlungen": [
                Figure(title="Bar", amount=eur(500000)),
                Figure(title="Karte", amount=eur(1)),
            ],
            "Gutscheine": [Figure(title="eingelöst", amount=eur(-1250), count=1)],
        },
        taxes=summary([(700, eur(1900)), (1900, eur(5700))]),
        cash_expected=eur(500000),
        cash_counted=eur(499950),
    )


def statement() -> AccountStatement:
    return AccountStatement(
        venue=VENUE,
        language="de",
        at=AT,
        till="Kasse 1",
        cashier="Jana Müller",
        title="Wertgutschein",
        last4="K7Q2",
        balance=eur(3750),
        entries=[
            StatementEntry(at=AT, title="Verkauf", amount=eur(5000), balance=eur(5000)),
            StatementEntry(at=AT, title="Einlösung", amount=eur(-1250), balance=eur(3750)),
        ],
    )


def drawer_slip() -> DrawerSlip:
    return DrawerSlip(
        venue=VENUE,
        language="de",
        at=AT,
        till="Kasse 1",
        cashier="Jana Müller",
        reason="Wechselgeld",
        amount=eur(5000),
    )


def printer_test_page() -> TestPage:
    return TestPage(language="de", at=AT, till="Kasse 1", printer="Bon")


def all_documents() -> dict[str, Document]:
    """One document for each shipped layout, by the name of its file."""
    return {
        "receipt": receipt(),
        "voucher-greeting": gift(),
        "ticket": ticket(),
        "annual-pass": ticket("pass"),
        "shift-report": shift_report(),
        "account-statement": statement(),
        "drawer-slip": drawer_slip(),
        "test-page": printer_test_page(),
        "blank-gift-150x80": gift(layout="blank-gift-150x80.toml"),
        "blank-ticket-80x50": ticket(layout="blank-ticket-80x50.toml"),
        "blank-pass-86x54": ticket("pass", layout="blank-pass-86x54.toml"),
    }
