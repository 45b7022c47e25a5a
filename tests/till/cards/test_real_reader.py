"""Tills with a real reader stack: torn at every exchange, tapped again, and the books agree.

pcscd, its client library, pyscard and a virtual card in another process; behind it the till's own
journal and books, and the server's rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from cardreader.protocols import Card
from cardreader.readers import PcscReaders
from cardreader.virtual.kinds import desfire
from cardreader.waiting import wait_for_card
from server.storage.card_keys import card_keys, rotate_card_keys
from server.storage.database import writing
from sync.wire.cards import CardKeys
from tests.cardreader.conftest import daemon as daemon  # noqa: PLC0414 - a fixture
from tests.cardreader.held import HeldCard
from tests.cardreader.pcscd import Daemon
from tests.cardreader.slot import Slot, slot
from tests.cardreader.venue import on_card
from tests.till.cards.test_tears import load, pay, to_paper
from tests.till.cards.venue import CASHIER, ORGANISATION, Ledger, LivingTill, enrol, living
from till.card_sharing import share
from till.store import ledger
from till.store.card_keys import with_card_keys
from till.store.secrets import load_keys, save_keys
from vouchers.errors import OperatingError

Operation = Callable[[LivingTill, Card], object]
SAME, OTHER = 0, 1


def make(till: LivingTill, card: Card) -> object:
    return till.cards.initialise(card, CASHIER)


def settle(till: LivingTill, card: Card) -> object:
    return till.cards.settle(card)


@dataclass(frozen=True)
class Case:
    """What is torn, what the card has been through before, and what mends it."""

    torn: Operation
    before: tuple[Operation, ...]
    mended: Operation = settle
    rotated: bool = False


CASES = {
    "load": Case(load, (make,)),
    "top-up": Case(load, (make, load, pay)),
    "redeem": Case(pay, (make, load)),
    "to-paper": Case(to_paper, (make, load)),
    "initialise": Case(make, (), make),
    "change-keys": Case(make, (make, load, pay), make, rotated=True),
}


@dataclass
class Venue:
    """Two tills and their server; each case gets a card of its own."""

    folder: Path
    daemon: Daemon
    server: Ledger = field(init=False)
    keys: CardKeys = field(init=False)
    tills: list[Path] = field(init=False)
    uids: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.server = Ledger(self.folder / "server")
        with writing(self.server.engine) as connection:
            rotate_card_keys(connection, ORGANISATION)
            self.keys = card_keys(connection, ORGANISATION, debit_only=False)
        self.tills = [enrol(self.folder / name, name, self.server) for name in ("A", "B")]

    def tears(self, case: Case, mishap: str, at: int, seen_again_at: int) -> bool:
        """Whether the case has an exchange `at`; torn there and mended, all agree to the cent."""
        self._begin_with(sets=1)
        uid = bytes.fromhex("04") + next(self.uids).to_bytes(6, "big")
        store = self.folder / f"{uid.hex()}.json"
        with living(self.tills[SAME], self.server) as till:
            for operation in case.before:
                operation(till, HeldCard(desfire(store, uid)))
        if case.rotated:
            self._begin_with(sets=2)
        with slot(self.daemon, store, uid=uid.hex()) as card:
            with card.lying(mishap, at):
                if self._done(SAME, card, case.torn):
                    return False
            self._report()
            with card.lying():
                assert self._done(seen_again_at, card, case.mended)
        self._report()
        self._check(store, uid)
        return True

    def _done(self, who: int, card: Slot, operation: Operation) -> bool:
        readers = PcscReaders()
        with living(self.tills[who], self.server, readers) as till:
            try:
                seen = wait_for_card(readers, card.reader, 10_000)
                with till.cards.card(seen) as (lying, _kind):
                    operation(till, lying)
                    shown = till.cards.show(lying)
            except OperatingError:
                return False
            till.desk.line.answered()
            share(till.cards, seen, shown)
        return True

    def _report(self) -> None:
        for folder in self.tills:
            with living(folder, self.server) as till:
                till.report()

    def _check(self, store: Path, uid: bytes) -> None:
        chip, moved = desfire(store, uid), 0
        for folder in self.tills:
            with living(folder, self.server) as till:
                account = till.counter.cards.account_id(uid.hex())
                assert till.doubts() == 0
                with till.database.read() as work:
                    booked = ledger.of_voucher(work, account)
                moved += sum(entry.amount.minor for entry in booked)
                shown = till.cards.show(HeldCard(chip))
        assert on_card(chip) == shown.view.balance.minor == moved == self.server.balance(account)
        assert self.server.open_incidents() == []

    def _begin_with(self, sets: int) -> None:
        """The tills know the first `sets` key sets of the venue; the last of them is current."""
        all_sets = self.keys.sets[:sets]
        told = CardKeys(system=self.keys.system, sets=all_sets, current=all_sets[-1].number)
        for folder in self.tills:
            keys = load_keys(folder)
            assert keys is not None
            save_keys(folder, with_card_keys(folder, keys, told))


@pytest.fixture
def venue(tmp_path: Path, daemon: Daemon) -> Venue:
    return Venue(tmp_path, daemon)


@pytest.mark.parametrize(
    ("name", "mishap", "at", "seen_again_at"),
    [
        ("load", "after", 13, OTHER),
        ("top-up", "before", 12, SAME),
        ("redeem", "after", 13, SAME),
        ("redeem", "before", 13, OTHER),
        ("initialise", "after", 21, OTHER),
        ("change-keys", "after", 12, OTHER),
    ],
)
def test_torn_at_a_real_reader(
    venue: Venue, name: str, mishap: str, at: int, seen_again_at: int
) -> None:
    assert venue.tears(CASES[name], mishap, at, seen_again_at)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("mishap", ["before", "after"])
@pytest.mark.parametrize("name", CASES)
def test_torn_at_every_exchange_at_a_real_reader(venue: Venue, name: str, mishap: str) -> None:
    at = 1
    while venue.tears(CASES[name], mishap, at, seen_again_at=at % 2):
        at += 1
    assert at > 13
