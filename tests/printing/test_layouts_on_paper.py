"""Every shipped layout on every shipped profile: printed, read back, and as it was looked at."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from printing.documents import Document, GiftVoucher, Receipt, Ticket
from printing.layouts import LayoutBook
from printing.layouts.blank import BlankTooWide
from printing.profiles import Profile, shipped_profiles
from printing.typeset import Line
from printing.virtual import PaperDocument
from tests.printing.paper_reading import on_virtual_paper, symbols, trimmed
from tests.printing.samples import CODE, all_documents, issued

GOLDEN = Path(__file__).parent / "golden"
DOCUMENTS = all_documents()
EVERYWHERE = [
    (layout, profile) for layout in sorted(DOCUMENTS) for profile in sorted(shipped_profiles())
]
TOO_WIDE = {
    ("blank-gift-150x80", "generic-58"),
    ("blank-ticket-80x50", "generic-58"),
}


@pytest.mark.parametrize(("layout", "profile"), sorted(TOO_WIDE))
def test_a_blank_beyond_the_print_head_is_refused(
    layouts: LayoutBook, layout: str, profile: str
) -> None:
    with pytest.raises(BlankTooWide):
        layouts.to_bytes(DOCUMENTS[layout], shipped_profiles()[profile])


@pytest.mark.parametrize(
    ("layout", "profile"), [pair for pair in EVERYWHERE if pair not in TOO_WIDE]
)
def test_on_paper_as_previewed_and_as_looked_at(
    layouts: LayoutBook, layout: str, profile: str
) -> None:
    document, known = DOCUMENTS[layout], shipped_profiles()[profile]
    paper = on_virtual_paper(document, layouts, profile)
    preview = layouts.to_picture(document, known)
    assert paper.image.width == preview.width == known.width_dots
    assert same(trimmed(paper.image), trimmed(preview))
    with Image.open(GOLDEN / f"{layout}.{profile}.png") as golden:
        assert same(trimmed(preview), golden)
    check_symbols(document, paper)
    check_text(document, layouts, known, paper)


def check_symbols(document: Document, paper: PaperDocument) -> None:
    found = symbols(paper.image)
    if isinstance(document, (Receipt, GiftVoucher)):
        assert found == {"QR Code": [issued().proof]}
    elif isinstance(document, Ticket):
        assert found["QR Code"] == [CODE.text]
        assert found.get("Code 128", [CODE.text]) == [CODE.text]


def check_text(
    document: Document, layouts: LayoutBook, profile: Profile, paper: PaperDocument
) -> None:
    """The printer's own reading of its text is what was set, line by line."""
    sheet = layouts.sheet(document, profile)
    lines = [element.text.rstrip() for element in sheet.elements if isinstance(element, Line)]
    assert [line for line in paper.text.split("\n") if line] == [line for line in lines if line]


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None
