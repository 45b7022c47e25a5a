"""Pictures of every screen: python -m tests.till.ui.screenshots FOLDER [WIDTHxHEIGHT ...].

Add `de` or `dark` for German or the dark colours.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.till.ui.world import World
from till.ui.application import dress
from till.ui.keyboard import BURST_GAP_MS
from till.ui.style.theme import style_sheet
from till.ui.style.tokens import DARK
from till.ui.window import Window

SETTLE_MS = 350


def main(arguments: list[str]) -> None:
    folder, *rest = arguments
    Path(folder).mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    dress(app)
    language = "de" if "de" in rest else "en"
    sizes = [each for each in rest if "x" in each] or ["1366x768", "1024x768"]
    for size in sizes:
        with tempfile.TemporaryDirectory() as data:
            _photograph(app, Path(folder), size, World(Path(data)), language, dark="dark" in rest)


def _photograph(
    app: QApplication, folder: Path, size: str, world: World, language: str, *, dark: bool
) -> None:
    width, height = map(int, size.split("x"))
    window = Window(lambda: world, language)
    window.resize(width, height)
    window.show()
    if dark:
        window._on_colours("dark")
        app.setStyleSheet(style_sheet(DARK))
    for name in _story(window, world):
        QTest.qWait(SETTLE_MS)
        suffix = f"{'-dark' if dark else ''}{'-de' if language == 'de' else ''}"
        window.grab().save(str(folder / f"{name}-{size}{suffix}.png"))
    window.close()


def _story(window: Window, world: World) -> Iterator[str]:
    def keys(text: str, *, enter: bool = False) -> None:
        for sign in text:
            QTest.keyClicks(window, sign)
            QTest.qWait(BURST_GAP_MS + 20)
        if enter:
            press(Qt.Key.Key_Return)

    def press(key: Qt.Key) -> None:
        QTest.keyClick(window, key)
        QTest.qWait(SETTLE_MS)

    def scan(code: str) -> None:
        QTest.keyClicks(window, code)
        press(Qt.Key.Key_Return)

    def choose(index: int) -> None:
        tiles = [w for w in window.findChildren(QWidget) if w.property("role") == "tile"]
        QTest.mouseClick([t for t in tiles if t.isVisible()][index], Qt.MouseButton.LeftButton)

    def until(true: Callable[[], bool]) -> None:
        while not true():
            QTest.qWait(50)

    def place(name: str) -> None:
        workplace = window._workplace
        assert workplace is not None
        workplace._on_place(name)
        QTest.qWait(SETTLE_MS)

    until(lambda: window._opened is not None)
    yield "login"
    keys("1111", enter=True)
    yield "login-refused"
    press(Qt.Key.Key_F2)
    keys("5678", enter=True)
    until(lambda: window._workplace is not None)
    yield "sell-empty"
    choose(1)
    press(Qt.Key.Key_F2)
    choose(3)
    choose(0)
    choose(0)
    code = world.issue("value-50")
    scan(code.text)
    yield "redeem"
    keys("12.5", enter=True)
    press(Qt.Key.Key_F1)
    yield "sell"
    press(Qt.Key.Key_Return)
    yield "checkout"
    keys("30", enter=True)
    yield "checkout-split"
    QTest.mouseClick(_choice(window, 1), Qt.MouseButton.LeftButton)
    yield "checkout-card"
    press(Qt.Key.Key_Return)
    QTest.qWait(SETTLE_MS)
    yield "done-card"
    press(Qt.Key.Key_F2)
    choose(0)
    press(Qt.Key.Key_Return)
    keys("50", enter=True)
    world.report()
    yield "done"
    press(Qt.Key.Key_F1)
    choose(4)
    keys("37.5")
    yield "free-amount"
    press(Qt.Key.Key_Escape)
    scan(world.issue("voucher-family").text)
    yield "redeem-service"
    world.go_offline()
    scan(world.issue(balance_minor=0).text)
    yield "refused"
    world.server.away = False
    world.line.answered()
    swapped = world.issue(balance_minor=800).text.translate(str.maketrans("YZ", "ZY"))
    scan(swapped)
    yield "redeem-alone"
    press(Qt.Key.Key_Escape)
    place("accounts")
    yield "accounts-empty"
    scan(code.text)
    QTest.qWait(SETTLE_MS)
    yield "account"
    place("shift")
    yield "shift"
    keys("150", enter=True)
    place("sell")
    press(Qt.Key.Key_F2)
    choose(0)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    QTest.qWait(SETTLE_MS)
    place("shift")
    keys("161.5")
    yield "shift-open"
    press(Qt.Key.Key_Return)
    yield "shift-closed"
    place("help")
    yield "help"
    place("settings")
    yield "settings"


def _choice(window: Window, index: int) -> QWidget:
    found = [w for w in window.findChildren(QWidget) if w.property("role") == "choice"]
    return [choice for choice in found if choice.isVisible()][index]


if __name__ == "__main__":
    main(sys.argv[1:])
