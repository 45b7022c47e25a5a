"""What kind of key it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

TAKES_KEYS = "takesKeys"
"""The property of a widget that gets every key but Escape while it has the focus."""

COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier

HELD_WITH_OTHERS = (
    *(Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Meta, Qt.Key.Key_Alt, Qt.Key.Key_AltGr),
    *(Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_Mode_switch),
)
"""Scanners press them for capitals; they are never the end of anything."""

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_LINE_ENDS = (Qt.Key.Key_J, Qt.Key.Key_M)
"""With Control: a line feed and a carriage return, as scanners send them."""


def is_line_end(event: QKeyEvent) -> bool:
    """Whether it ends what was typed or scanned."""
    if event.modifiers() & COMMAND:
        return event.key() in _LINE_ENDS
    return event.key() in _ENDS or event.text() in {"\r", "\n"}


def is_command(key: int) -> bool:
    """Whether the till does something at this key alone."""
    plain = key in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape)
    return plain or Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12


def is_written_in() -> bool:
    """Whether a widget has the focus that gets every key."""
    focus = QApplication.focusWidget()
    return focus is not None and bool(focus.property(TAKES_KEYS))
