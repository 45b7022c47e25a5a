"""The till with a window: `run` shows it at once and gets the till ready behind it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from till.ui.mishaps import Mishaps
from till.ui.style import fonts
from till.ui.style.theme import style_sheet
from till.ui.style.tokens import LIGHT
from till.ui.window import SIZE, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.ui.session import Session


COMPANION_X, COMPANION_Y = 0.12, 0.92
"""Where a demo's second window stands first: over the last tiles, beside who may sign in."""


def run(
    prepare: Callable[[], Session], language: str, beside: Callable[[], QWidget] | None = None
) -> int:
    """Show the till until it is closed; the exit status of the program.

    `prepare` makes everything slow; it is called on a worker thread after the first paint, may
    raise OperatingError, and is called again when the user asks to try again. `beside` makes a
    window that a demo shows beside the till's.
    """
    app = QApplication(sys.argv[:1])
    dress(app)
    window = Window(prepare, language)
    Mishaps(window, window.on_mishap)
    screen = app.primaryScreen().availableGeometry()
    if screen.width() <= SIZE[0] or screen.height() <= SIZE[1]:
        window.showMaximized()
    else:
        window.show()
    companion = beside() if beside is not None else None
    if companion is not None:
        companion.adjustSize()
        place = screen.bottomRight() - companion.rect().bottomRight()
        companion.move(round(place.x() * COMPANION_X), round(place.y() * COMPANION_Y))
        companion.show()
    return app.exec()


def dress(app: QApplication) -> None:
    """Give an application the till's type and colours."""
    app.setStyle("Fusion")  # the one style that honours the whole style sheet on every system
    app.setFont(fonts.load())
    app.setStyleSheet(style_sheet(LIGHT))
