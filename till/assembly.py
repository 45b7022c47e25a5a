"""A till put together from its parts: books, line to the server, counter, printers."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from printing.layouts import LayoutBook
from process.threads import ThreadFailure
from resources.texts import Texts
from sync import feed, outbox
from sync.conversation import PATIENCE_S, Conversation
from sync.http_link import HttpLink
from sync.line import Line
from sync.trying import attempt
from till import venue_paper
from till.card_doubts import settle_elsewhere
from till.counter.clock import SystemClock
from till.counter.counter import Counter
from till.counter.desk import Desk, NotEnrolled
from till.counter.open_sales import start_over
from till.mailing import Postman, waiting_mail
from till.paper import print_waiting
from till.store import settings, spool
from till.store.card_journal import void_intents
from till.store.database import Database, open_database
from till.store.numbering import note_numbers, number_anew_if_put_back
from till.store.secrets import load_keys
from till.store.settings import Identity
from till.store.spool import TillSpoolStore
from till.store.sync_store import TillSyncStore
from vouchers.errors import OperatingError

LOCK_WAIT_S = 20
COUNTER_DEADLINE_MS = 800
DEADLINE_MS = "TILL_DEADLINE_MS"
"""Environment variable: how long a visitor waits for the server before the till decides."""

LOCK_FILE = "till.lock"
FAILURES_KEPT = 20


class TillBusy(OperatingError):
    """Another process is selling with this till's data."""

    def __init__(self) -> None:
        super().__init__("till_busy")


class Till:
    """An enrolled till with its database open. Close it after use."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        identity: Identity,
        *,
        patience_s: tuple[float, float] = PATIENCE_S,
        reported: Callable[[], None] = lambda: None,
    ) -> None:
        keys = load_keys(folder)
        if keys is None:
            raise NotEnrolled
        clock = SystemClock()
        self.folder, self.database, self.identity = folder, database, identity
        self._reported = reported
        self.books = TillSyncStore(database)
        self.line = Line(clock)
        self.conversation = Conversation(
            identity.server_urls,
            identity.till_id,
            keys.signer,
            deadline_ms=int(os.environ.get(DEADLINE_MS, COUNTER_DEADLINE_MS)),
            patience_s=patience_s,
            on_contact=self.books.contact,
            on_revoked=self.books.revoked,
        )
        self.link = HttpLink(self.conversation)
        self.desk = Desk(
            database=database,
            server=self.link,
            line=self.line,
            clock=clock,
            keys=keys,
            reported=self._on_reported,
        )
        self.counter = Counter.at(self.desk)
        self.jobs = TillSpoolStore(database)

    def get_in_step(self, pages_max: int | None = None) -> bool:
        """Report what waits and take in what changed, once; False when the server is away.

        A till that is still loading all accounts takes `pages_max` pages more.
        """

        def step() -> None:
            self.books.try_parked_again()
            outbox.drain(self.books, self.link)
            if settle_elsewhere(self.counter):
                outbox.drain(self.books, self.link)
            feed.catch_up(self.books, self.link, pages_max=pages_max)
            self.line.answered()

        return attempt(step, self.line) is None

    def keep_failure(self, failure: ThreadFailure) -> None:
        """Write down that a part of the program had to be begun again, for `till doctor`."""
        with self.database.write() as work:
            known = settings.thread_failures.get(work) or []
            settings.thread_failures.put(work, [*known, failure][-FAILURES_KEPT:])

    def texts(self, language: str) -> Texts:
        """Sentences in `language`, times in the venue's time zone."""
        with self.database.read() as work:
            catalogue = settings.catalogue.get(work)
        return Texts(language, catalogue.venue.timezone if catalogue else "UTC")

    def zone_trouble(self) -> OperatingError | None:
        """That this machine does not know the venue's time zone; all times are in UTC then."""
        with self.database.read() as work:
            catalogue = settings.catalogue.get(work)
        if catalogue is None or catalogue.venue.has_known_zone:
            return None
        return OperatingError("time_zone_unknown", zone=catalogue.venue.timezone)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Be the only process that sells with this till's data. Raises TillBusy.

        What an earlier process had set aside went down with it and is given back, save for sales
        that took money; what it was printing is in doubt. Books put back from a backup are numbered
        anew.
        """
        try:
            with FileLock(self.folder / LOCK_FILE, timeout=LOCK_WAIT_S):
                with self.database.write() as work:
                    start_over(work)
                    void_intents(work, self.counter.card_books)
                    spool.put_orphans_in_doubt(work)
                    number_anew_if_put_back(self.folder, work)
                note_numbers(self.folder, self.database)
                yield
        except Timeout as busy:
            raise TillBusy from busy

    def others_at_work(self) -> bool:
        """Whether another process sells with this till's data now."""
        try:
            with FileLock(self.folder / LOCK_FILE, timeout=0):
                return False
        except Timeout:
            return True

    def adopt_venue_paper(self) -> list[OperatingError]:
        """Take over the venue's layouts and profiles; returns what is wrong with the others."""
        with self.database.read() as work:
            catalogue = settings.catalogue.get(work)
            trial = venue_paper.trial_at(work, self.folder)
        return venue_paper.adopt(self.folder, catalogue.paper_files if catalogue else {}, trial)

    def send_mail(self) -> OperatingError | None:
        """Mail what waits, by the settings and layouts as they are now; what held it up, if
        anything did.
        """
        with self.database.read() as work:
            setting = settings.mail.get(work)
        if setting is None or not waiting_mail(self.jobs):
            return None
        layouts, _wrong = self.layouts()
        keys = load_keys(self.folder) or self.desk.keys
        return Postman(self.jobs, layouts, setting, keys.mail_password).send_waiting()

    def print_waiting(self) -> OperatingError | None:
        """Print and mail what waits; returns what held it up, if anything did, or which layout
        was not used.
        """
        not_adopted = self.adopt_venue_paper()
        layouts, wrong = self.layouts()
        trouble = print_waiting(self.jobs, self.identity, self.folder, layouts)
        not_mailed = self.send_mail()
        return trouble or not_mailed or next(iter([*not_adopted, *wrong]), None)

    def layouts(self) -> tuple[LayoutBook, list[OperatingError]]:
        """The layouts that this till prints by, and what is wrong with others it has."""
        with self.database.read() as work:
            trial = venue_paper.trial_at(work, self.folder)
        return venue_paper.usable_layouts(self.folder, trial)

    def _on_reported(self) -> None:
        note_numbers(self.folder, self.database)
        self._reported()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_till(
    folder: Path,
    *,
    patience_s: tuple[float, float] = PATIENCE_S,
    reported: Callable[[], None] = lambda: None,
) -> Till:
    """The till whose data is in `folder`. Raises NotEnrolled, DatabaseDamaged, DatabaseNewer."""
    if not folder.exists():
        raise NotEnrolled
    database = open_database(folder)
    with database.read() as work:
        identity = settings.identity.get(work)
    if identity is None:
        raise NotEnrolled
    return Till(folder, database, identity, patience_s=patience_s, reported=reported)
