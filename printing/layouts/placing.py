"""The fields of a ticket blank, each drawn and put in its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops

from printing.documents import Document, GiftVoucher, Ticket
from printing.layouts.boxes import Box, SetText, set_in_box
from printing.layouts.fields import fields, fill
from printing.layouts.schema import BlankLayout, Field
from printing.layouts.wording import wording
from printing.page import PageText
from printing.profiles import Profile
from printing.symbols import QR_MODULE_DOTS_MIN, code128_dots, qr_dots
from vouchers.errors import InvariantError

CODE128_ASPECT = 0.3


@dataclass(frozen=True, slots=True)
class Placed:
    """A field as it was drawn, turned, with its upper left corner at `x`, `y` dots.

    `lines` are the lines of a text; a symbol has none.
    """

    x: int
    y: int
    image: Image.Image
    lines: tuple[str, ...]

    def is_legible_on(self, blank: Image.Image) -> bool:
        """Whether all its ink is on the blank, and nothing else in between."""
        ink = ImageChops.invert(self.image).getbbox()
        if ink is None:
            return True
        left, top, right, bottom = ink
        there = (self.x + left, self.y + top, self.x + right, self.y + bottom)
        if there[0] < 0 or there[1] < 0 or there[2] > blank.width or there[3] > blank.height:
            return False
        return blank.crop(there).tobytes() == self.image.crop(ink).tobytes()

    def texts(self) -> Iterator[PageText]:
        """Its lines, each with its share of the box."""
        share = self.image.height // max(1, len(self.lines))
        for n, line in enumerate(self.lines):
            yield PageText(line, self.x, self.y + n * share, self.image.width, share)


def placed_fields(document: Document, layout: BlankLayout, profile: Profile) -> list[Placed]:
    """What stands on the blank, as one reads it, in the dots of `profile`."""
    filled = fields(document, wording(document.language))
    found: list[Placed] = []
    for field in layout.field:
        drawn = _draw(field, document, filled, profile, layout)
        if drawn is not None:
            turned = drawn.image.rotate(field.rotation, expand=True, fillcolor=255)
            x, y = profile.dots(field.x_mm), profile.dots(field.y_mm)
            found.append(Placed(x, y, turned, tuple(drawn.lines)))
    return found


def _draw(
    field: Field, document: Document, filled: dict[str, str], profile: Profile, layout: BlankLayout
) -> SetText | None:
    if field.symbol is not None:
        symbol = _symbol(field, document, profile)
        return SetText([], symbol) if symbol is not None else None
    text = field.text or ""
    if isinstance(text, dict):
        text = text.get(document.language) or next(iter(text.values()), "")
    said = fill(text, filled)
    return _text(field, said, profile, layout) if said else None


def _symbol(field: Field, document: Document, profile: Profile) -> Image.Image | None:
    """A code no wider than `size_mm`, in whole dots a module."""
    qr, bars = _codes(document)
    if not bars:
        return None
    widest = profile.dots(field.size_mm)
    for module_dots in range(12, 0, -1):
        if field.symbol == "qr":
            image = qr_dots(qr, module_dots)
            least = QR_MODULE_DOTS_MIN
        else:
            height = profile.dots(field.height_mm or field.size_mm * CODE128_ASPECT)
            image = code128_dots(bars, module_dots, height)
            least = 1
        if image.width <= widest or module_dots == least:
            return image
    raise InvariantError("a symbol needs at least one dot a module")


def _codes(document: Document) -> tuple[str, str]:
    """What goes into a QR code and into bars; empty when the codes have been erased."""
    match document:
        case GiftVoucher(voucher=voucher):
            bare = voucher.code.replace("-", "")
            return voucher.proof or bare, bare
        case Ticket(code=code):
            bare = code.replace("-", "")
            return bare, bare
        case _:
            return "", ""


def _text(field: Field, text: str, profile: Profile, layout: BlankLayout) -> SetText:
    sideways = field.rotation % 180 != 0
    across = layout.height_mm - field.y_mm if sideways else layout.width_mm - field.x_mm
    down = layout.width_mm - field.x_mm if sideways else layout.height_mm - field.y_mm
    box = Box(
        width=profile.dots(field.width_mm or across),
        height=profile.dots(field.height_mm or down),
        lines_max=None if field.height_mm else 1,
    )
    size = profile.dots(field.size_mm)
    return set_in_box(text, box, size, bold=field.bold, align=field.align)
