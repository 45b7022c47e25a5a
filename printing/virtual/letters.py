"""The letters of the virtual printer: font A is 12 x 24 dots, font B 9 x 17 (Epson TM-T88V).

The glyphs are those of DejaVu Sans Mono.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

FONTS = {0: (12, 24, 20), 1: (9, 17, 14)}
"""Width and height of a character, and the size at which its glyph is drawn."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A character in the mode in which it was received; `across` and `down` enlarge it."""

    sign: str
    font: int
    bold: bool
    across: int
    down: int

    @property
    def width(self) -> int:
        """Dots across the paper."""
        return FONTS[self.font][0] * self.across

    @property
    def height(self) -> int:
        """Dots along the paper."""
        return FONTS[self.font][1] * self.down

    def ink(self) -> Image.Image:
        """Its dots, ink 255."""
        return _glyph(self)


@cache
def _glyph(letter: Letter) -> Image.Image:
    width, height, size = FONTS[letter.font]
    face = _face(letter.bold, size)
    image = Image.new("1", (width, height), 0)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    pen.text((0, face.getmetrics()[0]), letter.sign, font=face, fill=1, anchor="ls")
    return image.resize((letter.width, letter.height), Image.Resampling.NEAREST)


@cache
def _face(bold: bool, size: int) -> ImageFont.FreeTypeFont:
    name = "DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf"
    file = resources.files("resources") / "fonts" / "print" / name
    return ImageFont.truetype(
        BytesIO(file.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC
    )
