"""Which printer prints what at this till, and whether it does."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from printing.documents import TestPage
from printing.printers import PrintResult, open_printer
from printing.printers.addresses import parse_address
from printing.printers.check import print_test_page
from till.counter.clock import SystemClock
from till.printer_kinds import KINDS
from till.store import settings
from till.store.database import Database, Work
from till.store.settings import Identity, PrinterSetting
from till.venue_paper import load_layouts, profile_named
from vouchers.errors import InvariantError, OperatingError


def set_printer(
    database: Database, folder: Path, kind: str, setting: PrinterSetting | None
) -> Identity:
    """Use this printer for documents of `kind` from now on; None: none of its own.

    Raises OperatingError for an address, a profile or a layout that cannot be used.
    """
    if setting is not None:
        check_setting(folder, setting)
    with database.write() as work:
        return change_printers(work, {kind: setting})


def check_setting(folder: Path, setting: PrinterSetting) -> None:
    """Raise OperatingError for an address, a profile or a layout that cannot be used."""
    parse_address(setting.address)
    profile_named(folder, setting.profile)
    if setting.layout and setting.layout not in load_layouts(folder).names:
        raise OperatingError("layout_unknown", layout=setting.layout)


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
        at=SystemClock().now().astimezone(ZoneInfo(catalogue.venue.timezone)),
        till=identity.name,
        printer=name,
    )
    printer = open_printer(name, setting.address, profile_named(folder, setting.profile))
    return print_test_page(printer, load_layouts(folder), page)


def current_identity(work: Work) -> Identity:
    """Who this till is, and its printers as they are set up now."""
    identity = settings.identity.get(work)
    if identity is None:
        raise InvariantError("a till without an identity has no printers")
    return identity


def _usual(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)
