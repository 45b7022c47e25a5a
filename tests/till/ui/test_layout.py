"""What a finger needs and an eye reads: on all screens, in both languages, at both sizes."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.till.ui.tour import Tour
from tests.till.ui.tours import TOURS, Walk
from tests.till.ui.world import World
from till.ui.style.tokens import TOUCH_MIN
from till.ui.window import Window

FINGER = QAbstractButton | QLineEdit


USUAL, SMALL = (1366, 768), (1024, 768)


@pytest.mark.parametrize(
    ("tour", "size"), [(Tour, USUAL), *((tour, SMALL) for tour in TOURS)], ids=str
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_can_be_tapped_and_read(
    qtbot: QtBot, dressed: None, world: World, tour: Walk, size: tuple[int, int], language: str
) -> None:
    window = Window(lambda: world, language)
    window.resize(*size)
    window.show()
    wrong = []
    seen = 0
    for screen in tour(window, world).screens():
        seen += 1
        qtbot.wait(120)
        assert window.size().toTuple() == size
        wrong += [f"{screen}: {problem}" for problem in _problems(window)]
    window.end()
    assert seen >= 10
    assert not wrong, "\n".join(wrong)


def _problems(window: Window) -> list[str]:
    problems = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, FINGER) and min(widget.width(), widget.height()) < TOUCH_MIN:
            problems.append(f"{_name(widget)} is {widget.width()}x{widget.height()}")
        if isinstance(widget, FINGER | QLabel) and _is_cut(widget):
            problems.append(f"{_name(widget)} is cut off")
        if isinstance(widget, QLabel) and widget.text() and not _fits(widget):
            problems.append(f"{_name(widget)} does not fit into {widget.size().toTuple()}")
        if isinstance(widget, QAbstractButton) and widget.sizeHint().width() > widget.width():
            problems.append(f"{_name(widget)} does not fit into {widget.width()}")
    return problems


def _is_cut(widget: QWidget) -> bool:
    """Whether part of it lies outside its window; up and down it may be scrolled away."""
    shown = widget.visibleRegion().boundingRect()
    whole = widget.rect()
    return shown.width() < whole.width() or (
        shown.height() < whole.height() and not _is_scrolled(widget)
    )


def _is_scrolled(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _fits(label: QLabel) -> bool:
    if not label.wordWrap():
        return label.sizeHint().width() <= label.width() + 1
    metrics = label.fontMetrics()
    longest = max(metrics.horizontalAdvance(word) for word in label.text().split())
    return label.heightForWidth(label.width()) <= label.height() + 1 and longest <= label.width()


def _name(widget: QWidget) -> str:
    where = QRect(widget.mapTo(widget.window(), QPoint()), widget.size()).getRect()
    said = widget.accessibleName()
    if isinstance(widget, QAbstractButton | QLabel):
        said = said or widget.text()
    return f"{type(widget).__name__} {said!r} at {where}"
