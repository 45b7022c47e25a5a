"""A document on a roll of paper: the parts of its layout as blocks."""

from collections.abc import Callable, Iterator
from io import BytesIO

from PIL import Image

from printing.blocks import Align, Block, Cut, Feed, KickDrawer, Picture, Rule, Style, Text
from printing.documents import (
    AccountStatement,
    Document,
    DrawerSlip,
    Receipt,
    ShiftReport,
    TestPage,
    Ticket,
    vouchers_on,
)
from printing.layouts import receipt_parts, report_parts, voucher_parts
from printing.layouts.fields import fields, fill
from printing.layouts.schema import Part, Show, StripLayout
from printing.layouts.wording import wording
from printing.profiles import Profile

COPY = Style(bold=True, wide=True)
SPACE_MM = 3.0
LOGO_MM = 40.0

OF_RECEIPT = {
    Show.LINES: receipt_parts.lines,
    Show.TOTAL: receipt_parts.total,
    Show.TENDERS: receipt_parts.tenders,
    Show.VAT: receipt_parts.vat,
}
OF_REPORT = {Show.FIGURES: report_parts.figures, Show.VAT: receipt_parts.vat}

LogoReader = Callable[[str], bytes]


def strip_blocks(
    document: Document, layout: StripLayout, profile: Profile, logos: LogoReader
) -> list[Block]:
    """The blocks of `document`, laid out for a roll; `logos` gives the bytes of a picture file."""
    strip = _Strip(document, profile, logos)
    blocks = [block for part in layout.part for block in strip.show(part)]
    return [*blocks, Cut()]


class _Strip:
    def __init__(self, document: Document, profile: Profile, logos: LogoReader) -> None:
        self._document, self._profile, self._logos = document, profile, logos
        self._words = wording(document.language)
        self._fields = fields(document, self._words)

    def show(self, part: Part) -> Iterator[Block]:
        """The blocks of one part; none where the document has nothing for it."""
        match part.show:
            case Show.RULE:
                yield Rule()
            case Show.SPACE:
                yield Feed(self._profile.dots(part.mm or SPACE_MM))
            case Show.CUT:
                yield Cut()
            case Show.DRAWER:
                yield from self._drawer()
            case Show.TEXT:
                yield from self._text(part)
            case Show.LOGO:
                yield self._logo(part)
            case Show.HEAD:
                yield from report_parts.head(self._document, self._words)
            case _:
                yield from self._of_venue(part)
                yield from self._of_kind(part)

    def _drawer(self) -> Iterator[Block]:
        """The drawer opens for its slip, and for a receipt that cash was taken for."""
        document = self._document
        match document:
            case DrawerSlip():
                yield KickDrawer()
            case Receipt(copy=False) if any(each.kind == "cash" for each in document.tenders):
                yield KickDrawer()

    def _text(self, part: Part) -> Iterator[Block]:
        text = part.text
        if isinstance(text, dict):
            text = text.get(self._document.language) or next(iter(text.values()), "")
        filled = fill(text or "", self._fields)
        if filled:
            yield Text(filled, part.style, part.align or Align.LEFT)

    def _logo(self, part: Part) -> Block:
        image = Image.open(BytesIO(self._logos(part.file or "")))
        width = min(self._profile.dots(part.mm or LOGO_MM), self._profile.width_dots)
        height = round(image.height * width / image.width)
        paper = Image.new("L", image.size, 255)
        shades = image.convert("RGBA")
        paper.paste(shades.convert("L"), mask=shades.getchannel("A"))
        return Picture(paper.resize((width, height)).convert("1"), part.align or Align.CENTER)

    def _of_venue(self, part: Part) -> Iterator[Block]:
        document = self._document
        if isinstance(document, TestPage):
            return
        if part.show is Show.VENUE:
            yield from receipt_parts.venue(document.venue, self._words, part.align or Align.CENTER)
        elif part.show is Show.FOOTER:
            align = part.align or Align.CENTER
            yield from receipt_parts.footer(document.venue, document.language, part.style, align)

    def _of_kind(self, part: Part) -> Iterator[Block]:
        """What only some kinds of documents have."""
        document = self._document
        if part.show is Show.COPY and getattr(document, "copy", False):
            yield Text(self._words.word("paper_copy"), COPY, Align.CENTER)
        elif part.show in {Show.VOUCHERS, Show.VOUCHER}:
            yield from self._vouchers(part)
        elif part.show is Show.SYMBOL and isinstance(document, Ticket):
            yield from voucher_parts.ticket_symbol(document, part)
        elif part.show is Show.SYMBOL and isinstance(document, TestPage):
            yield from voucher_parts.test_symbol(part)
        elif isinstance(document, Receipt) and part.show in OF_RECEIPT:
            yield from OF_RECEIPT[part.show](document, self._words)
        elif isinstance(document, ShiftReport) and part.show in OF_REPORT:
            yield from OF_REPORT[part.show](document, self._words)
        elif isinstance(document, AccountStatement) and part.show is Show.ENTRIES:
            yield from report_parts.entries(document, self._words)

    def _vouchers(self, part: Part) -> Iterator[Block]:
        for voucher in vouchers_on(self._document):
            if part.show is Show.VOUCHERS:
                yield Cut() if part.apart else Rule()
            yield from voucher_parts.voucher(voucher, self._words, part)
