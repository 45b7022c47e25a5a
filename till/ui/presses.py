"""Presses that were not meant: a press belongs to what the finger saw.

A big button keeps its place and changes what it does; a list moves up when a message goes; a screen
comes while the finger is on its way. So what has only just come to stand somewhere cannot be
pressed there, by no finger and no key.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QMouseEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

SETTLED_MS = 400
"""Nobody takes in what has changed and then presses in less; double taps come within 300."""

LOOK_AGAIN_MS = 30
"""So that a window which is painted often is not looked at all the time."""

MEANING = "meaning"
"""The property of a button that says what it does, where that is not what is written on it."""

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class Settling:
    """How long something has been as it is."""

    def __init__(self) -> None:
        self._since_ms = now_ms()

    def restart(self) -> None:
        """It has changed."""
        self._since_ms = now_ms()

    @property
    def done(self) -> bool:
        """Whether people had the time to see it."""
        return now_ms() - self._since_ms >= SETTLED_MS


class _Stand(NamedTuple):
    """A button as a finger knows it. Drawn anew with the same words in the same place, it is the
    same; whether it can be pressed just now does not matter.
    """

    left: int
    top: int
    width: int
    height: int
    meaning: str


class PressGuard(QObject):
    """Knows since when each button of a window stands where it does and means what it means.

    Presses that come too early never reach the button; a finger that lets go of a button which has
    changed under it does nothing.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._since_ms: dict[_Stand, int] = {}
        self._pressed: tuple[QAbstractButton, _Stand] | None = None
        self._soon = QTimer(self, interval=LOOK_AGAIN_MS, singleShot=True)
        self._soon.timeout.connect(self._look)
        window.installEventFilter(self)

    def watch(self, handle: QWindow) -> None:
        """Take presses from the window itself, before they reach any button."""
        handle.installEventFilter(self)

    def settled(self, button: QAbstractButton) -> bool:
        """Whether a button has stood there long enough to be pressed."""
        self._look()
        return now_ms() - self._since_ms.get(self._stand(button), now_ms()) >= SETTLED_MS

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look soon after each time the window is painted, and at each press."""
        del watched
        if event.type() == QEvent.Type.UpdateRequest:
            if not self._soon.isActive():
                self._soon.start()
        elif isinstance(event, QMouseEvent):
            if event.type() in _PRESSES:
                return self._comes_too_early(event.position().toPoint())
            if event.type() == QEvent.Type.MouseButtonRelease:
                self._let_go()
        return False

    def _comes_too_early(self, place: QPoint) -> bool:
        button = self._button_at(place)
        if button is None or not self.settled(button):
            self._pressed = None
            return button is not None
        self._pressed = button, self._stand(button)
        return False

    def _let_go(self) -> None:
        if self._pressed is not None:
            button, stand = self._pressed
            self._pressed = None
            if shiboken6.isValid(button) and self._stand(button) != stand:
                button.setDown(False)  # so that letting go is no click

    def _look(self) -> None:
        seen_ms, before = now_ms(), self._since_ms
        buttons = self._window.findChildren(QAbstractButton)
        stands = [self._stand(button) for button in buttons if button.isVisible()]
        self._since_ms = {stand: before.get(stand, seen_ms) for stand in stands}

    def _stand(self, button: QAbstractButton) -> _Stand:
        place = button.mapTo(self._window, QPoint())
        return _Stand(place.x(), place.y(), button.width(), button.height(), _meaning(button))

    def _button_at(self, place: QPoint) -> QAbstractButton | None:
        widget: QWidget | None = self._window.childAt(place)
        while widget is not None and not isinstance(widget, QAbstractButton):
            widget = widget.parentWidget()
        return widget


def now_ms() -> int:
    """A clock that nobody sets."""
    return time.monotonic_ns() // 1_000_000


def _meaning(button: QAbstractButton) -> str:
    written: str = button.property(MEANING) or button.text() or button.accessibleName()
    return written or " ".join(label.text() for label in button.findChildren(QLabel))
