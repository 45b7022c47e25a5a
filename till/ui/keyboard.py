"""The keyboard: tells a scanner's burst from a person's typing, wherever the focus is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

if TYPE_CHECKING:
    from collections.abc import Callable

BURST_GAP_MS = 60
"""Scanners send a sign every 1 to 30 ms; nobody types six signs in a row this fast."""

SCAN_SIGNS_MIN = 6
TAKES_KEYS = "takesKeys"
"""The property of a widget that gets every key but Escape while it has the focus."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TOUCHES = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class KeyTarget(Protocol):
    """What is on screen takes the keys, whichever of its widgets has the focus."""

    def scan(self, scanned: str) -> None:
        """A scanner has sent something."""

    def type_text(self, typed: str) -> None:
        """A person has typed something."""

    def enter(self) -> None:
        """Enter."""

    def erase(self) -> None:
        """Backspace."""

    def step_back(self) -> None:
        """Escape."""

    def function_key(self, number: int) -> None:
        """F1 is 1."""


class Keyboard(QObject):
    """Watches all keys of a window. A burst of six signs or more that ends in Enter or Tab is a
    scan; other text counts as typed once it is clear that it is no burst. No sign is lost.
    """

    def __init__(self, window: QWindow, target: Callable[[], KeyTarget]) -> None:
        super().__init__(window)
        self._target = target
        self._burst = ""
        self._last_ms = 0
        self._pause = QTimer(self, interval=BURST_GAP_MS, singleShot=True)
        self._pause.timeout.connect(self._flush)
        window.installEventFilter(self)  # keys pass here before they reach the focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what this class is about; everything else goes its usual way."""
        del watched
        if event.type() in _TOUCHES:
            self._flush()  # what was typed just before must be there when the button acts
        return isinstance(event, QKeyEvent) and (
            event.type() == QEvent.Type.KeyPress and self._take(event)
        )

    def _take(self, event: QKeyEvent) -> bool:
        if event.modifiers() & _COMMAND:
            return False
        if _is_written_in() and event.key() != Qt.Key.Key_Escape:
            self._flush()
            return False
        now_ms = event.timestamp() or time.monotonic_ns() // 1_000_000
        if now_ms - self._last_ms > BURST_GAP_MS:
            self._flush()
        text, key = event.text(), event.key()
        if text.isprintable() and text and not self._presses_button(text):
            self._burst += text
            self._last_ms = now_ms
            self._pause.start()
            return True
        return self._ends_burst(key) or self._command(key)

    def _presses_button(self, text: str) -> bool:
        focus = QApplication.focusWidget()
        return text == " " and not self._burst and isinstance(focus, QAbstractButton)

    def _ends_burst(self, key: int) -> bool:
        is_end = key in _ENTER or key == Qt.Key.Key_Tab
        if not is_end or len(self._burst) < SCAN_SIGNS_MIN:
            self._flush()
            return False
        scanned, self._burst = self._burst, ""
        self._pause.stop()
        self._target().scan(scanned)
        return True

    def _command(self, key: int) -> bool:
        if key == Qt.Key.Key_Backspace and isinstance(QApplication.focusWidget(), QLineEdit):
            return False
        target = self._target()
        if key in _ENTER:
            target.enter()
        elif key == Qt.Key.Key_Backspace:
            target.erase()
        elif key == Qt.Key.Key_Escape:
            target.step_back()
        elif Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
            target.function_key(key - Qt.Key.Key_F1 + 1)
        else:
            return False
        return True

    def _flush(self) -> None:
        self._pause.stop()
        typed, self._burst = self._burst, ""
        if typed:
            self._target().type_text(typed)


def _is_written_in() -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and bool(focus.property(TAKES_KEYS))
