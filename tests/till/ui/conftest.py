"""The window over a till of its own, signed in and ready."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from till.ui.application import dress
from till.ui.style.theme import style_sheet
from till.ui.style.tokens import LIGHT
from till.ui.window import Window


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture(autouse=True)
def garbage_on_this_thread() -> Iterator[None]:
    """As in the till: what Qt owns is never destroyed on a worker of the next test."""
    gc.disable()
    yield
    for window in QApplication.topLevelWidgets():
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture(autouse=True)
def quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Widgets are pressed as fast as a machine can; hands have their tests in tests/rim."""
    monkeypatch.setattr("till.ui.presses.SETTLED_MS", 0)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def dressed(qapp: QApplication) -> None:
    """A new style sheet is laid over every widget there is: only where a test changed it."""
    if qapp.styleSheet() != style_sheet(LIGHT):
        dress(qapp)


@pytest.fixture
def window(qtbot: QtBot, dressed: None, world: World) -> Iterator[Window]:
    window = Window(lambda: world, "en")
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.end()


@pytest.fixture
def cashier(qtbot: QtBot, window: Window, world: World) -> Cashier:
    """A cashier who has signed in."""
    cashier = Cashier(window)
    cashier.sign_in("Kim Kasse", "1234")
    return cashier


@pytest.fixture
def supervisor(qtbot: QtBot, window: Window, world: World) -> Cashier:
    """A supervisor who has signed in."""
    supervisor = Cashier(window)
    supervisor.sign_in("Sam Schicht", "5678")
    return supervisor
