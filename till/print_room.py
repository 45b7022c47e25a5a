"""The spool of a till while its window is open: it follows every change of printers and layouts."""

from collections.abc import Callable
from pathlib import Path

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter
from printing.spool import JobState, Spool, SpoolNews
from till import venue_paper
from till.counter.handover import MAIL
from till.layout_trial import LayoutTrial
from till.paper import printer_of
from till.printer_setup import current_identity
from till.store import settings
from till.store.database import Database
from till.store.settings import Identity
from till.store.spool import TillSpoolStore
from vouchers.errors import OperatingError


class PrintRoom:
    """Prints what waits by the settings, profiles and layouts as they are now.

    What is set up wrongly is told by `troubles` and keeps no other printer from printing.
    `on_change` is called from any thread.
    """

    def __init__(self, database: Database, folder: Path, on_change: Callable[[], None]) -> None:
        self.database, self.folder = database, folder
        self._on_change = on_change
        self._jobs = TillSpoolStore(database)
        self._venue_files: dict[str, bytes] | None = None
        self._not_adopted: list[OperatingError] = []
        self._wrong: list[OperatingError] = []
        self._usable: frozenset[str] = frozenset()
        self._adopt_venue_files()
        layouts, self._wrong_layouts = self.layouts()
        self.spool = Spool(self._jobs, self._printers(), layouts, self._hear)

    def start(self) -> None:
        """Print what waits."""
        self.spool.start()

    def stop(self) -> None:
        """Stop printing; a job that is being printed right now is left in doubt."""
        self.spool.stop()

    def wake(self) -> None:
        """There may be something to print."""
        self.spool.wake()

    def follow(self) -> None:
        """New layouts of the venue, and printers that a command has set, are used from the next
        paper on; wrong ones are told.
        """
        if self._adopt_venue_files() or self.identity().printers != self._printers_used:
            self.refit()

    def refit(self) -> None:
        """Something was changed: print by it from the next paper on."""
        layouts, self._wrong_layouts = self.layouts()
        self.spool.use(layouts)
        self.spool.use_printers(self._printers())
        self._on_change()

    def layouts(self) -> tuple[LayoutBook, list[OperatingError]]:
        """The layouts that this till prints by, and what is wrong with others it has."""
        return venue_paper.usable_layouts(self.folder, self.trial())

    def trial(self) -> LayoutTrial:
        """How layouts are tried before they are used here."""
        with self.database.read() as work:
            return venue_paper.trial_at(work, self.folder)

    @property
    def has_printers(self) -> bool:
        """Whether any has been set up."""
        return bool(self.identity().printers)

    @property
    def waiting(self) -> int:
        """How many papers are on their way; about those in doubt somebody is asked."""
        return sum(job.state is not JobState.DOUBT for job in self._jobs.open_jobs())

    @property
    def paper_low(self) -> bool:
        """Whether a roll ends soon."""
        return bool(self.spool.paper_low())

    def troubles(self) -> list[OperatingError]:
        """What is wrong with the settings, what ails the printers, and what waits for none."""
        gone = [OperatingError("printer_unknown", printer=name) for name in self._stranded()]
        settled = [*self._not_adopted, *self._wrong_layouts, *self._wrong]
        return [*settled, *self.spool.troubles().values(), *gone]

    def in_trouble(self) -> frozenset[str]:
        """The printers that print nothing now: in trouble, wrongly set up, or gone."""
        usable = self._usable - self.spool.troubles().keys()
        return frozenset({*self.identity().printers, *self._stranded()} - usable)

    def identity(self) -> Identity:
        """Who this till is, with its printers as they are set up now."""
        with self.database.read() as work:
            return current_identity(work)

    def _printers(self) -> dict[str, EscPosPrinter]:
        identity, found, wrong = self.identity(), dict[str, EscPosPrinter](), []
        self._printers_used = identity.printers
        for name in identity.printers:
            try:
                found[name] = printer_of(identity, self.folder, name)
            except OperatingError as problem:
                wrong.append(problem)
        self._wrong, self._usable = wrong, frozenset(found)
        return found

    def _adopt_venue_files(self) -> bool:
        """Whether the venue's files are others than before."""
        with self.database.read() as work:
            catalogue = settings.catalogue.get(work)
        latest = catalogue.paper_files if catalogue else {}
        if latest == self._venue_files:
            return False
        self._venue_files = latest
        self._not_adopted = venue_paper.adopt(self.folder, latest, self.trial())
        return True

    def _stranded(self) -> list[str]:
        """Printers that this till no longer has, and for which something waits."""
        known = self.identity().printers.keys()
        waiting = {job.printer for job in self._jobs.open_jobs() if job.state is JobState.INTENT}
        return sorted(name for name in waiting - known if not name.startswith(MAIL))

    def _hear(self, _news: SpoolNews) -> None:
        self._on_change()
