"""The receipt as it leaves the printer: its text, its codes, its edges."""

from typing import Literal

import msgspec
import pytest

from printing.documents import Receipt, without_codes
from printing.layouts import LayoutBook
from printing.profiles import Profile
from tests.printing.paper_reading import on_virtual_paper, symbols
from tests.printing.samples import CODE, drawer_slip, issued, receipt, shift_report

MODEL = "epson-tm-t88v"


def test_text_on_paper(layouts: LayoutBook) -> None:
    paper = on_virtual_paper(receipt(), layouts, MODEL)
    lines = [" ".join(line.split()) for line in paper.text.splitlines()]
    for expected in (
        "Museum am Fluss",
        "Uferstraße 12",
        "USt-IdNr. DE123456789",
        "Beleg K1-000123 22.11.2026 15:32",
        "Kasse 1 Bedient von Jana Müller",
        "2 Gutschein 50 € (Wert 60 €) 38,00",
        "Summe 114,00 EUR",
        "Wertgutschein ..K7Q2 -12,50",
        "Restwert 37,50 EUR",
        "Rückgeld 3,50",
        "7 % 17,76 1,24 19,00",
        "Wert 60,00 EUR",
        "Gültig bis 31.12.2029",
        CODE.grouped,
        "Täglich 10 bis 18 Uhr",
    ):
        assert expected in lines


def test_control_bytes_in_titles_never_reach_paper(layouts: LayoutBook) -> None:
    titles = ("Kick\x1bp\x00\x19\xfadrawer", "Cut\x1dVB\x00here", "\x10\x14\x01\x00\x01off\x9b\x7f")
    document = msgspec.structs.replace(receipt(titles=titles), tenders=[])
    paper = on_virtual_paper(document, layouts, MODEL)
    assert paper.drawer_kicks == 0
    assert "Kickp" in paper.text and "CutVBhere" in paper.text


def test_a_copy_says_so_and_holds_no_code(layouts: LayoutBook) -> None:
    document = without_codes(receipt(copy=True))
    assert isinstance(document, Receipt)
    paper = on_virtual_paper(document, layouts, MODEL)
    assert "KOPIE" in paper.text
    assert CODE.grouped not in paper.text
    assert f"..{CODE.last4}" in paper.text
    assert symbols(paper.image) == {}


def test_english_receipt(layouts: LayoutBook) -> None:
    paper = on_virtual_paper(receipt(language="en"), layouts, MODEL)
    assert "Valid until" in paper.text and "Thank you for your visit" in paper.text


def test_the_drawer_opens_for_cash_once(layouts: LayoutBook) -> None:
    paid_in_cash = on_virtual_paper(receipt(), layouts, MODEL)
    copy = on_virtual_paper(receipt(copy=True), layouts, MODEL)
    slip = on_virtual_paper(drawer_slip(), layouts, MODEL)
    assert [paid_in_cash.drawer_kicks, copy.drawer_kicks, slip.drawer_kicks] == [1, 0, 1]


@pytest.mark.parametrize(
    ("carrier", "says"),
    [
        ("receipt", "Voucher ..Y4Z8: its code stands on the original only."),
        ("sheet", "Voucher ..Y4Z8: its code stands on a sheet of its own."),
        ("card", "Loaded onto ..Y4Z8: the card is all that is needed to pay."),
    ],
)
def test_a_receipt_says_where_a_voucher_without_a_code_is(
    layouts: LayoutBook,
    profile: Profile,
    carrier: Literal["receipt", "sheet", "card"],
    says: str,
) -> None:
    bare = msgspec.structs.replace(issued(), code="", proof="", carrier=carrier)
    document = receipt(language="en", vouchers=[bare])
    said = layouts.page(document, profile).texts
    assert says in " ".join(line.text for line in said)


def test_a_report_says_on_paper_which_receipts_are_missing(layouts: LayoutBook) -> None:
    damaged = msgspec.structs.replace(shift_report(), unreadable=["K1-000007", "K1-000009"])
    text = " ".join(on_virtual_paper(damaged, layouts, MODEL).text.split())
    assert "FEHLT IN ALLEN SUMMEN" in text
    assert "K1-000007, K1-000009" in text
    assert "FEHLT" not in on_virtual_paper(shift_report(), layouts, MODEL).text
