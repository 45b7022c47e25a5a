"""The till with its window: the counter, kept in step and printing behind it."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from till.ui.application import run as run_window
from till.ui.session import Level, Light, Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cardreader.protocols import CardReader
    from cardreader.virtual.reader import SimulatedReader
    from resources.texts import Texts
    from till.card_table import ReaderTable
    from till.counter.counter import Counter, Status
    from till.mailing import PostRound
    from till.store.settings import Taste
    from till.ui.paper_office import PaperOffice
    from till.ui.session import CardTable
    from vouchers.errors import OperatingError

SIGN_IN_HINT = "TILL_SIGN_IN_HINT"
"""Environment variable: what a demo shows at the login. Never set it in a real venue."""


SIMULATED_CARD = "TILL_SIMULATED_CARD"
"""Environment variable: the file of a card that a demo holds to a simulated reader."""


def run(folder: Path, language: str) -> int:
    """Open the window; what is slow to load is loaded behind it. Returns the exit status."""
    store = os.environ.get(SIMULATED_CARD)
    if not store:
        return run_window(partial(_prepare, folder, language, None), language)
    from cardreader.virtual.reader import SimulatedReader

    reader = SimulatedReader()
    beside = partial(_card_beside, reader, Path(store), folder, language)
    return run_window(partial(_prepare, folder, language, reader), language, beside)


def _prepare(folder: Path, language: str, reader: "CardReader | None") -> Session:
    return TillSession(folder, language, reader)


def _card_beside(reader: "SimulatedReader", store: Path, folder: Path, language: str) -> "QWidget":
    from cardreader.purse.prepare import prepare
    from cardreader.virtual.window import CardWindow
    from till.store.card_keys import load_ring

    return CardWindow(reader, store, lambda card: prepare(card, load_ring(folder), "EUR"), language)


class TillSession:
    """See till.ui.session.Session. Raises what open_till and Till.at_work raise."""

    def __init__(self, folder: Path, language: str, reader: "CardReader | None" = None) -> None:
        from process import threads
        from sync.engine import Engine
        from till.assembly import open_till
        from till.print_room import PrintRoom

        self._listeners: list[Callable[[], None]] = []
        self._closing = ExitStack()
        till = self._till = open_till(folder, reported=self._reported)
        self._closing.callback(till.close)
        self._closing.enter_context(till.at_work())
        self._closing.callback(threads.listen(till.keep_failure))
        self._texts: Texts = till.texts(self.taste().language or language)
        self._accounts_in_all = 0
        self._engine = Engine(
            till.books,
            till.link,
            till.line,
            on_change=self._synced,
            on_progress=self._progressed,
        )
        self._room = PrintRoom(till.database, folder, self._changed)
        till.line.listen(lambda _state: self._changed())
        self._table = self._card_table(folder, reader)
        self._room.start()
        self._closing.callback(self._room.stop)
        self._post = self._post_round()
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
        room = self._room
        room.follow()
        if room.troubles():
            return Light(Level.REFUSED, self._texts.say("printer_trouble"))
        if not room.has_printers:
            return Light(Level.ATTENTION, self._texts.say("printer_none"))
        if self._undecided():
            return Light(Level.ATTENTION, self._texts.say("printer_asks"))
        if waiting := room.waiting:
            return Light(Level.ATTENTION, self._texts.say("printer_waiting", count=waiting))
        if room.paper_low:
            return Light(Level.ATTENTION, self._texts.say("printer_paper_low"))
        return Light(Level.ACCEPTED, self._texts.say("printer_ready"))

    def print_problems(self) -> list[str]:
        """See Session."""
        open_questions = self._undecided()
        zone = self._till.zone_trouble()
        wrong_times = [zone] if zone is not None else []
        problems = [*self._room.troubles(), *open_questions, *wrong_times]
        return [self._texts.explain(each) for each in problems]

    def _undecided(self) -> "list[OperatingError]":
        from till.paper import undecided

        return undecided(self.counter.handover.open())

    def printers_in_trouble(self) -> frozenset[str]:
        """See Session."""
        return self._room.in_trouble()

    def office(self) -> "PaperOffice":
        """See Session."""
        from till.layout_office import LayoutDesk
        from till.printer_office import PrinterDesk
        from till.ui.paper_office import PaperOffice

        desk = self._till.desk
        return PaperOffice(PrinterDesk(self._room, desk), LayoutDesk(self._room, desk))

    def taste(self) -> "Taste":
        """See Session."""
        from till.store import settings

        with self._till.database.read() as work:
            return settings.taste.get(work) or settings.Taste()

    def keep_taste(self, taste: "Taste") -> None:
        """See Session."""
        from till.store import settings

        self._texts = self._till.texts(taste.language)
        with self._till.database.write() as work:
            settings.taste.put(work, taste)
        self._changed()

    @property
    def cards(self) -> "CardTable | None":
        """See Session."""
        return self._table

    def loading(self) -> tuple[int, int] | None:
        """See Session."""
        progress = self._till.books.snapshot_progress()
        return None if progress.complete else (progress.accounts, self._accounts_in_all)

    def sign_in_hint(self) -> str:
        """See Session."""
        return os.environ.get(SIGN_IN_HINT, "")

    def on_change(self, callback: Callable[[], None]) -> None:
        """See Session."""
        self._listeners.append(callback)

    def close(self) -> None:
        """See Session."""
        self._closing.close()

    def _card_table(self, folder: Path, reader: "CardReader | None") -> "ReaderTable":
        """The readers are watched from here on; there may be none, now or ever."""
        from cardreader.readers import PcscReaders
        from till.card_doubts import DoubtRound
        from till.card_table import ReaderTable
        from till.cards import CardDesk

        readers = reader or PcscReaders()
        desk = CardDesk(self.counter, folder, readers)
        table = ReaderTable(desk, readers, lambda: self._texts, self._changed)
        table.start()
        self._closing.callback(table.stop)
        doubts = DoubtRound(self.counter)
        doubts.start()
        self._closing.callback(doubts.stop)
        return table

    def _post_round(self) -> "PostRound":
        """Who sends e-mails while the window is open, as soon as there are any to send."""
        from till.mailing import PostRound

        post = PostRound(self._till.send_mail, self._changed)
        post.start()
        self._closing.callback(post.stop)
        return post

    def _synced(self) -> None:
        self._room.follow()
        self._changed()

    def _progressed(self, _accounts: int, in_all: int) -> None:
        self._accounts_in_all = in_all
        self._changed()

    def _reported(self) -> None:
        self._engine.nudge()
        self._room.wake()
        self._post.wake()
        self._changed()

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()
