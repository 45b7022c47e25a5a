"""The receipt as it leaves the printer: its text, its codes, its edges."""

import threading

import pytest
from PIL import ImageChops

from printing.documents import Receipt, without_codes
from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter, Outcome
from printing.printers.network import NetworkAddress
from printing.profiles import Profile, shipped_profiles
from printing.virtual import Model, PaperDocument, VirtualPrinter
from tests.printing.conftest import QUICK
from tests.printing.paper_reading import symbols, trimmed
from tests.printing.samples import CODE, issued, receipt
from vouchers.proof import read_proof

MODELS = {
    "generic-58": Model(width_dots=384, knife=False, answers_status=False, knows_process_id=False),
    "generic-80": Model(width_dots=576, knows_process_id=False),
    "epson-tm-t20iii": Model(width_dots=576),
}


def on_paper(document: Receipt, layouts: LayoutBook, name: str, profile: Profile) -> PaperDocument:
    with VirtualPrinter(MODELS.get(name, Model(width_dots=profile.width_dots))) as paper:
        printer = EscPosPrinter(name, profile, NetworkAddress("127.0.0.1", paper.port), QUICK)
        job = printer.open(7)
        result = job.print(
            layouts.to_bytes(document, profile), lambda trouble: None, threading.Event()
        )
        job.close()
        assert result.outcome in {Outcome.PRINTED, Outcome.UNCONFIRMED}
        (document_on_paper,) = paper.wait_for_documents(1)
        assert paper.refused == []
        return document_on_paper


@pytest.mark.parametrize("name", sorted(shipped_profiles()))
def test_receipt_prints_what_the_preview_shows(layouts: LayoutBook, name: str) -> None:
    profile = shipped_profiles()[name]
    document = receipt()
    paper = on_paper(document, layouts, name, profile)
    preview = layouts.to_picture(document, profile)
    assert ImageChops.difference(trimmed(paper.image), trimmed(preview)).getbbox() is None


@pytest.mark.parametrize("name", sorted(shipped_profiles()))
def test_qr_on_paper_carries_the_proof(layouts: LayoutBook, name: str) -> None:
    paper = on_paper(receipt(), layouts, name, shipped_profiles()[name])
    (text,) = symbols(paper.image)["QR Code"]
    assert text == issued().proof
    assert read_proof(text).code == CODE


def test_text_on_paper(layouts: LayoutBook, profile: Profile) -> None:
    paper = on_paper(receipt(), layouts, "epson-tm-t88v", profile)
    lines = [" ".join(line.split()) for line in paper.text.splitlines()]
    for expected in (
        "Museum am Fluss",
        "Uferstraße 12",
        "USt-IdNr. DE123456789",
        "Beleg K1-000123 22.11.2026 15:32",
        "Kasse Kasse 1 Bedient von Jana Müller",
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


def test_control_bytes_in_titles_never_reach_paper(layouts: LayoutBook, profile: Profile) -> None:
    titles = ("Kick\x1bp\x00\x19\xfadrawer", "Cut\x1dVB\x00here", "\x10\x14\x01\x00\x01off\x9b\x7f")
    paper = on_paper(receipt(titles=titles), layouts, "epson-tm-t88v", profile)
    assert paper.drawer_kicks == 0
    assert "Kickp" in paper.text and "CutVBhere" in paper.text


def test_a_copy_says_so_and_holds_no_code(layouts: LayoutBook, profile: Profile) -> None:
    document = without_codes(receipt(copy=True))
    assert isinstance(document, Receipt)
    paper = on_paper(document, layouts, "epson-tm-t88v", profile)
    assert "KOPIE" in paper.text
    assert CODE.grouped not in paper.text
    assert f"..{CODE.last4}" in paper.text
    assert symbols(paper.image) == {}


def test_english_receipt(layouts: LayoutBook, profile: Profile) -> None:
    paper = on_paper(receipt(language="en"), layouts, "epson-tm-t88v", profile)
    assert "Valid until" in paper.text and "Thank you for your visit" in paper.text
