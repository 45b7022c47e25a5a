"""What an independent reader finds on paper."""

import zxingcpp
from PIL import Image


def symbols(image: Image.Image) -> dict[str, list[str]]:
    """The texts of all codes on it, by format."""
    found: dict[str, list[str]] = {}
    for code in zxingcpp.read_barcodes(image.convert("L")):
        found.setdefault(str(code.format), []).append(code.text)
    return found


def trimmed(image: Image.Image) -> Image.Image:
    """Without the empty paper at its end."""
    ink = image.convert("L").point(lambda shade: 255 - shade).getbbox()
    return image.crop((0, 0, image.width, ink[3] if ink else 1))
