"""One state in the status bar: an icon and words, or fewer words where there is little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout

from till.ui.widgets.basics import label, picture, spaced

if TYPE_CHECKING:
    from till.ui.look import Look

CHIP_HEIGHT = 32


class StatusChip(QFrame):
    """Says `text`, or each of `shorter` in turn as room gets scarce."""

    def __init__(self, look: Look, icon: str, tone: str, text: str, *shorter: str) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.setProperty("tone", tone)
        self.setFixedHeight(CHIP_HEIGHT)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._shorter = list(shorter)
        self._words = label(text, "small", tone)
        row = QHBoxLayout(self)
        spaced(row, gap=6)
        row.setContentsMargins(10, 0, 10, 0)
        if icon:
            row.addWidget(picture(look.pixmap(icon, tone or "ink_soft", 18)))
        row.addWidget(self._words)

    def shorten(self) -> bool:
        """Say it in fewer words; False when there are no fewer."""
        if not self._shorter:
            return False
        self._words.setText(self._shorter.pop(0))
        self._words.setVisible(bool(self._words.text()))
        return True
