"""The keyboard: tells a scanner from a person, wherever the focus is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from till.ui import presses
from till.ui.keys import COMMAND, HELD_WITH_OTHERS, is_command, is_line_end, is_written_in
from till.ui.presses import now_ms
from till.ui.run import BURST_GAP_MS, PutBack, Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.ui.presses import PressGuard

_TOUCHES = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)

_REPEAT_MS_MIN = 10
"""No held key repeats faster; scanners that send one sign twice do."""


class KeyTarget(Protocol):
    """What is on screen takes the keys, whichever of its widgets has the focus."""

    def scan(self, scanned: str) -> None:
        """A scanner has sent something."""

    def type_text(self, typed: str, run: Run) -> None:
        """The latest signs of a run that may be a person's, or a slow scanner's."""

    def remember(self) -> Callable[[], None]:
        """What has been typed so far; the answer puts it back."""

    def enter(self) -> None:
        """Enter."""

    def erase(self) -> None:
        """Backspace."""

    def step_back(self) -> None:
        """Escape."""

    def function_key(self, number: int) -> None:
        """F1 is 1."""


class Keyboard(QObject):
    """Watches all keys of a window.

    What comes as fast as only a scanner sends it, or is a whole voucher code however slowly it
    comes, is a scan with the Enter or Tab behind it. Other signs count as typed as soon as it is
    clear that they are no burst; they are taken back where a scan came of them after all. A key
    that repeats itself, and Enter just after Enter or a scan, is nobody's wish.
    """

    def __init__(self, window: QWindow, target: Callable[[], KeyTarget], guard: PressGuard) -> None:
        super().__init__(window)
        self._target, self._guard = target, guard
        self._run = Run()
        self._ended_ms: int | None = None
        self._released = 0, 0
        self._pause = QTimer(self, interval=BURST_GAP_MS, singleShot=True)
        self._pause.timeout.connect(self._deliver)
        window.installEventFilter(self)  # keys pass here before they reach the focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what this class is about; everything else goes its usual way."""
        del watched
        if event.type() in _TOUCHES:
            self._end_run()  # what was typed just before must be there when the button acts
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            self._released = event.key(), event.timestamp()
        return event.type() == QEvent.Type.KeyPress and self._take(event)

    def _take(self, event: QKeyEvent) -> bool:
        key, text, at_ms = event.key(), event.text(), event.timestamp() or now_ms()
        if key in HELD_WITH_OTHERS:
            return False
        if not self._run.goes_on(at_ms):
            self._end_run()
        if is_line_end(event):
            return self._take_end(event, at_ms)
        if event.modifiers() & COMMAND or not (text.isprintable() or is_command(key)):
            return self._is_amid_scan(at_ms)  # a control sign
        if text and text.isprintable():
            return self._take_sign(event, text, at_ms)
        if is_written_in() and key != Qt.Key.Key_Escape:
            return False
        self._end_run()
        unwanted = self._repeats(event) and key != Qt.Key.Key_Backspace
        return is_command(key) and (unwanted or self._command(key))

    def _take_sign(self, event: QKeyEvent, text: str, at_ms: int) -> bool:
        written_in = is_written_in()
        if self._repeats(event) and self._run.pause_ms(at_ms) > _REPEAT_MS_MIN:
            return not written_in
        focus = QApplication.focusWidget()
        if text == " " and not self._run.text and isinstance(focus, QAbstractButton):
            return not self._guard.settled(focus)
        self._run.add(text, at_ms, self._target().remember)
        if written_in:
            self._run.waiting = ""
            return False
        self._pause.start()
        return True

    def _take_end(self, event: QKeyEvent, at_ms: int) -> bool:
        written_in = is_written_in()
        if self._is_ended_again(at_ms) or (self._repeats(event) and not written_in):
            return True
        if (scan := self._run.scanned(only_codes=written_in)) is not None:
            self._take_scan(*scan)
            self._ended_ms = at_ms
            return True
        self._end_run()
        if written_in or event.key() == Qt.Key.Key_Tab:
            return False
        self._ended_ms = at_ms
        self._target().enter()
        return True

    def _is_ended_again(self, at_ms: int) -> bool:
        """Whether Enter has come just before, with nothing in between."""
        since_ms = None if self._ended_ms is None else at_ms - self._ended_ms
        return not self._run.text and since_ms is not None and 0 <= since_ms < presses.SETTLED_MS

    def _take_scan(self, scanned: str, put_back: PutBack) -> None:
        if self._run.waiting == scanned:
            self._run.waiting = ""
        self._end_run()  # what a person typed before the scan stays
        put_back()
        self._target().scan(scanned)

    def _repeats(self, event: QKeyEvent) -> bool:
        """Whether the key is held down: Qt does not see it where X11 is quick to repeat."""
        return event.isAutoRepeat() or self._released == (event.key(), event.timestamp() or -1)

    def _is_amid_scan(self, at_ms: int) -> bool:
        """Whether a control sign came from a scanner, before or behind its Enter."""
        ended_ms = self._ended_ms if self._ended_ms is not None else at_ms - BURST_GAP_MS
        return self._run.is_hurried(at_ms) or 0 <= at_ms - ended_ms < BURST_GAP_MS

    def _command(self, key: int) -> bool:
        if key == Qt.Key.Key_Backspace and isinstance(QApplication.focusWidget(), QLineEdit):
            return False
        target = self._target()
        if key == Qt.Key.Key_Backspace:
            target.erase()
        elif key == Qt.Key.Key_Escape:
            target.step_back()
        else:
            target.function_key(key - Qt.Key.Key_F1 + 1)
        return True

    def _deliver(self) -> None:
        self._pause.stop()
        typed, self._run.waiting = self._run.waiting, ""
        if typed:
            self._target().type_text(typed, self._run)

    def _end_run(self) -> None:
        self._deliver()
        self._run = Run()
