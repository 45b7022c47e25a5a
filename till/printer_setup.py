"""Which printer prints what at this till, and whether it does."""

from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from printing.documents import TestPage
from printing.printers import PrintResult
from printing.printers.addresses import parse_address
from printing.printers.check import print_test_page
from till.counter.clock import SystemClock
from till.paper import printer_of
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
        parse_address(setting.address)
        profile_named(folder, setting.profile)
        if setting.layout and setting.layout not in load_layouts(folder).names:
            raise OperatingError("layout_unknown", layout=setting.layout)
    with database.write() as work:
        before = _identity(work)
        others = {name: each for name, each in before.printers.items() if name != kind}
        printers = others if setting is None else {**others, kind: setting}
        changed = replace(before, printers=printers)
        settings.identity.put(work, changed)
    return changed


def try_printer(database: Database, folder: Path, kind: str) -> PrintResult:
    """Print a test page and read back by its status what became of it.

    Raises OperatingError when nothing was printed.
    """
    with database.read() as work:
        identity, catalogue = _identity(work), settings.catalogue.get(work)
    if catalogue is None:
        raise OperatingError("till_not_enrolled")
    page = TestPage(
        language=catalogue.venue.language,
        at=SystemClock().now().astimezone(ZoneInfo(catalogue.venue.timezone)),
        till=identity.name,
        printer=kind,
    )
    return print_test_page(printer_of(identity, folder, kind), load_layouts(folder), page)


def _identity(work: Work) -> Identity:
    identity = settings.identity.get(work)
    if identity is None:
        raise InvariantError("a till without an identity has no printers")
    return identity
