"""A cashier's hands and eyes: taps what it reads, types, scans, and says what it sees."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from till.ui.keyboard import BURST_GAP_MS
from till.ui.window import Window

PATIENCE_MS = 5_000


class Cashier:
    """Finds widgets by what stands on them, as people do."""

    def __init__(self, window: Window) -> None:
        self.window = window

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

    def button(self, text: str) -> QAbstractButton | None:
        for button in self.window.findChildren(QAbstractButton):
            if button.isVisible() and text in said_by(button):
                return button
        return None

    def type(self, text: str) -> None:
        """Type as a person does: slower than a scanner."""
        for sign in text:
            QTest.keyClicks(self._focus(), sign)
            QTest.qWait(BURST_GAP_MS + 20)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self._focus(), key)

    def scan(self, code: str) -> None:
        """What a scanner in keyboard mode does: all signs at once, then Enter."""
        QTest.keyClicks(self._focus(), code)
        self.press(Qt.Key.Key_Return)

    def sees(self, *texts: str) -> None:
        """Wait until all of it stands on the window."""
        for text in texts:
            wait_until(partial(self._reads, text), f"{text!r} to be read on: ", self.reads)

    def _reads(self, text: str) -> bool:
        return text in self.reads()

    def reads(self) -> str:
        """All that stands on the window."""
        labels = [each for each in self.window.findChildren(QLabel) if each.isVisible()]
        buttons = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible()]
        words = [label.text() for label in labels] + [button.text() for button in buttons]
        return " | ".join(words).replace("\u00a0", " ")

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window


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
