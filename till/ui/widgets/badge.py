"""A count in the corner of a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_HEIGHT, _INSET = 22, 4
_MOST = 99


class Badge(QLabel):
    """Stays at the top right of `owner`; hidden while there is nothing to count."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.setProperty("role", "badge")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        owner.installEventFilter(self)
        self.hide()

    def show_count(self, count: int) -> None:
        """Count so many."""
        self.setText(str(count) if count <= _MOST else f"{_MOST}+")
        self.setVisible(count > 0)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        width = max(_HEIGHT, self.sizeHint().width())
        self.setGeometry(self._owner.width() - width - _INSET, _INSET, width, _HEIGHT)
        self.raise_()
