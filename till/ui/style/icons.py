"""Icons in the colours of the theme, drawn as sharp as the screen allows."""

from functools import lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The icon resources/icons/`name`.svg with its strokes in `colour`."""
    return _draw(name, colour, size, QGuiApplication.primaryScreen().devicePixelRatio())


def icon(name: str, colour: str, disabled: str, size: int) -> QIcon:
    """The same for a button, with a second colour for when it cannot be used."""
    drawn = QIcon(pixmap(name, colour, size))
    drawn.addPixmap(pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return drawn


@lru_cache(maxsize=256)
def _draw(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    drawing = _source(name).replace("currentColor", colour)
    pixels = round(size * ratio)
    drawn = QPixmap(pixels, pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (files("resources") / "icons" / f"{name}.svg").read_text("utf-8")
