"""A document on a ticket blank: drawn in millimetres, turned, and printed as one picture."""

from collections.abc import Iterator

from PIL import Image, ImageChops

from printing.blocks import Align, Block, CutAtMark, Feed, Picture, ToMark
from printing.documents import Document, GiftVoucher, Ticket
from printing.layouts.boxes import Box, set_in_box
from printing.layouts.fields import fields, fill
from printing.layouts.schema import BlankLayout, Field
from printing.layouts.wording import wording
from printing.profiles import Profile
from printing.symbols import code128_dots, qr_dots
from vouchers.errors import InvariantError, OperatingError

QR_MODULE_DOTS_MIN = 3
CODE128_ASPECT = 0.3


class BlankTooWide(OperatingError):
    """Something stands on the blank where this printer's head does not reach."""

    def __init__(self, layout: BlankLayout, profile: Profile) -> None:
        super().__init__("blank_too_wide", layout=layout.name, model=profile.name)


def blank_blocks(document: Document, layout: BlankLayout, profile: Profile) -> Iterator[Block]:
    """Go to the mark, print the blank, cut at the mark."""
    yield ToMark()
    if profile.mark_offset_mm:
        yield Feed(profile.dots(profile.mark_offset_mm))
    image = blank_picture(document, layout, profile).rotate(layout.rotation, expand=True)
    yield Picture(_under_the_head(image, layout, profile), Align.LEFT)
    yield CutAtMark()


def _under_the_head(image: Image.Image, layout: BlankLayout, profile: Profile) -> Image.Image:
    """The part of the blank that the print head reaches: it stands over the paper's middle."""
    beyond = image.width - profile.width_dots // 8 * 8
    if beyond <= 0:
        return image
    left = beyond // 2
    reached = (left, 0, left + image.width - beyond, image.height)
    ink = ImageChops.invert(image).getbbox()
    if ink and (ink[0] < reached[0] or ink[2] > reached[2]):
        raise BlankTooWide(layout, profile)
    return image.crop(reached)


def blank_picture(document: Document, layout: BlankLayout, profile: Profile) -> Image.Image:
    """The blank as one reads it, in the dots of `profile`, black on white (mode "1")."""
    size = (profile.dots(layout.width_mm), profile.dots(layout.height_mm))
    image = Image.new("1", size, 255)
    filled = fields(document, wording(document.language))
    for field in layout.field:
        drawn = _draw(field, document, filled, profile, layout)
        if drawn is not None:
            place = (profile.dots(field.x_mm), profile.dots(field.y_mm))
            turned = drawn.rotate(field.rotation, expand=True, fillcolor=255)
            image.paste(0, place, ImageChops.invert(turned))
    return image


def _draw(
    field: Field, document: Document, filled: dict[str, str], profile: Profile, layout: BlankLayout
) -> Image.Image | None:
    if field.symbol is not None:
        return _symbol(field, document, profile)
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


def _text(field: Field, text: str, profile: Profile, layout: BlankLayout) -> Image.Image:
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
