"""Characters as dots, for the preview and for lines the printer's own font cannot print.

Fonts: DejaVu Sans Mono stands in for a printer's own font, Inter is for blanks, GNU Unifont for
every script that these lack.
"""

import unicodedata
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from math import ceil

from PIL import Image, ImageDraw, ImageFont

from printing.text import cells

CELL = (12, 24)
CELL_SMALL = (9, 17)
_SIZES = {CELL: 20, CELL_SMALL: 14}
_RIGHT_TO_LEFT = frozenset(("R", "AL"))
_UNIFONT_SIZE = 24
"""Unifont is drawn on 16 rows; 24 fills a text line without blurring more than every other dot."""


@cache
def font(file: str, size: int, shaped: bool = False) -> ImageFont.FreeTypeFont:
    """A font of resources/fonts at `size` dots.

    `shaped` joins and orders letters as Arabic and Hebrew need it, where the system has FriBidi;
    without it a font draws the same dots on every machine.
    """
    data = (resources.files("resources") / "fonts" / file).read_bytes()
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(BytesIO(data), size, layout_engine=engine)


@lru_cache(maxsize=4096)
def glyph(sign: str, cell: tuple[int, int], bold: bool) -> Image.Image:
    """One character as the printer's own font shows it, white on a black ground (ink is 255)."""
    file = "print/DejaVuSansMono-Bold.ttf" if bold else "print/DejaVuSansMono.ttf"
    face = font(file, _SIZES[cell])
    image = Image.new("1", cell)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    pen.text((0, face.getmetrics()[0]), sign, fill=1, font=face, anchor="ls")
    return image


def drawn_line(text: str, bold: bool) -> Image.Image:
    """A text in any script as one picture, `CELL` high and as wide as its cells (ink is 255)."""
    image = Image.new("1", (max(1, cells(text)) * CELL[0], CELL[1]))
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    mono = font(
        "print/DejaVuSansMono-Bold.ttf" if bold else "print/DejaVuSansMono.ttf", _SIZES[CELL]
    )
    x = 0
    for run, face in _runs(text, mono, _UNIFONT_SIZE):
        pen.text((x, mono.getmetrics()[0]), run, fill=1, font=face, anchor="ls")
        x += cells(run) * CELL[0]
    return image


def proportional(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    """The typeface of blanks, `size` dots high."""
    return font("inter/Inter-SemiBold.otf" if bold else "inter/Inter-Regular.otf", size)


def shaped_width(text: str, size: int, bold: bool) -> int:
    """How many dots wide `write` sets `text`."""
    runs = _runs(text, proportional(size, bold), size)
    return ceil(sum(face.getlength(run) for run, face in runs))


def write(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, bold: bool) -> None:
    """Set a text in any script on its baseline, in black."""
    x = float(at[0])
    for run, face in _runs(text, proportional(size, bold), size):
        pen.text((x, at[1]), run, fill=0, font=face, anchor="ls")
        x += face.getlength(run)


def _runs(
    text: str, first: ImageFont.FreeTypeFont, spare_size: int
) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """`text` cut where the font changes; each run is shaped as a whole."""
    runs: list[tuple[str, ImageFont.FreeTypeFont]] = []
    for sign in text:
        face = _face_for(sign, first, spare_size)
        if runs and (runs[-1][1] is face or sign == " "):
            runs[-1] = (runs[-1][0] + sign, runs[-1][1])
        else:
            runs.append((sign, face))
    return runs


@lru_cache(maxsize=8192)
def _face_for(sign: str, first: ImageFont.FreeTypeFont, spare_size: int) -> ImageFont.FreeTypeFont:
    """The first face that has `sign`: the one wanted, Unifont, or its upper planes."""
    if unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT:
        return font("print/unifont.otf", spare_size, shaped=True)
    if _has(first, sign):
        return first
    unifont = font("print/unifont.otf", spare_size)
    return unifont if _has(unifont, sign) else font("print/unifont_upper.otf", spare_size)


def _has(face: ImageFont.FreeTypeFont, sign: str) -> bool:
    missing = face.getmask("\U0010fffd")
    return sign == " " or bytes(face.getmask(sign)) != bytes(missing)
