"""A sheet as a picture: what the preview shows is what the printer prints."""

from PIL import Image

from printing.blocks import Align, Feed
from printing.glyphs import CELL, CELL_SMALL, glyph
from printing.typeset import Dots, Element, Line, Sheet

WHITE, BLACK = 255, 0


def draw(sheet: Sheet) -> Image.Image:
    """The sheet dot for dot, black on white (mode "1"), as wide as the print head."""
    heights = [_height(element, sheet) for element in sheet.elements]
    image = Image.new("1", (sheet.profile.width_dots, max(1, sum(heights))), WHITE)
    y = 0
    for element, height in zip(sheet.elements, heights, strict=True):
        match element:
            case Line():
                _draw_line(image, element, y)
            case Dots():
                x = _left(element.align, sheet.profile.width_dots, element.image.width)
                image.paste(element.image, (x, y))
            case _:
                pass
        y += height
    return image


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


def _draw_line(image: Image.Image, line: Line, y: int) -> None:
    cell, style = _cell(line), line.style
    step, tall = cell[0] * (1 + style.wide), cell[1] * (1 + style.tall)
    x = _left(line.align, image.width, step * len(line.text))
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
