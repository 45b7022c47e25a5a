"""Opens the till's window and ends the moment somebody could sign in and sell."""

import os
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from till.ui.application import dress
from till.ui.window import Window
from till.window import TillSession

POLL_MS = 2


def main() -> None:
    app = QApplication([])
    dress(app)
    window = Window(partial(TillSession, Path(sys.argv[1]), "en"), "en")
    window.show()

    def end_when_ready() -> None:
        if window._opened is not None:
            app.processEvents()  # the paint that shows who may sign in
            os._exit(0)

    timer = QTimer()
    timer.timeout.connect(end_when_ready)
    timer.start(POLL_MS)
    app.exec()


if __name__ == "__main__":
    main()
