"""Characters as dots, for the preview and for lines the printer's own font cannot print.

Fonts: DejaVu Sans Mono as stand-in for a printer's font; GNU Unifont (OFL) for all other scripts.
"""

from functools import cache, lru_cache
from importlib import resources
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from printing.text import cells

CELL = (12, 24)
CELL_SMALL = (9, 17)
_SIZES = {CELL: 20, CELL_SMALL: 14}
_UNIFONT_SIZE = 24
"""Unifont is drawn on 16 rows; 24 fills a text line without blurring more than every other dot."""


@cache
def font(file: str, size: int) -> ImageFont.FreeTypeFont:
    """A print font of resources/fonts/print at `size` dots."""
    data = (resources.files("resources") / "fonts" / "print" / file).read_bytes()
    return ImageFont.truetype(BytesIO(data), size)


@lru_cache(maxsize=4096)
def glyph(sign: str, cell: tuple[int, int], bold: bool) -> Image.Image:
    """One character as the printer's own font shows it, white on a black ground (ink is 255)."""
    file = "DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf"
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
    x = 0
    for run, face in _runs(text, bold):
        baseline = font("DejaVuSansMono.ttf", _SIZES[CELL]).getmetrics()[0]
        pen.text((x, baseline), run, fill=1, font=face, anchor="ls")
        x += cells(run) * CELL[0]
    return image


def _runs(text: str, bold: bool) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """`text` cut where the font changes; each run is shaped as a whole."""
    runs: list[tuple[str, ImageFont.FreeTypeFont]] = []
    for sign in text:
        face = _face_for(sign, bold)
        if runs and (runs[-1][1] is face or sign == " "):
            runs[-1] = (runs[-1][0] + sign, runs[-1][1])
        else:
            runs.append((sign, face))
    return runs


@lru_cache(maxsize=8192)
def _face_for(sign: str, bold: bool) -> ImageFont.FreeTypeFont:
    mono = font("DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf", _SIZES[CELL])
    unifont = font("unifont.otf", _UNIFONT_SIZE)
    for face in (mono, unifont):
        if _has(face, sign):
            return face
    return font("unifont_upper.otf", _UNIFONT_SIZE)


def _has(face: ImageFont.FreeTypeFont, sign: str) -> bool:
    missing = face.getmask("\U0010fffd")
    return bytes(face.getmask(sign)) != bytes(missing)
