"""A printer, a journal and a spool, all real but for the paper."""

from collections.abc import Iterator

import pytest

from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter
from printing.printers.network import NetworkAddress
from printing.profiles import Profile, find_profile
from printing.spool import Spool
from printing.virtual import Model, VirtualPrinter
from tests.printing.journal import SqliteJournal
from tests.printing.paper_reading import QUICK
from tests.printing.watching import PAPERS, Watcher


@pytest.fixture(scope="session")
def layouts() -> LayoutBook:
    return LayoutBook.load()


@pytest.fixture
def profile() -> Profile:
    return find_profile("epson-tm-t88v")


@pytest.fixture
def model() -> Model:
    """The kind of printer that `paper` is; tests that need another one override this."""
    return Model()


@pytest.fixture
def paper(model: Model) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(model) as printer:
        yield printer


@pytest.fixture
def printer(paper: VirtualPrinter, profile: Profile) -> EscPosPrinter:
    address = NetworkAddress("127.0.0.1", paper.port)
    return EscPosPrinter("receipts", profile, address, QUICK)


@pytest.fixture
def journal() -> Iterator[SqliteJournal]:
    store = SqliteJournal()
    yield store
    store.close()


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def spool(
    journal: SqliteJournal, printer: EscPosPrinter, layouts: LayoutBook, watcher: Watcher
) -> Iterator[Spool]:
    spool = Spool(journal, {PAPERS: printer}, layouts, watcher, retry_s=0.05)
    yield spool
    spool.stop()
