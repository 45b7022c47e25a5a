"""A sheet as a picture: what the preview shows is what the printer prints."""

from collections.abc import Iterator

from PIL import Image

from printing.blocks import Align, Feed
from printing.glyphs import CELL, CELL_SMALL, glyph
from printing.page import Page, PageText
from printing.typeset import Dots, Element, Line, Sheet

WHITE, BLACK = 255, 0


def draw(sheet: Sheet) -> Image.Image:
    """The sheet dot for dot, black on white (mode "1"), as wide as the print head."""
    image = Image.new("1", (sheet.profile.width_dots, max(1, _total_height(sheet))), WHITE)
    for element, x, y in _placed(sheet):
        if isinstance(element, Line):
            _draw_line(image, element, x, y)
        else:
            image.paste(element.image, (x, y))
    return image


def page(sheet: Sheet) -> Page:
    """The sheet as a page, with what can be read on it."""
    texts = [
        PageText(element.text, x, y, _width(element), _height(element, sheet))
        for element, x, y in _placed(sheet)
        if element.text
    ]
    return Page(draw(sheet), sheet.profile.dpi, tuple(texts))


def beyond_paper(sheet: Sheet) -> bool:
    """Whether something stands where the print head does not reach."""
    widest = sheet.profile.width_dots
    return any(x < 0 or x + _width(element) > widest for element, x, _y in _placed(sheet))


def _placed(sheet: Sheet) -> Iterator[tuple[Line | Dots, int, int]]:
    """What leaves ink, and where its upper left corner lies."""
    y = 0
    for element in sheet.elements:
        if isinstance(element, Line | Dots):
            yield element, _left(element.align, sheet.profile.width_dots, _width(element)), y
        y += _height(element, sheet)


def _total_height(sheet: Sheet) -> int:
    return sum(_height(element, sheet) for element in sheet.elements)


def _width(element: Line | Dots) -> int:
    if isinstance(element, Dots):
        return element.image.width
    return _cell(element)[0] * (1 + element.style.wide) * len(element.text)


def _height(element: Element, sheet: Sheet) -> int:
    match element:
        case Line(style=style):
            return max(sheet.profile.line_dots, _cell(element)[1] * (1 + style.tall))
        case Dots(image=image):
            return image.height
        case Feed(dots=dots):
            return dots
        case _:
            return 0


def _draw_line(image: Image.Image, line: Line, x: int, y: int) -> None:
    cell, style = _cell(line), line.style
    step, tall = cell[0] * (1 + style.wide), cell[1] * (1 + style.tall)
    for sign in line.text:
        if sign != " ":
            ink = glyph(sign, cell, style.bold)
            image.paste(BLACK, (x, y), ink.resize((step, tall), Image.Resampling.NEAREST))
        x += step


def _cell(line: Line) -> tuple[int, int]:
    return CELL_SMALL if line.style.small else CELL


def _left(align: Align, width: int, used: int) -> int:
    match align:
        case Align.LEFT:
            return 0
        case Align.CENTER:
            return (width - used) // 2
        case Align.RIGHT:
            return width - used
