"""A page as a PDF: its picture in its real size, and its text to be searched, read out and copied.

The picture is what counts; the text lies invisible above it, where the same words stand.
"""

from importlib import resources
from importlib.resources import as_file

from printing.page import Page

POINTS_AN_INCH = 72
FONT = resources.files("resources") / "fonts" / "print" / "DejaVuSansMono.ttf"
SIGN_WIDTH = 0.602
"""Of the font's size: all its signs are as wide."""


def render(page: Page) -> bytes:
    """One page, as large as `page` is at its `dpi`."""
    from fpdf import FPDF  # late: only what is mailed needs it
    from fpdf.enums import TextMode

    points = POINTS_AN_INCH / page.dpi
    size = (page.image.width * points, page.image.height * points)
    file = FPDF(unit="pt", format=size)
    file.set_auto_page_break(auto=False)
    file.add_page()
    file.image(page.image, 0, 0, *size)
    with as_file(FONT) as font:
        file.add_font("text", fname=font)
    file.text_mode = TextMode.INVISIBLE
    for line in page.texts:
        if line.text.strip():
            widest = line.width * points / (SIGN_WIDTH * len(line.text))
            file.set_font("text", size=min(line.height * points, widest))
            file.text(line.x * points, (line.y + line.height) * points, line.text)
    return bytes(file.output())
