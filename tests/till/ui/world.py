"""A till with a window for tests: real counter, real SQLite, a server that does as it is told."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import msgspec
from argon2 import PasswordHasher
from msgspec.structs import replace

import resources
from sync.line import Line
from sync.link import ServerLink, Unreachable
from sync.wire.booking import (
    AccountPage,
    BatchAnswer,
    EntryAnswer,
    EntryPage,
    Hold,
    HoldRequest,
    StatusChange,
)
from sync.wire.cards import CardHistory, CardKeys, CardReport
from sync.wire.feed import AccountChanged, Change, IssuerKey
from tests.till.ui.scripted_office import ScriptedOffice
from till.counter.clock import SystemClock
from till.counter.counter import Counter, Status
from till.counter.desk import Desk
from till.counter.redemption import HOLD_SECONDS
from till.layout_office import LayoutDesk
from till.print_room import PrintRoom
from till.printer_office import PrinterDesk
from till.store import settings
from till.store.database import Database, open_database
from till.store.secrets import TillKeys, new_keys
from till.store.settings import Identity, Taste
from till.store.sync_store import TillSyncStore
from till.ui.paper_office import PaperOffice
from till.ui.session import CardTable, Level, Light
from vouchers.catalogue import Catalogue
from vouchers.codes import VoucherCode, code_digest, new_code
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.people import Role, User
from vouchers.voucher import Account, Voucher, VoucherKind, VoucherStatus

CASHIER_PIN, SUPERVISOR_PIN, SECOND_PIN = "1234", "5678", "9999"

CATALOGUE = msgspec.toml.decode(
    (Path(resources.__file__).parent / "demo" / "catalogue.toml").read_bytes(), type=Catalogue
)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PEOPLE = [
    User(user_id="c1", name="Kim Kasse", role=Role.CASHIER, pin_hash=_CHEAP.hash(CASHIER_PIN)),
    User(
        user_id="s1", name="Sam Schicht", role=Role.SUPERVISOR, pin_hash=_CHEAP.hash(SUPERVISOR_PIN)
    ),
    User(user_id="s2", name="Uli Umsicht", role=Role.SUPERVISOR, pin_hash=_CHEAP.hash(SECOND_PIN)),
]


@dataclass
class ScriptedServer(ScriptedOffice):
    """What the window needs of a sync.link.ServerLink; may be slow, away or broken."""

    accounts: dict[UUID, Account] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    people: list[User] = field(default_factory=lambda: list(PEOPLE))
    slow_s: float = 0
    away: bool = False
    broken: bool = False
    holds_s: int = HOLD_SECONDS
    held: dict[UUID, tuple[UUID, Money]] = field(default_factory=dict)

    def push(self, entries: list[LedgerEntry]) -> BatchAnswer:
        self._answer()
        for entry in entries:
            self.ledger.append(entry)
            self.held.pop(entry.entry_id, None)
            if entry.voucher is not None:
                self.accounts[entry.voucher_id] = Account(
                    voucher=entry.voucher, balance=entry.amount
                )
        answers = [EntryAnswer(entry_id=entry.entry_id, verdict="booked") for entry in entries]
        return BatchAnswer(answers=answers)

    def hold(self, request: HoldRequest) -> Hold:
        self._answer()
        account = self._by_digest(request.code_digest)[0]
        if account.balance < request.amount:
            raise Refused(Reason.INSUFFICIENT, balance=account.balance)
        left = replace(account, balance=account.balance - request.amount)
        self.accounts[account.voucher.voucher_id] = left
        self.held[request.hold_id] = (account.voucher.voucher_id, request.amount)
        until = datetime.now(UTC) + timedelta(seconds=min(request.seconds, self.holds_s))
        return Hold(hold_id=request.hold_id, account=left, amount=request.amount, expires_at=until)

    def release(self, hold_id: UUID) -> None:
        self._answer()
        if hold_id in self.held:
            voucher_id, amount = self.held.pop(hold_id)
            account = self.accounts[voucher_id]
            self.accounts[voucher_id] = replace(account, balance=account.balance + amount)

    def use_up(self) -> None:
        """All holds ran out, and all vouchers were spent elsewhere."""
        self.held.clear()
        for voucher_id, account in self.accounts.items():
            self.accounts[voucher_id] = replace(account, balance=Money.zero("EUR"))

    def find(
        self,
        *,
        code_digest: str = "",
        last4: str = "",
        reference: str = "",
        unheard_of: bool = False,
    ) -> AccountPage:
        self._answer()
        if code_digest:
            return AccountPage(accounts=self._by_digest(code_digest))
        if last4:
            found = [a for a in self.accounts.values() if a.voucher.last4 == last4]
            return AccountPage(accounts=found)
        ids = {entry.voucher_id for entry in self.ledger if entry.reference == reference}
        return AccountPage(accounts=[self.accounts[voucher_id] for voucher_id in ids])

    def entries(self, voucher_id: UUID, after: int = 0) -> EntryPage:
        self._answer()
        return EntryPage(entries=[e for e in self.ledger if e.voucher_id == voucher_id])

    def report_card(self, report: CardReport) -> CardHistory:
        self._answer()
        return CardHistory(records=[])

    def users(self) -> list[User]:
        self._answer()
        return self.people

    def card_keys(self) -> CardKeys:
        raise Unreachable

    def set_status(self, voucher_id: UUID, change: StatusChange) -> None:
        self._answer()
        self.accounts[voucher_id] = replace(self.accounts[voucher_id], status=change.status)

    def _by_digest(self, digest: str) -> list[Account]:
        return [a for a in self.accounts.values() if a.voucher.code_digest == digest]

    def _answer(self) -> None:
        time.sleep(self.slow_s)
        if self.broken:
            raise ZeroDivisionError
        if self.away:
            raise Unreachable


class World:
    """A till.ui.session.Session over its own database; `server` is scripted by the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = ScriptedServer()
        self.keys = TillKeys(signing_key=new_keys().signing_key, digest_key=b"k" * 32)
        self.database = _database(folder)
        self.line = Line(SystemClock())
        self.line.answered()
        self.problems: list[str] = []
        self.in_trouble: set[str] = set()
        self.light = Light(Level.ACCEPTED, "Printer ready")
        self.hint = "Demo: Kim Kasse 1234, Sam Schicht 5678"
        self.closed = False
        self.load: tuple[int, int] | None = None
        self.cards: CardTable | None = None
        self._listeners: list[Callable[[], None]] = []
        self.counter = Counter.at(
            Desk(
                database=self.database,
                server=cast("ServerLink", self.server),
                line=self.line,
                clock=SystemClock(),
                keys=self.keys,
            )
        )
        self.room = PrintRoom(self.database, folder, self.change)
        self.line.listen(lambda _state: self.change())

    def status(self) -> Status:
        return self.counter.status()

    def printer(self) -> Light:
        return self.light

    def print_problems(self) -> list[str]:
        return list(self.problems)

    def printers_in_trouble(self) -> frozenset[str]:
        return frozenset(self.in_trouble)

    def loading(self) -> tuple[int, int] | None:
        return self.load

    def office(self) -> PaperOffice:
        return PaperOffice(
            PrinterDesk(self.room, self.counter.desk, ["127.0.0.1"]),
            LayoutDesk(self.room, self.counter.desk),
        )

    def taste(self) -> Taste:
        with self.database.read() as work:
            return settings.taste.get(work) or Taste()

    def keep_taste(self, taste: Taste) -> None:
        with self.database.write() as work:
            settings.taste.put(work, taste)

    def sign_in_hint(self) -> str:
        return self.hint

    def on_change(self, callback: Callable[[], None]) -> None:
        self._listeners.append(callback)

    def change(self) -> None:
        for listener in self._listeners:
            listener()

    def close(self) -> None:
        self.closed = True
        self.room.stop()
        self.database.close()

    def go_offline(self) -> None:
        self.server.away = True
        self.line.failed()

    def report(self) -> None:
        """Send what waits, as the engine would."""
        store = TillSyncStore(self.database)
        entries = store.waiting(100)
        if entries:
            store.acknowledge(self.server.push(entries).answers)
        self.change()

    def follow(self, after: int = 0) -> None:
        """Take in what the server knows, as the engine would; it is news that comes after some."""
        changes: list[Change] = [
            AccountChanged(
                position=position,
                voucher_id=account.voucher.voucher_id,
                balance=account.balance,
                status=account.status,
                contains=[],
                voucher=account.voucher,
            )
            for position, account in enumerate(self.server.accounts.values(), start=after + 1)
        ]
        TillSyncStore(self.database).apply(changes, after + len(changes))

    def issue(
        self,
        product_id: str = "value-50",
        *,
        balance_minor: int | None = None,
        expires_on: date | None = date(2099, 12, 31),
        status: VoucherStatus = VoucherStatus.ACTIVE,
        code: VoucherCode | None = None,
    ) -> VoucherCode:
        """A voucher the server knows, as if another till had sold it; of a new code, or `code`."""
        product = CATALOGUE.product(product_id)
        price = product.price_for(None)
        value = product.value_for(price)
        code = code or new_code()
        voucher = Voucher(
            voucher_id=new_id(),
            kind=product.voucher_kind or VoucherKind.VALUE,
            code_digest=code_digest(self.keys.digest_key, code),
            last4=code.last4,
            product_id=product_id,
            title=product.name("en"),
            price=price,
            value=value,
            expires_on=expires_on,
            yields=product.yields,
        )
        balance = value if balance_minor is None else Money(balance_minor, "EUR")
        account = Account(voucher=voucher, balance=balance, status=status)
        self.server.accounts[voucher.voucher_id] = account
        return code


def _database(folder: Path) -> Database:
    database = open_database(folder)
    with database.write() as work:
        settings.identity.put(
            work,
            Identity(till_id="till-1", name="T1", organisation="demo", server_urls=["http://x"]),
        )
        settings.catalogue.put(work, CATALOGUE)
        settings.users.put(work, PEOPLE)
        settings.last_contact.put(work, datetime.now(UTC))
        front = IssuerKey(
            key_id="0" * 16, public_key="0" * 64, till_id="till-2", name="Garden entrance"
        )
        settings.issuer_keys.put(work, [front])
    return database
