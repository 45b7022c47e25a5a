"""The one typeface, brought along so that the till looks the same everywhere."""

from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase

from till.ui.style import tokens
from vouchers.errors import InvariantError

FAMILY = "Inter"
_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")


def load() -> QFont:
    """Inter at body size, with figures of equal width so that amounts line up."""
    folder = files("resources") / "fonts" / "inter"
    for name in _FILES:
        if QFontDatabase.addApplicationFontFromData((folder / name).read_bytes()) < 0:
            raise InvariantError(f"the font {name} cannot be read")
    font = QFont(FAMILY)
    font.setPixelSize(tokens.TEXT_BODY)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
