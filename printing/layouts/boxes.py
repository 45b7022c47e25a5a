"""Text in a box: as large as wanted where it fits, smaller where it does not."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from printing.blocks import Align
from printing.glyphs import proportional, shaped_width, write
from printing.text import paragraphs

LINE_SPACING = 1.25
LETTER_DOTS_MIN = 14
"""Smaller letters cannot be read from a thermal printer."""


@dataclass(frozen=True, slots=True)
class SetText:
    """A text as it was set, black on white (mode "1"): these lines, and no more of it."""

    lines: list[str]
    image: Image.Image


@dataclass(frozen=True, slots=True)
class Box:
    """Room for a text, in dots; `lines_max` None: as many lines as are high enough."""

    width: int
    height: int
    lines_max: int | None

    def takes(self, lines: list[str], size: int, bold: bool) -> bool:
        """Whether these lines fit."""
        return len(lines) <= self.lines_at(size) and all(
            shaped_width(line, size, bold) <= self.width for line in lines
        )

    def lines_at(self, size: int) -> int:
        """How many lines fit, at least one."""
        fitting = max(1, int(self.height / (size * LINE_SPACING)))
        return fitting if self.lines_max is None else min(fitting, self.lines_max)


def set_in_box(text: str, box: Box, size: int, *, bold: bool, align: Align) -> SetText:
    """`text` in letters of `size` dots, or smaller until it fits.

    What does not fit even in the smallest letters ends with an ellipsis.
    """
    for smaller in range(size, LETTER_DOTS_MIN - 1, -1):
        lines = _wrapped(text, smaller, bold, box.width, inside_words=False)
        if box.takes(lines, smaller, bold):
            return _drawn(lines, box.width, smaller, bold, align)
    least = min(size, LETTER_DOTS_MIN)
    lines = _wrapped(text, least, bold, box.width, inside_words=True)
    most = box.lines_at(least)
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], least, bold, box.width)]
    return _drawn(lines, box.width, least, bold, align)


def _drawn(lines: list[str], width: int, size: int, bold: bool, align: Align) -> SetText:
    image = Image.new("1", (width, round(len(lines) * size * LINE_SPACING)), 255)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    baseline = proportional(size, bold).getmetrics()[0]
    for n, line in enumerate(lines):
        spare = width - shaped_width(line, size, bold)
        left = {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[align]
        write(pen, (left, round(n * size * LINE_SPACING) + baseline), line, size, bold)
    return SetText(lines, image)


def _shortened(line: str, size: int, bold: bool, width: int) -> str:
    while line and shaped_width(f"{line}…", size, bold) > width:
        line = line[:-1]
    return f"{line}…"


def _wrapped(text: str, size: int, bold: bool, width: int, *, inside_words: bool) -> list[str]:
    """Lines no wider than `width` dots, broken at blanks and, if it must be, `inside_words`."""
    lines: list[str] = []
    for paragraph in paragraphs(text):
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if shaped_width(joined, size, bold) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            line = word
            while inside_words and len(line) > 1 and shaped_width(line, size, bold) > width:
                fitting = _fitting_signs(line, size, bold, width)
                lines.append(line[:fitting])
                line = line[fitting:]
        lines.append(line)
    return lines


def _fitting_signs(word: str, size: int, bold: bool, width: int) -> int:
    """How many signs of a word fit, at least one."""
    fitting = 1
    while fitting < len(word) and shaped_width(word[: fitting + 1], size, bold) <= width:
        fitting += 1
    return fitting
