"""Which printer prints what at this till, and whether it does."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from printing.documents import TestPage
from printing.layouts import LayoutBook
from printing.printers import PrintResult, open_printer
from printing.printers.addresses import parse_address
from printing.printers.check import print_test_page
from till.counter.clock import SystemClock
from till.layout_trial import PrinterHere
from till.printer_kinds import KINDS, WITH_RECEIPTS
from till.store import settings
from till.store.database import Database, Work
from till.store.settings import RECEIPT_PRINTER, Identity, PrinterSetting
from till.venue_paper import profile_named, trial_at, usable_layouts
from vouchers.errors import InvariantError, OperatingError, WrongUsage


def set_printer(
    database: Database, folder: Path, kind: str, setting: PrinterSetting | None
) -> Identity:
    """Use this printer for documents of `kind` from now on; None: none of its own.

    Raises OperatingError for an address, a profile or a layout that cannot be used.
    """
    if setting is not None:
        try_layouts(database, folder, (kind,), setting)
    with database.write() as work:
        return change_printers(work, {kind: setting})


def check_setting(database: Database, folder: Path, setting: PrinterSetting) -> LayoutBook:
    """The layouts to print by. Raises OperatingError for an address, a profile or a layout that
    cannot be used.
    """
    parse_address(setting.address)
    profile_named(folder, setting.profile)
    with database.read() as work:
        layouts, _wrong = usable_layouts(folder, trial_at(work, folder))
    if setting.layout and setting.layout not in layouts.names:
        raise WrongUsage("layout_unknown", layout=setting.layout)
    return layouts


def try_layouts(
    database: Database, folder: Path, kinds: Iterable[str], setting: PrinterSetting
) -> None:
    """Raise OperatingError where this printer's papers of these kinds would lack something."""
    layouts = check_setting(database, folder, setting)
    printed = {*kinds, *(WITH_RECEIPTS if RECEIPT_PRINTER in kinds else ())}
    printer = PrinterHere(profile_named(folder, setting.profile), setting.layout)
    with database.read() as work:
        trial = trial_at(work, folder)
    trial.try_printer(layouts, sorted(printed), printer)


def change_printers(work: Work, changes: Mapping[str, PrinterSetting | None]) -> Identity:
    """Use these printers for these kinds of documents from now on, and keep all others."""
    before = current_identity(work)
    wanted = {**before.printers, **changes}
    printers = {kind: wanted[kind] for kind in sorted(wanted, key=_usual) if wanted[kind]}
    changed = replace(before, printers=printers)
    settings.identity.put(work, changed)
    return changed


def try_printer(
    database: Database, folder: Path, name: str, setting: PrinterSetting
) -> PrintResult:
    """Print a test page and read back by its status what became of it.

    Raises OperatingError when nothing was printed.
    """
    with database.read() as work:
        identity, catalogue = current_identity(work), settings.catalogue.get(work)
    if catalogue is None:
        raise OperatingError("till_not_enrolled")
    page = TestPage(
        language=catalogue.venue.language,
        at=SystemClock().now().astimezone(catalogue.venue.zone),
        till=identity.name,
        printer=name,
    )
    layouts = check_setting(database, folder, setting)
    printer = open_printer(name, setting.address, profile_named(folder, setting.profile))
    return print_test_page(printer, layouts, page)


def current_identity(work: Work) -> Identity:
    """Who this till is, and its printers as they are set up now."""
    identity = settings.identity.get(work)
    if identity is None:
        raise InvariantError("a till without an identity has no printers")
    return identity


def _usual(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)
