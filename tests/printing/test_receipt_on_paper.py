"""The receipt as it leaves the printer: its text, its codes, its edges."""

import msgspec

from printing.documents import Receipt, without_codes
from printing.layouts import LayoutBook
from tests.printing.paper_reading import on_virtual_paper, symbols
from tests.printing.samples import CODE, drawer_slip, receipt

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
