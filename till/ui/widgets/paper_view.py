"""A picture of paper, as wide as there is room, never larger than its dots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea

from till.ui.style import tokens

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from till.ui.paper_office import Preview

_OLD_OPACITY = 0.45


class PaperView(QScrollArea):
    """Shows a Preview; `title` is what it is called."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "desk")
        self.setAccessibleName(title)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(160)
        self._sheet = QLabel()
        self._sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._sheet.setContentsMargins(tokens.GRID, tokens.GRID, tokens.GRID, tokens.GRID)
        self.setWidget(self._sheet)
        self._drawn: QPixmap | None = None
        self._old = False

    def clear(self) -> None:
        """Nothing can be shown yet."""
        self._drawn = None
        self._sheet.clear()

    def show_picture(self, preview: Preview) -> None:
        """Show this one; where it was scrolled to stays."""
        row_bytes = 3 * preview.width
        image = QImage(
            preview.rgb, preview.width, preview.height, row_bytes, QImage.Format.Format_RGB888
        )
        self._drawn, self._old = QPixmap.fromImage(image.copy()), False
        self._fit()

    def show_old(self) -> None:
        """What is shown is no longer what would be printed: it pales."""
        self._old = True
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room or less."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._drawn is None:
            return
        room = self.viewport().width() - 2 * tokens.GRID
        width = min(self._drawn.width(), room)
        fitted = self._drawn.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        self._sheet.setPixmap(_paled(fitted) if self._old else fitted)


def _paled(picture: QPixmap) -> QPixmap:
    pale = QPixmap(picture.size())
    pale.fill(Qt.GlobalColor.white)
    painter = QPainter(pale)
    painter.setOpacity(_OLD_OPACITY)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return pale
