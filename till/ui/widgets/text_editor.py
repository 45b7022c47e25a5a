"""A text of many lines, numbered, in letters of equal width."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from till.ui.keys import TAKES_KEYS
from till.ui.style import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from till.ui.look import Look

FAMILY = "DejaVu Sans Mono"
INDENT = 2


class TextEditor(QPlainTextEdit):
    """`title` is what it is called. `mark` shows a line that is wrong."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__()
        self._colours = look.colours
        self.setProperty(TAKES_KEYS, True)
        self.setAccessibleName(title)
        self.setFont(_letters())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabStopDistance(INDENT * self.fontMetrics().horizontalAdvance(" "))
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(lambda *_: self._numbers.update())
        self._make_room()

    def memento(self) -> Callable[[], None]:
        """The way back to what stands there now."""
        return partial(self._restore, self.toPlainText(), self.textCursor().position())

    def mark(self, line: int | None) -> None:
        """Mark a line (1 is the first), or none."""
        marks: list[QTextEdit.ExtraSelection] = []
        block = self.document().findBlockByNumber((line or 0) - 1)
        if line is not None and block.isValid():
            marked = QTextEdit.ExtraSelection()
            marked.format.setBackground(QColor(self._colours.refused_soft))
            marked.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            cursor = self.textCursor()
            cursor.setPosition(block.position())
            marked.cursor = cursor
            marks.append(marked)
        self.setExtraSelections(marks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The numbers are as high as the text."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(
            QRect(inside.left(), inside.top(), self.numbers_width(), inside.height())
        )

    def numbers_width(self) -> int:
        """How much room the numbers take."""
        digits = max(2, len(str(self.blockCount())))
        return tokens.GAP + digits * self.fontMetrics().horizontalAdvance("0")

    def draw_numbers(self, painter: QPainter) -> None:
        """Number each line that can be seen."""
        painter.setFont(self.font())
        painter.setPen(QColor(self._colours.ink_soft))
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        width = self.numbers_width() - tokens.GRID
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset)
            if place.top() > self.viewport().height():
                break
            row = QRect(0, round(place.top()), width, round(place.height()))
            painter.drawText(row, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            block = block.next()

    def _restore(self, text: str, place: int) -> None:
        if text == self.toPlainText():
            return
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.setPosition(place)
        self.setTextCursor(cursor)

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)


class _Numbers(QWidget):
    """The strip at the left of the text."""

    def __init__(self, editor: TextEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        self._editor.draw_numbers(painter)
        painter.end()


def _letters() -> QFont:
    if FAMILY not in QFontDatabase.families():
        file = files("resources") / "fonts" / "print" / "DejaVuSansMono.ttf"
        QFontDatabase.addApplicationFontFromData(file.read_bytes())
    letters = QFont(FAMILY)
    letters.setPixelSize(tokens.TEXT_SECONDARY)
    return letters
