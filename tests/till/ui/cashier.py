"""A cashier's hands and eyes: taps what it reads, types, scans, and says what it sees."""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from till.ui.run import BURST_GAP_MS, RUN_GAP_MS
from till.ui.window import Window

PATIENCE_MS = 10_000
SCANNER_PACE_MS = 5


class Cashier:
    """Finds widgets by what stands on them, as people do."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._pauses_ms = 0

    def sign_in(self, name: str, pin: str) -> None:
        self.tap(name)
        self.type(pin)
        self.tap("Sign in")
        self.sees("Basket")

    def tap(self, text: str) -> None:
        """Tap the button that bears `text` (a non-breaking space is a space)."""
        wait_until(lambda: self.button(text) is not None, f"{text!r} to tap on: ", self.reads)
        button = self.button(text)
        assert button is not None
        wait_until(button.isEnabled, f"{text!r} to be enabled on: ", self.reads)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._pauses_ms += RUN_GAP_MS + 1  # a person's hand needs that long to the next key

    def touch(self, text: str) -> None:
        """Touch the window where that button is, at once."""
        button = self.button(text)
        assert button is not None
        handle, place = self.window.windowHandle(), button.rect().center()
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=button.mapTo(self.window, place))

    def press_and_let_go(self, text: str, meanwhile: Callable[[], None]) -> None:
        """Tap the button that bears `text`; `meanwhile` happens while the finger is down."""
        button = self.button(text)
        assert button is not None
        handle, place = self.window.windowHandle(), button.rect().center()
        spot = button.mapTo(self.window, place)
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=spot)
        meanwhile()
        self.has_all_answers()
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=spot)

    def button(self, text: str) -> QAbstractButton | None:
        for button in self.window.findChildren(QAbstractButton):
            if button.isVisible() and text in said_by(button):
                return button
        return None

    def type(self, text: str) -> None:
        """Type as a person does: slower than a scanner."""
        for sign in text:
            self.send(sign)
            QTest.qWait(BURST_GAP_MS + 20)
            QCoreApplication.processEvents()  # a busy machine may have come to it too late

    def press(self, key: Qt.Key) -> None:
        self._strike(key, "", self._now_ms())

    def press_f(self, number: int) -> None:
        self.press(Qt.Key(Qt.Key.Key_F1.value + number - 1))

    def scan(self, code: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
        """What a scanner in keyboard mode does: all signs at once, then Enter."""
        self._strike(end, "", self.send(code))

    def send(self, text: str) -> int:
        """All signs as fast as a scanner, however busy this machine is; when the next is due."""
        at_ms = self._now_ms()
        for sign in text:
            self._strike(Qt.Key(ord(sign.upper())), sign, at_ms)
            at_ms += SCANNER_PACE_MS
        return at_ms

    def _now_ms(self) -> int:
        """The time of the next key, with the pauses that a person would have made before it."""
        return time.monotonic_ns() // 1_000_000 + self._pauses_ms

    def _strike(self, key: Qt.Key, text: str, at_ms: int) -> None:
        handle = self.window.windowHandle()
        assert handle is not None
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(at_ms)
            QCoreApplication.sendEvent(handle, event)

    def sees(self, *texts: str) -> None:
        """Wait until all of it stands on the window."""
        for text in texts:
            wait_until(partial(self._reads, text), f"{text!r} to be read on: ", self.reads)

    def has_all_answers(self) -> None:
        """Wait until no work is under way: it has said what it had to say."""
        waiting = self.window._runner._waiting
        wait_until(lambda: not waiting, "all answers on: ", self.reads)

    def _reads(self, text: str) -> bool:
        return text in self.reads()

    def reads(self) -> str:
        """All that stands on the window."""
        labels = [each for each in self.window.findChildren(QLabel) if each.isVisible()]
        buttons = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible()]
        words = [label.text() for label in labels] + [button.text() for button in buttons]
        return " | ".join(words).replace("\u00a0", " ")


def wait_until(true: Callable[[], bool], what: str, seen: Callable[[], str]) -> None:
    """Let the window live until something is true; fails with what is seen instead."""
    waited = QElapsedTimer()
    waited.start()
    while not true():
        assert not waited.hasExpired(PATIENCE_MS), what + seen()
        QTest.qWait(5)


def said_by(button: QAbstractButton) -> set[str]:
    """What stands on a button, and what it is called."""
    inside = {label.text() for label in button.findChildren(QLabel)}
    words = {button.text(), button.accessibleName()} | inside
    return {word.replace("\u00a0", " ").strip() for word in words if word}
