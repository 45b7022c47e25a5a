"""From blocks to a sheet: every line broken, every picture in dots, for one printer model.

Both renderers draw the same sheet and decide nothing, so the preview and the paper agree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod

from PIL import Image, ImageOps

from printing.blocks import (
    PLAIN,
    Align,
    Block,
    Code128,
    Columns,
    Cut,
    CutAtMark,
    Feed,
    KickDrawer,
    Picture,
    Qr,
    Rule,
    Style,
    Table,
    Text,
    ToMark,
)
from printing.glyphs import drawn_line
from printing.profiles import Profile
from printing.realtime import without_commands
from printing.symbols import QR_MODULE_DOTS_MIN, code128_dots, qr_dots
from printing.text import cells, paragraphs, printable, wrap
from vouchers.errors import OperatingError

RULE_DOTS = 2
RULE_MARGIN_DOTS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """Text in the printer's own font: it has all these signs, and they fit the paper."""

    text: str
    style: Style = PLAIN
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Dots:
    """A raster no wider than the paper, black on white (mode "1"), width a multiple of 8.

    `text` is what can be read on it.
    """

    image: Image.Image = field(repr=False)
    align: Align = Align.CENTER
    text: str = field(default="", repr=False)


class CodeTooWide(OperatingError):
    """This printer's head is too narrow for a code that scanners can read."""

    def __init__(self, profile: Profile) -> None:
        super().__init__("code_too_wide", model=profile.name)


Element = Line | Dots | Feed | Cut | KickDrawer | ToMark | CutAtMark


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a renderer draws, top to bottom, on the paper of `profile`."""

    profile: Profile
    elements: tuple[Element, ...] = field(repr=False)


def typeset(blocks: Iterable[Block], profile: Profile) -> Sheet:
    """Break and draw `blocks` for the paper of `profile`. Raises CodeTooWide."""
    setter = _Setter(profile)
    return Sheet(profile, tuple(element for block in blocks for element in setter.elements(block)))


class _Setter:
    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    @singledispatchmethod
    def elements(self, block: Block) -> Iterator[Element]:
        raise TypeError(block)

    @elements.register
    def _(self, block: Text) -> Iterator[Element]:
        width = self._columns(block.style)
        for paragraph in paragraphs(block.text):
            for line in wrap(paragraph, width):
                yield self._line(line, block.style, block.align)

    @elements.register
    def _(self, block: Columns) -> Iterator[Element]:
        width = self._columns(block.style)
        left, right = printable(block.left), printable(block.right)
        room = width - cells(right) - 1
        if cells(left) > room and room < width // 3:
            yield from self.elements(Text(left, block.style))
            yield from self.elements(Text(right, block.style, Align.RIGHT))
            return
        lines = wrap(left, room) if left else [""]
        for i, left in enumerate(lines):
            figure = right if i == 0 else ""
            gap = " " * (width - cells(left) - cells(figure))
            yield self._line(f"{left}{gap}{figure}" if figure else left, block.style)

    @elements.register
    def _(self, block: Table) -> Iterator[Element]:
        width = self._columns(block.style)
        others = width // len(block.cells)
        first = width - others * (len(block.cells) - 1)
        texts = [printable(cell) for cell in block.cells]
        line = _fitted(texts[0], first) + "".join(
            " " * max(1, others - cells(text)) + text for text in texts[1:]
        )
        for part in wrap(line, width) if cells(line) > width else [line]:
            yield self._line(part, block.style)

    @elements.register
    def _(self, _: Rule) -> Iterator[Element]:
        width = self._profile.width_dots // 8 * 8
        yield Feed(RULE_MARGIN_DOTS)
        yield Dots(Image.new("1", (width, RULE_DOTS), 0), Align.LEFT)
        yield Feed(RULE_MARGIN_DOTS)

    @elements.register
    def _(self, block: Qr) -> Iterator[Element]:
        for module_dots in range(block.module_dots, QR_MODULE_DOTS_MIN - 1, -1):
            image = qr_dots(block.data, module_dots)
            if image.width <= self._profile.width_dots:
                yield self._dots(image, block.align)
                return
        raise CodeTooWide(self._profile)

    @elements.register
    def _(self, block: Code128) -> Iterator[Element]:
        image = code128_dots(block.data, 2, block.height_dots)
        if image.width > self._profile.width_dots:
            image = code128_dots(block.data, 1, block.height_dots)
        yield self._dots(image, block.align)

    @elements.register
    def _(self, block: Picture) -> Iterator[Element]:
        yield self._dots(block.image, block.align, block.text)

    @elements.register(Feed)
    @elements.register(Cut)
    @elements.register(KickDrawer)
    @elements.register(ToMark)
    @elements.register(CutAtMark)
    def _(self, block: Feed | Cut | KickDrawer | ToMark | CutAtMark) -> Iterator[Element]:
        yield block

    def _columns(self, style: Style) -> int:
        small = style.small and self._profile.columns_small
        columns = self._profile.columns_small if small else self._profile.columns
        return columns // 2 if style.wide else columns

    def _line(self, text: str, style: Style, align: Align = Align.LEFT) -> Element:
        if style.small and not self._profile.columns_small:
            style = replace(style, small=False)
        if self._profile.can_print(text):
            return Line(text.rstrip() if align is Align.LEFT else text, style, align)
        return self._drawn(text, style, align)

    def _drawn(self, text: str, style: Style, align: Align) -> Dots:
        """A line in signs that the printer's font lacks, as tall as a line of that font."""
        ink = drawn_line(text, style.bold)
        scale = (2 if style.wide else 1, 2 if style.tall else 1)
        ink = ink.resize((ink.width * scale[0], ink.height * scale[1]), Image.Resampling.NEAREST)
        leading = max(0, self._profile.line_dots - ink.height)
        line = Image.new("1", (ink.width, ink.height + leading), 255)
        line.paste(0, (0, 0), ink)
        return self._dots(line, align, text)

    def _dots(self, image: Image.Image, align: Align, text: str = "") -> Dots:
        widest = self._profile.width_dots // 8 * 8
        if image.width > widest:
            image = image.resize((widest, round(image.height * widest / image.width)))
        padding = -image.width % 8
        if padding:
            image = ImageOps.expand(image, (0, 0, padding, 0), fill=255)
        return Dots(without_commands(image.convert("1")), align, text)


def _fitted(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))
