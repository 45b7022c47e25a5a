"""The till with its window: the counter, kept in step and printing behind it."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from till.ui.application import run as run_window
from till.ui.session import Level, Light, Session
from vouchers.errors import OperatingError

if TYPE_CHECKING:
    from resources.texts import Texts
    from till.counter.counter import Counter, Status

SIGN_IN_HINT = "TILL_SIGN_IN_HINT"
"""Environment variable: what a demo shows at the login. Never set it in a real venue."""


def run(folder: Path, language: str) -> int:
    """Open the window; what is slow to load is loaded behind it. Returns the exit status."""
    return run_window(partial(_prepare, folder, language), language)


def _prepare(folder: Path, language: str) -> Session:
    return TillSession(folder, language)


class TillSession:
    """See till.ui.session.Session. Raises what open_till and Till.at_work raise."""

    def __init__(self, folder: Path, language: str) -> None:
        from sync.engine import Engine
        from till.assembly import open_till
        from till.paper import make_spool, no_spool

        self._listeners: list[Callable[[], None]] = []
        self._closing = ExitStack()
        till = self._till = open_till(folder, reported=self._reported)
        self._closing.callback(till.close)
        self._closing.enter_context(till.at_work())
        self._texts: Texts = till.texts(language)
        self._engine = Engine(till.books, till.link, till.line, on_change=self._changed)
        self._set_up: list[OperatingError] = []
        try:
            self._spool = make_spool(till.jobs, till.identity, folder, self._print_news)
        except OperatingError as wrong:  # a wrong setting must not keep the venue from selling
            self._set_up.append(wrong)
            self._spool = no_spool(till.jobs)
        till.line.listen(lambda _state: self._changed())
        self._spool.start()
        self._closing.callback(self._spool.stop)
        self._engine.start()
        self._closing.callback(self._engine.stop)

    @property
    def counter(self) -> "Counter":
        """See Session."""
        return self._till.counter

    def status(self) -> "Status":
        """See Session."""
        return self._till.counter.status()

    def printer(self) -> Light:
        """See Session."""
        if not self._till.identity.printers:
            return Light(Level.ATTENTION, self._texts.say("printer_none"))
        if self._troubles():
            return Light(Level.REFUSED, self._texts.say("printer_trouble"))
        waiting = len(self._spool.open_jobs())
        if waiting:
            return Light(Level.ATTENTION, self._texts.say("printer_waiting", count=waiting))
        return Light(Level.ACCEPTED, self._texts.say("printer_ready"))

    def print_problems(self) -> list[str]:
        """See Session."""
        return [self._texts.explain(trouble) for trouble in self._troubles()]

    def sign_in_hint(self) -> str:
        """See Session."""
        return os.environ.get(SIGN_IN_HINT, "")

    def on_change(self, callback: Callable[[], None]) -> None:
        """See Session."""
        self._listeners.append(callback)

    def close(self) -> None:
        """See Session."""
        self._closing.close()

    def _troubles(self) -> list[OperatingError]:
        return [*self._set_up, *self._spool.troubles().values()]

    def _print_news(self, _news: object) -> None:
        self._changed()

    def _reported(self) -> None:
        self._engine.nudge()
        self._spool.wake()
        self._changed()

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()
