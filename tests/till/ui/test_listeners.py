"""Nothing outlives its screen: language and colours change ten times, and nothing is left over."""

import gc
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QMetaMethod, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.till.ui.guide import Guide
from tests.till.ui.hand import Hand, reader_beside
from tests.till.ui.world import World
from till.ui.duty import Duty
from till.ui.window import Window

LANGUAGES = {"en": "Deutsch", "de": "English"}
COLOURS = {"light": "ui_dark", "dark": "ui_light"}


@pytest.fixture
def hand(world: World) -> Iterator[Hand]:
    with reader_beside(world) as hand:
        yield hand


@pytest.fixture
def undressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens are made anew for other colours; painting every widget ten times is not the point."""
    monkeypatch.setattr("till.ui.window.style_sheet", lambda _colours: "")


class Decorator(Guide):
    """A supervisor who cannot decide how the till should look."""

    def begin(self) -> None:
        self._sign_in("Sam Schicht", "5678")
        self._tap("ui_place_shift")
        self._cashier.type("100")
        self._enter()
        self._sees("ui_report_x")

    def change(self) -> None:
        """Another language, then other colours: all screens are made anew each time."""
        look = self._window._look
        self._tap("ui_place_settings")
        self._cashier.tap(LANGUAGES[look.texts.language])
        self._tap("ui_place_settings")
        self._tap(COLOURS[look.colours.name])

    def visit_every_screen(self) -> None:
        workplace = self._window._workplace
        assert workplace is not None
        for place in list(workplace._stage._screens):
            workplace._stage.go(place)
        QCoreApplication.processEvents()

    def print_x(self) -> None:
        self._tap("ui_place_shift")
        self._tap("ui_report_x")
        self._sees("ui_report_printed")


def test_ten_changes_of_language_and_colours_leave_nothing_behind(
    window: Window,
    world: World,
    hand: Hand,
    undressed: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    guide = Decorator(window, world)
    guide.begin()
    guide.change()
    guide.visit_every_screen()
    guide.print_x()
    before = census(window)
    for _ in range(4):
        guide.change()
    guide.visit_every_screen()
    guide.print_x()
    after = census(window)
    assert +(after - before) == Counter()
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_a_card_that_comes_while_nobody_is_signed_in_disturbs_nothing(
    qtbot: QtBot, window: Window, world: World, hand: Hand
) -> None:
    guide = Decorator(window, world)
    guide.begin()
    guide._tap("ui_place_sign_out")
    guide._sees("ui_who")
    census(window)  # what is gone is gone
    hand.tap()
    guide._sign_in("Kim Kasse", "1234")


def census(window: Window) -> Counter[str]:
    """How many there are of all widgets, objects and listeners, when what is gone is gone."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
    found: Counter[str] = Counter()
    for widget in QApplication.allWidgets():
        found[f"widget {type(widget).__name__}"] += 1
    for one in gc.get_objects():
        if type(one).__module__.startswith("till.") and _lives(one):
            found[f"object {type(one).__name__}"] += 1
    if window._duty is not None:
        found += listeners(window._duty)
    return found


def _lives(one: object) -> bool:
    return isinstance(one, QObject) and shiboken6.isValid(one)


def listeners(duty: Duty) -> Counter[str]:
    """Who hears the signals of what outlives the screens."""
    found: Counter[str] = Counter()
    cards = duty.cards
    beside = [cards.touches, cards.flow] if cards is not None else []
    for flow in [*(getattr(duty, each.name) for each in fields(duty)), *beside]:
        if isinstance(flow, QObject):
            for signature in signals(flow):
                found[f"{type(flow).__name__}.{signature}"] += flow.receivers(f"2{signature}")
    return found


def signals(flow: QObject) -> list[str]:
    meta = flow.metaObject()
    methods = [meta.method(index) for index in range(meta.methodCount())]
    return [
        bytes(method.methodSignature().data()).decode()
        for method in methods
        if method.methodType() == QMetaMethod.MethodType.Signal
    ]
