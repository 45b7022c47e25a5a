"""The neutral language between layouts and renderers: what stands on paper, top to bottom."""

from dataclasses import dataclass, field
from enum import StrEnum

from PIL import Image


class Align(StrEnum):
    """Where a line or a picture stands across the paper."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks; `wide` and `tall` double it, `small` takes the printer's font B."""

    bold: bool = False
    wide: bool = False
    tall: bool = False
    small: bool = False


PLAIN = Style()
BOLD = Style(bold=True)
SMALL = Style(small=True)
HEADLINE = Style(bold=True, wide=True, tall=True)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph: wrapped to the paper, each newline starts a new line."""

    text: str
    style: Style = PLAIN
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry with a figure on the right: `left` wraps, `right` stays whole on the first line.

    Where that leaves less than a third of the paper for `left`, `right` goes below.
    """

    left: str
    right: str
    style: Style = PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """A line of cells of equal width; the first is left-aligned, the others right-aligned."""

    cells: tuple[str, ...]
    style: Style = PLAIN


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty paper, in dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A black and white picture, a dot a pixel (mode "1"). Wider ones are scaled to the paper.

    `text` is what can be read on it; no code ever shows in a log.
    """

    image: Image.Image = field(repr=False)
    align: Align = Align.CENTER
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code. Money in clear, so it never shows in a log."""

    data: str = field(repr=False)
    module_dots: int = 5
    align: Align = Align.CENTER


@dataclass(frozen=True, slots=True)
class Code128:
    """A bar code for laser scanners."""

    data: str = field(repr=False)
    height_dots: int = 80
    align: Align = Align.CENTER


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of one piece of paper."""


@dataclass(frozen=True, slots=True)
class KickDrawer:
    """Open the cash drawer."""


@dataclass(frozen=True, slots=True)
class ToMark:
    """Ticket stock: move to where the next blank begins."""


@dataclass(frozen=True, slots=True)
class CutAtMark:
    """Ticket stock: cut where this blank ends."""


Block = (
    Text
    | Columns
    | Table
    | Rule
    | Feed
    | Picture
    | Qr
    | Code128
    | Cut
    | KickDrawer
    | ToMark
    | CutAtMark
)
