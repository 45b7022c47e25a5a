"""The till's printers and what waits for them."""

import threading
from pathlib import Path

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter, open_printer
from printing.profiles import find_profile
from printing.spool import JobState, OnNews, Spool, SpoolNews
from till.store.settings import Identity
from till.store.spool import TillSpoolStore
from vouchers.errors import OperatingError

PRINT_WAIT_S = 20.0
_UNDER_WAY = (JobState.INTENT, JobState.PRINTING)


def printers_of(identity: Identity, folder: Path) -> dict[str, EscPosPrinter]:
    """The printers a till is set up with, by name. Raises OperatingError for a wrong setting."""
    return {
        name: open_printer(name, setting.address, find_profile(setting.profile, folder))
        for name, setting in identity.printers.items()
    }


def make_spool(
    store: TillSpoolStore, identity: Identity, folder: Path, on_news: OnNews = lambda _news: None
) -> Spool:
    """The spool over this till's printers; a venue's own layouts lie in `folder`/layouts."""
    own = folder / "layouts"
    layouts = LayoutBook.load(own if own.is_dir() else None)
    return Spool(store, printers_of(identity, folder), layouts, on_news)


def no_spool(store: TillSpoolStore) -> Spool:
    """A spool that keeps jobs and prints none, for a till whose printers are set up wrongly."""
    return Spool(store, {}, LayoutBook({}))


def print_waiting(store: TillSpoolStore, identity: Identity, folder: Path) -> OperatingError | None:
    """Print what waits, then end; returns what held a printer up, if anything did.

    For programs without a window: a printer in trouble is not waited for, its jobs stay. Never
    raises OperatingError: what was sold stands, whatever keeps it from paper.
    """
    if not any(job.state is JobState.INTENT for job in store.open_jobs()):
        return None
    stopped = threading.Event()
    troubles: list[OperatingError] = []

    def hear(news: SpoolNews) -> None:
        if news.trouble is not None:
            troubles.append(news.trouble)
            stopped.set()
        elif not any(job.state in _UNDER_WAY for job in store.open_jobs()):
            stopped.set()

    try:
        spool = make_spool(store, identity, folder, hear)
    except OperatingError as trouble:
        return trouble
    spool.start()
    ended = stopped.wait(PRINT_WAIT_S)
    spool.stop()
    if troubles:
        return troubles[0]
    return None if ended else OperatingError("print_takes_long")
