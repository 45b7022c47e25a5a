"""The till's printers and what waits for them."""

import threading
from collections.abc import Sequence
from pathlib import Path

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter, open_printer
from printing.spool import JobState, PrintJob, Spool, SpoolNews
from till.counter.handover import MAIL
from till.store.settings import Identity
from till.store.spool import TillSpoolStore
from till.venue_paper import profile_named
from vouchers.errors import OperatingError

PRINT_WAIT_S = 20.0
_UNDER_WAY = (JobState.INTENT, JobState.PRINTING)


class NotPrinted(OperatingError):
    """A job ended in doubt, or could not be printed at all: a person decides about it."""

    def __init__(self, job: PrintJob) -> None:
        way = "mail" if job.printer.startswith(MAIL) else "paper"
        key = f"{way}_in_doubt" if job.state is JobState.DOUBT else f"{way}_failed"
        printer = job.printer.removeprefix(MAIL)
        super().__init__(key, printer=printer, reference=job.reference)


def undecided(jobs: Sequence[PrintJob]) -> list[OperatingError]:
    """What a person has to decide about, of these jobs."""
    return [NotPrinted(job) for job in jobs if job.state in (JobState.DOUBT, JobState.FAILED)]


def printer_of(identity: Identity, folder: Path, name: str) -> EscPosPrinter:
    """The printer of that name. Raises OperatingError for a wrong setting, or for none."""
    setting = identity.printers.get(name)
    if setting is None:
        raise OperatingError("printer_unknown", printer=name)
    return open_printer(name, setting.address, profile_named(folder, setting.profile))


def printers_of(identity: Identity, folder: Path) -> dict[str, EscPosPrinter]:
    """The printers a till is set up with, by name. Raises OperatingError for a wrong setting."""
    return {name: printer_of(identity, folder, name) for name in identity.printers}


def print_waiting(
    store: TillSpoolStore, identity: Identity, folder: Path, layouts: LayoutBook
) -> OperatingError | None:
    """Print what waits, then end; returns what held a printer up, if anything did.

    For programs without a window: a printer in trouble is not waited for, its jobs stay. Never
    raises OperatingError: what was sold stands, whatever keeps it from paper.
    """
    round_ = _Round(store, identity)
    if not round_.under_way():
        return None
    try:
        spool = Spool(store, printers_of(identity, folder), layouts, round_.hear)
    except OperatingError as trouble:
        return trouble
    spool.start()
    ended = round_.over.wait(PRINT_WAIT_S)
    spool.stop()
    return round_.problem() or (None if ended else OperatingError("print_takes_long"))


class _Round:
    """One round of printing: over when each printer has printed all it had, or is in trouble."""

    def __init__(self, store: TillSpoolStore, identity: Identity) -> None:
        self.over = threading.Event()
        self._store, self._printers = store, set(identity.printers)
        self._troubles: dict[str, OperatingError] = {}
        self._unprinted: list[OperatingError] = []

    def under_way(self) -> bool:
        """Whether a printer that is not in trouble has something to print."""
        busy = {job.printer for job in self._store.open_jobs() if job.state in _UNDER_WAY}
        return bool(busy & self._printers - self._troubles.keys())

    def hear(self, news: SpoolNews) -> None:
        """See printing.spool.OnNews."""
        if news.trouble is not None:
            self._troubles[news.printer] = news.trouble
        elif news.job is None:
            self._troubles.pop(news.printer, None)
        elif news.job.state in (JobState.DOUBT, JobState.FAILED):
            self._unprinted.append(NotPrinted(news.job))
        if not self.under_way():
            self.over.set()

    def problem(self) -> OperatingError | None:
        """What the cashier has to know first."""
        return next(iter([*self._troubles.values(), *self._unprinted]), None)
