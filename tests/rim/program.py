"""The process that shows the till's window: it draws on a real screen and takes real events.

It is told what to do in between: a function by its name, run on the UI thread with the Program as
its first argument. That is for questions ("where does this stand?") and for what happens elsewhere
(the server is slow now), never for input.
"""

import gc
import os
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import CASHIER_PIN, SUPERVISOR_PIN, World
from till.ui.application import dress
from till.ui.mishaps import Mishaps
from till.ui.session import Session
from till.ui.window import Window

PINS = {"c1": CASHIER_PIN, "s1": SUPERVISOR_PIN}

MakeSession = Callable[[Path], Session]


class Program(QObject):
    """One window at a time, over a session in a folder of its own; `mishaps` are tracebacks."""

    _asked = Signal(object)

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection
        self._folder: TemporaryDirectory[str] | None = None
        self._session: Session | None = None
        self._window: Window | None = None
        self.mishaps: list[str] = []
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._tell = sys.excepthook
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def window(self) -> Window:
        """What is shown."""
        assert self._window is not None
        return self._window

    @property
    def eyes(self) -> Cashier:
        """What reads the window. Its hands are not for these tests."""
        return Cashier(self.window)

    @property
    def world(self) -> World:
        """The session, where it is the tests' own world."""
        assert isinstance(self._session, World)
        return self._session

    def open(self, make_session: MakeSession, language: str) -> None:
        """A new window over a new session; what was there before is closed."""
        self.close()
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)
        session = self._session = make_session(Path(self._folder.name))
        window = self._window = Window(lambda: session, language)
        Mishaps(window, window.on_mishap)
        self._tell, sys.excepthook = sys.excepthook, self._on_exception
        self.mishaps.clear()
        window.showFullScreen()
        window.activateWindow()

    def close(self) -> None:
        """Close the window, and with it the session."""
        if self._window is not None and self._folder is not None:
            self._window.end()
            self._window.deleteLater()
            self._window = None
            self._folder.cleanup()
            gc.collect()

    def _listen(self) -> None:
        try:
            while True:
                self._asked.emit(self._connection.recv())
        except EOFError:
            os._exit(0)  # the tests are over

    def _answer(self, asked: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]) -> None:
        function, arguments, named = asked
        try:
            self._connection.send((True, function(self, *arguments, **named)))
        except Exception:  # noqa: BLE001 - told to the test, which fails
            self._connection.send((False, traceback.format_exc()))

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.mishaps.append("".join(traceback.format_exception(kind, error, trace)))
        self._tell(kind, error, trace)


def run(connection: Connection, display: str) -> None:
    """Show the till on `display` until the other end hangs up."""
    os.environ.update(DISPLAY=display, QT_QPA_PLATFORM="xcb", QT_SCALE_FACTOR="1")
    app = QApplication(["till"])
    dress(app)
    program = Program(connection)
    app.exec()
    del program
