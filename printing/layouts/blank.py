"""A document on a ticket blank: drawn in millimetres, turned, and printed as one picture."""

from collections.abc import Iterable, Iterator

from PIL import Image, ImageChops

from printing.blocks import Align, Block, CutAtMark, Feed, Picture, ToMark
from printing.documents import Document
from printing.layouts.placing import Placed, placed_fields
from printing.layouts.schema import BlankLayout
from printing.page import Page
from printing.profiles import Profile
from vouchers.errors import OperatingError


class BlankTooWide(OperatingError):
    """Something stands on the blank where this printer's head does not reach."""

    def __init__(self, layout: BlankLayout, profile: Profile) -> None:
        super().__init__("blank_too_wide", layout=layout.name, model=profile.name)


def blank_blocks(document: Document, layout: BlankLayout, profile: Profile) -> Iterator[Block]:
    """Go to the mark, print the blank, cut at the mark."""
    yield ToMark()
    if profile.mark_offset_mm:
        yield Feed(profile.dots(profile.mark_offset_mm))
    placed = placed_fields(document, layout, profile)
    upright = _inked(placed, layout, profile)
    image = upright.rotate(layout.rotation, expand=True)
    legible = [line for each in placed if each.is_legible_on(upright) for line in each.lines]
    yield Picture(_under_the_head(image, layout, profile), Align.LEFT, "\n".join(legible))
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


def blank_page(
    document: Document, layout: BlankLayout, profile: Profile, stock: Image.Image | None
) -> Page:
    """The blank as one reads it, upon a picture of the `stock` it is printed on."""
    placed = placed_fields(document, layout, profile)
    ink = _inked(placed, layout, profile).convert("RGB")
    if stock is not None:
        ink = ImageChops.darker(stock.convert("RGB").resize(ink.size), ink)
    return Page(ink, profile.dpi, tuple(text for each in placed for text in each.texts()))


def _inked(placed: Iterable[Placed], layout: BlankLayout, profile: Profile) -> Image.Image:
    size = (profile.dots(layout.width_mm), profile.dots(layout.height_mm))
    image = Image.new("1", size, 255)
    for each in placed:
        image.paste(0, (each.x, each.y), ImageChops.invert(each.image))
    return image
