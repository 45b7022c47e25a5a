"""Tills of one venue in this process, with the real ledger of the server and cards to hold."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
import sqlalchemy as sa

import resources
from cardreader.protocols import CardReader
from cardreader.virtual.reader import SimulatedReader
from server.ledger.work import ReportCard, SetStatus, wanted_by
from server.storage.accounts import find_accounts
from server.storage.card_keys import card_keys
from server.storage.card_records import history, keep_records
from server.storage.database import open_engine, sqlite_url, writing
from server.storage.feed import changes_after
from server.storage.migrate import migrate
from server.storage.sqlite_ledger import SqliteLedger
from server.storage.tables import accounts, incidents
from server.storage.venues import ensure_organisation
from sync import outbox
from sync.line import Line
from sync.link import ServerLink
from sync.wire import PAGE_MAX
from sync.wire.booking import AccountPage, BatchAnswer, StatusChange
from sync.wire.cards import CardHistory, CardKeys, CardReport
from sync.wire.feed import FeedPage
from tests.server.client import reported
from till.card_doubts import settle_elsewhere
from till.cards import CardDesk
from till.counter.clock import SystemClock
from till.counter.counter import Counter
from till.counter.desk import Desk
from till.store import settings
from till.store.card_journal import void_intents
from till.store.card_keys import with_card_keys
from till.store.database import Database, Work, open_database
from till.store.secrets import load_keys, new_keys, save_keys
from till.store.settings import Identity
from till.store.sync_store import TillSyncStore
from vouchers.catalogue import Catalogue
from vouchers.ledger import LedgerEntry
from vouchers.people import Role, User

ORGANISATION = "main"
DIGEST_KEY = b"d" * 32
CASHIER = User(user_id="cashier", name="Ada", role=Role.CASHIER, pin_hash="secret")
CATALOGUE = msgspec.toml.decode(
    (Path(resources.__file__).parent / "demo" / "catalogue.toml").read_bytes(), type=Catalogue
)


class Ledger:
    """The server's rules on its own database, without HTTP; what tills of the venue need of it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.engine = open_engine(sqlite_url(folder))
        migrate(self.engine)
        with writing(self.engine) as connection:
            ensure_organisation(connection, ORGANISATION)
            self.keys = card_keys(connection, ORGANISATION, debit_only=False)
            self.debit_keys = card_keys(connection, ORGANISATION, debit_only=True)
        self._store = SqliteLedger(self.engine)

    def push(self, entries: list[LedgerEntry]) -> BatchAnswer:
        work = reported(*entries)
        return self._store.book(ORGANISATION, wanted_by([work]), work.decide)[0]

    def card_keys(self) -> CardKeys:
        return self.keys

    def find(
        self,
        *,
        code_digest: str = "",
        last4: str = "",
        reference: str = "",
        unheard_of: bool = False,
    ) -> AccountPage:
        with writing(self.engine) as connection:
            return find_accounts(
                connection,
                ORGANISATION,
                code_digest=code_digest,
                last4=last4,
                reference=reference,
                limit=10,
            )

    def report_card(self, report: CardReport) -> CardHistory:
        work = ReportCard(report, "a-till")
        self._store.book(ORGANISATION, wanted_by([work]), work.decide)
        with writing(self.engine) as connection:
            keep_records(connection, ORGANISATION, report.voucher_id, report.records, "a-till")
            return history(connection, ORGANISATION, report.voucher_id, report.asks_from)

    def set_status(self, voucher_id: UUID, change: StatusChange) -> None:
        work = SetStatus(voucher_id, change.status)
        self._store.book(ORGANISATION, wanted_by([work]), work.decide)

    def balance(self, voucher_id: UUID) -> int:
        with writing(self.engine) as connection:
            query = sa.select(accounts.c.balance).where(accounts.c.voucher_id == voucher_id)
            return int(connection.scalar(query) or 0)

    def open_incidents(self) -> list[tuple[str, str]]:
        with writing(self.engine) as connection:
            query = sa.select(incidents.c.kind, incidents.c.details).where(
                incidents.c.settled_ms.is_(None)
            )
            return [(row.kind, row.details) for row in connection.execute(query)]


class LineOf:
    """One till's line to the ledger."""

    def __init__(self, server: Ledger, till_id: str) -> None:
        self._server, self._till_id = server, till_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def changes(self, after: int) -> FeedPage:
        with writing(self._server.engine) as connection:
            items = changes_after(connection, ORGANISATION, after, PAGE_MAX)
        changes = items
        position = changes[-1].position if changes else after
        return FeedPage(changes=changes, position=position, more=False)


class TillDied(BaseException):
    """Switched off: not even an `except Exception` notices."""


class MortalDatabase(Database):
    """Dies at its `dies_at`-th transaction from now on, before or after it is on disk."""

    dies_at = 0
    after = False

    @contextmanager
    def write(self) -> Iterator[Work]:
        self.dies_at -= 1
        if self.dies_at == 0 and not self.after:
            raise TillDied
        with super().write() as work:
            yield work
        if self.dies_at == 0:
            raise TillDied


class LivingTill:
    """One life of a till over its folder; offline unless it is told to report."""

    def __init__(self, folder: Path, server: Ledger, readers: CardReader | None = None) -> None:
        opened = open_database(folder)
        self.database = MortalDatabase(opened._engine, opened.path)
        clock = SystemClock()
        keys = load_keys(folder)
        assert keys is not None
        self.desk = Desk(
            database=self.database,
            server=cast("ServerLink", LineOf(server, folder.name)),
            line=Line(clock),
            clock=clock,
            keys=keys,
        )
        self.counter = Counter.at(self.desk)
        self.cards = CardDesk(self.counter, folder, readers or SimulatedReader())
        self.books = TillSyncStore(self.database)
        with self.database.write() as work:
            void_intents(work, self.counter.card_books)

    def report(self) -> None:
        outbox.drain(self.books, self.desk.server)
        settle_elsewhere(self.counter)
        outbox.drain(self.books, self.desk.server)

    def receipts(self) -> int:
        with self.database.read() as work:
            return int(work.exec_driver_sql("SELECT count(*) FROM receipts").scalar_one())

    def moved(self) -> int:
        """The sum of this till's card entries, in minor units."""
        with self.database.read() as work:
            total = work.exec_driver_sql(
                "SELECT coalesce(sum(amount_minor), 0) FROM entries WHERE basis = 'card'"
            )
            return int(total.scalar_one())

    def doubts(self) -> int:
        return len(self.cards.doubts())

    def close(self) -> None:
        self.database.close()


def enrol(folder: Path, name: str, server: Ledger, *, debit_only: bool = False) -> Path:
    """The folder of a new till."""
    database = open_database(folder)
    with database.write() as work:
        identity = Identity(till_id=name, name=name, organisation=ORGANISATION, server_urls=[])
        settings.identity.put(work, identity)
        settings.catalogue.put(work, CATALOGUE)
    database.close()
    keys = new_keys()
    keys.digest_key = DIGEST_KEY
    told = server.debit_keys if debit_only else server.keys
    save_keys(folder, with_card_keys(folder, keys, told))
    return folder


@contextmanager
def living(folder: Path, server: Ledger, readers: CardReader | None = None) -> Iterator[LivingTill]:
    till = LivingTill(folder, server, readers)
    try:
        yield till
    finally:
        till.close()


def copy_of(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to)
    return to
