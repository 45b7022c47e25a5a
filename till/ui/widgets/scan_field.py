"""The scan field: always there, for scanners and for fingers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from till.ui.style import tokens
from till.ui.widgets.basics import button, label, picture, restyle, spaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent

    from till.ui.look import Look


class _Edit(QLineEdit):
    """Says when its cursor comes and goes: the frame around it shows that."""

    cursor_here = Signal()
    cursor_gone = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.cursor_here.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.cursor_gone.emit()


class ScanField(QFrame):
    """`typed` tells what stands in it; the window decides what Enter does with it."""

    typed = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "scan")
        self.setFixedHeight(tokens.TOUCH)
        self._edit = _Edit()
        self._edit.setMaxLength(500)
        self._edit.textChanged.connect(self._on_text)
        self._edit.cursor_here.connect(lambda: restyle(self, active=True))
        self._edit.cursor_gone.connect(lambda: restyle(self, active=False))
        self._busy = label(look.say("ui_looking"), "secondary")
        self._busy.hide()
        self._clear = button("", "bare", look.icon("x", "ink_soft"))
        self._clear.setAccessibleName(look.say("ui_erase"))
        self._clear.setFixedSize(tokens.TOUCH_MIN, tokens.TOUCH_MIN)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        row = QHBoxLayout(self)
        spaced(row, gap=12)
        row.setContentsMargins(tokens.GAP, 2, 4, 2)
        row.addWidget(picture(look.pixmap("scan-barcode", "ink_soft")))
        row.addWidget(self._edit, 1)
        row.addWidget(self._busy)
        row.addWidget(self._clear)

    @property
    def text(self) -> str:
        """What stands in it."""
        return self._edit.text()

    @property
    def has_keyboard(self) -> bool:
        """Whether its cursor blinks."""
        return self._edit.hasFocus()

    @property
    def is_marked(self) -> bool:
        """Whether what stands there has been looked up: the next sign takes its place."""
        return bool(self.text) and self._edit.selectedText() == self.text

    def mark(self) -> None:
        """What stands there has been looked up."""
        self._edit.selectAll()

    def memento(self) -> Callable[[], None]:
        """The way back to what stands there now."""
        return partial(self._restore, self.text, marked=self.is_marked)

    def invite(self, key: str) -> None:
        """The sentence it shows while it is empty."""
        self._edit.setPlaceholderText(self._look.say(key))

    def type_text(self, text: str) -> None:
        """Type where the cursor is; without a cursor at the end."""
        if not self._edit.hasFocus() and not self.is_marked:
            self._edit.end(False)
        self._edit.insert(text)

    def erase(self) -> None:
        """Take the last sign back."""
        self._edit.backspace()

    def clear(self) -> None:
        """Empty it and give the keyboard back."""
        self._edit.clear()
        self._edit.clearFocus()

    def show_looking(self, looking: bool) -> None:
        """Say that a voucher is being looked up."""
        self._busy.setVisible(looking)

    def _restore(self, text: str, *, marked: bool) -> None:
        if text != self.text:
            self._edit.setText(text)
        if marked:
            self.mark()

    def _on_text(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self.typed.emit(text)
