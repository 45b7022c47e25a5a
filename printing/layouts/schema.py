"""What a layout file may say."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from printing.blocks import Align, Style


class Show(StrEnum):
    """The parts a layout is made of."""

    TEXT = "text"
    RULE = "rule"
    SPACE = "space"
    LOGO = "logo"
    CUT = "cut"
    VENUE = "venue"
    FOOTER = "footer"
    COPY = "copy"
    HEAD = "head"
    LINES = "lines"
    TOTAL = "total"
    TENDERS = "tenders"
    VAT = "vat"
    VOUCHERS = "vouchers"
    VOUCHER = "voucher"
    SYMBOL = "symbol"
    FIGURES = "figures"
    ENTRIES = "entries"
    DRAWER = "drawer"


class Symbol(StrEnum):
    """How a code is shown to scanners."""

    QR = "qr"
    CODE128 = "code128"
    BOTH = "both"


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a strip of paper. Which options it may have depends on what it shows.

    `text` is one text, or one per language; {gaps} are filled from the document, and a text whose
    gaps are all empty is left out.
    """

    show: Show
    text: str | dict[str, str] | None = None
    align: Align | None = None
    bold: bool | None = None
    wide: bool | None = None
    tall: bool | None = None
    small: bool | None = None
    mm: Annotated[float, Meta(gt=0, le=100)] | None = None
    file: str | None = None
    symbol: Symbol | None = None
    module_dots: Annotated[int, Meta(ge=3, le=12)] | None = None
    apart: bool | None = None

    @property
    def style(self) -> Style:
        """How its text looks."""
        return Style(bool(self.bold), bool(self.wide), bool(self.tall), bool(self.small))


LOOKS = frozenset({"align", "bold", "wide", "tall", "small"})
CODE = frozenset({"symbol", "module_dots"})
OPTIONS: dict[Show, frozenset[str]] = {
    Show.TEXT: LOOKS | {"text"},
    Show.SPACE: frozenset({"mm"}),
    Show.LOGO: frozenset({"file", "mm", "align"}),
    Show.VENUE: frozenset({"align"}),
    Show.FOOTER: LOOKS,
    Show.VOUCHERS: CODE | {"apart"},
    Show.VOUCHER: CODE,
    Show.SYMBOL: CODE,
}
"""The options that mean something to each part; the parts not named here have none."""


class StripLayout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The layout of one kind of document on a roll of paper."""

    name: str
    document: Literal[
        "receipt",
        "voucher",
        "ticket",
        "pass",
        "shift_report",
        "statement",
        "drawer_slip",
        "test_page",
    ]
    paper_mm: Literal[58, 80] | None = None
    part: list[Part]


Millimetres = Annotated[float, Meta(ge=0, le=500)]


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something at a place on a blank, measured from its upper left corner as one reads it.

    Either `text` or `symbol`. `size_mm` is the height of the letters, or the width of the symbol
    with its quiet zone. A text is one line, or as many as fit into `height_mm`; what is too long is
    set smaller, and at last ends with an ellipsis. Without `width_mm` it reaches to the edge.
    """

    x_mm: Millimetres
    y_mm: Millimetres
    size_mm: Annotated[float, Meta(ge=1.5, le=100)]
    text: str | dict[str, str] | None = None
    symbol: Literal["qr", "code128"] | None = None
    width_mm: Millimetres | None = None
    height_mm: Millimetres | None = None
    align: Align = Align.LEFT
    bold: bool = False
    rotation: Literal[0, 90, 180, 270] = 0


class BlankLayout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The layout of a ticket blank, `width_mm` by `height_mm` as one reads it.

    `rotation` turns it onto the paper, counter-clockwise. `background` is a picture of what is
    pre-printed on the stock: shown on screen, never printed.
    """

    name: str
    document: Literal["voucher", "ticket", "pass"]
    width_mm: Annotated[float, Meta(ge=20, le=300)]
    height_mm: Annotated[float, Meta(ge=20, le=300)]
    rotation: Literal[0, 90, 180, 270] = 0
    background: str | None = None
    field: list[Field]


Layout = StripLayout | BlankLayout
