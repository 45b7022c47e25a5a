"""Through pcscd, its client library, pyscard and a virtual card in another process."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from cardreader.errors import CardInUse, NoAnswer
from cardreader.keys import KeyRing
from cardreader.pcsc import context_of_its_own, scard
from cardreader.pcsc_card import connect
from cardreader.purse.desk import CardInDoubt, PurseDesk
from cardreader.purse.journal import CardState
from cardreader.purse.prepare import prepare
from tests.cardreader.dying_till import DIED
from tests.cardreader.journal import SqliteJournal
from tests.cardreader.pcscd import Daemon
from tests.cardreader.slot import slot
from tests.cardreader.sweep import Operation, Till, check, load, pay, settle
from tests.cardreader.venue import LIMIT, NEXT_RING, RING, blank, eur, on_card, purse
from tests.cardreader.waiting import eventually
from vouchers.errors import OperatingError

BEFORE_COMMIT, COMMIT = 10, 11


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A finished purse in a file, for a virtual card to be."""
    path = tmp_path / "card.json"
    purse(path)
    return path


def desk(tmp_path: Path) -> PurseDesk:
    return PurseDesk(RING, SqliteJournal(tmp_path / "till.sqlite"), LIMIT)


def test_from_blank_to_spent(daemon: Daemon, tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    till = desk(tmp_path)
    with slot(daemon, path) as card, card.tapped() as held:
        prepare(held, RING, "EUR")
        till.load(held, eur(50_00))
    with slot(daemon, path) as card, card.tapped() as held:  # the same card in a new process
        till.pay(held, eur(12_50))
        assert till.show(held).balance == eur(37_50)
    assert on_card(blank(path)) == 37_50


TORN_SHORT = [(BEFORE_COMMIT, "after"), (COMMIT, "before"), (COMMIT, "after")]
TORN_ALL = list(itertools.product(range(1, COMMIT + 1), ("before", "after")))


@pytest.mark.parametrize(("at", "mishap"), TORN_SHORT)
def test_pulled_while_loading(
    daemon: Daemon, store: Path, tmp_path: Path, at: int, mishap: str
) -> None:
    _torn(daemon, store, tmp_path, load, at, mishap)


@pytest.mark.soak
@pytest.mark.parametrize("operation", [load, pay])
@pytest.mark.parametrize(("at", "mishap"), TORN_ALL)
def test_pulled_at_every_exchange(
    daemon: Daemon, store: Path, tmp_path: Path, operation: Operation, at: int, mishap: str
) -> None:
    _torn(daemon, store, tmp_path, operation, at, mishap)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("ring", [RING, NEXT_RING], ids=["initialise", "change-keys"])
@pytest.mark.parametrize("mishap", ["before", "after"])
def test_preparing_is_pulled_at_every_exchange(
    daemon: Daemon, tmp_path: Path, ring: KeyRing, mishap: str
) -> None:
    torn = 0
    while _prepare_torn(daemon, tmp_path / f"{torn}.json", ring, mishap, torn + 1):
        torn += 1
    assert torn > 20


def _prepare_torn(daemon: Daemon, path: Path, ring: KeyRing, mishap: str, at: int) -> bool:
    """Whether preparing a card has an exchange `at`, where it then was pulled and mended."""
    if ring is NEXT_RING:
        purse(path)
    with slot(daemon, path) as card:
        with card.tapped(mishap, at) as held:
            try:
                prepare(held, ring, "EUR")
            except OperatingError:
                pass
            else:
                return False
        with card.tapped() as held:
            prepare(held, ring, "EUR")
            assert PurseDesk(ring, SqliteJournal(":memory:"), LIMIT).show(held).balance == eur(0)
    return True


def test_two_cards_at_two_readers(daemon: Daemon, tmp_path: Path) -> None:
    till = desk(tmp_path)
    one, two = tmp_path / "1.json", tmp_path / "2.json"
    cards = slot(daemon, one), slot(daemon, two, 1)
    with cards[0] as first, cards[1] as second, first.tapped() as left, second.tapped() as right:
        assert prepare(left, RING, "EUR") != prepare(right, RING, "EUR")
        till.load(left, eur(10_00))
        till.load(right, eur(20_00))
        till.pay(left, eur(1_00))
    assert (on_card(blank(one)), on_card(blank(two))) == (9_00, 20_00)


def test_another_program_waits_while_we_hold_the_card(daemon: Daemon, store: Path) -> None:
    with slot(daemon, store) as card, card.tapped() as held:
        with pytest.raises(CardInUse):
            connect(card.reader)
        assert held.transmit(bytes.fromhex("FFCA000000"))[-2:] == b"\x90\x00"


def test_another_program_in_the_way_is_named(daemon: Daemon, store: Path) -> None:
    with slot(daemon, store) as card, card.tapped() as held:
        held.close()
        with _somebody_else_on(card.reader), pytest.raises(CardInUse):
            connect(card.reader)
        connect(card.reader).close()


def test_a_card_that_never_answers_freezes_nobody(
    daemon: Daemon, store: Path, tmp_path: Path
) -> None:
    till = desk(tmp_path)
    with slot(daemon, store) as stuck, slot(daemon, tmp_path / "2.json", 1) as other:
        with stuck.tapped("hang", COMMIT) as held:
            with pytest.raises(CardInDoubt):
                till.load(held, eur(5_00))
            with pytest.raises(NoAnswer):
                held.transmit(bytes.fromhex("FFCA000000"))
            with other.tapped() as lively:
                prepare(lively, RING, "EUR")
        with stuck.tapped() as held:
            assert till.settle(held) == []
            assert till.show(held).balance == eur(0)


@pytest.mark.parametrize(
    ("step", "when"),
    [
        *itertools.product((2, 3), ("before",)),
        *(pytest.param(*case, marks=pytest.mark.soak) for case in ((1, "before"), (1, "after"))),
        *(pytest.param(*case, marks=pytest.mark.soak) for case in ((2, "after"), (3, "after"))),
    ],
)
def test_the_till_is_switched_off_in_mid_load(
    daemon: Daemon, store: Path, tmp_path: Path, step: int, when: str
) -> None:
    """The card stays on the reader all the while, and is still there when the till is back."""
    journal = tmp_path / "till.sqlite"
    with slot(daemon, store) as card:
        reader = card.reader
        card.tap()
        words = [sys.executable, "-m", "tests.cardreader.dying_till", reader, str(journal)]
        ended = subprocess.run([*words, str(step), when], check=False, timeout=30)
        assert ended.returncode == DIED
        assert Till(journal).does(settle, connect(reader))
        card.pull()
    check(blank(store), 0, Till(journal))


class Mishap(SqliteJournal):
    """Lets something happen in mid-load: both changes are pending, Commit has not left."""

    def __init__(self, path: Path, happens: Callable[[], None]) -> None:
        super().__init__(path)
        self._happens = happens

    def advance(self, movement_id: UUID, state: CardState) -> None:
        super().advance(movement_id, state)
        if state is CardState.DOUBT:
            self._happens()


def test_the_daemon_is_killed_in_mid_load(daemon: Daemon, store: Path, tmp_path: Path) -> None:
    journal = Mishap(tmp_path / "till.sqlite", daemon.kill)
    with slot(daemon, store) as card:
        try:
            with card.tapped() as held, pytest.raises(CardInDoubt):
                PurseDesk(RING, journal, LIMIT).load(held, eur(5_00))
        finally:
            daemon.start()
        with card.tapped() as held:
            till = desk(tmp_path)
            assert till.settle(held) == []
            assert till.load(held, eur(7_00)).balance_after == eur(7_00)
    journal.close()


def test_the_reader_is_unplugged_in_mid_load(daemon: Daemon, store: Path, tmp_path: Path) -> None:
    journal = Mishap(tmp_path / "till.sqlite", daemon.unplug)
    with slot(daemon, store) as card:
        try:
            with card.tapped() as held, pytest.raises(CardInDoubt):
                PurseDesk(RING, journal, LIMIT).load(held, eur(5_00))
        finally:
            daemon.plug_in()
        with card.tapped() as held:
            assert desk(tmp_path).settle(held) == []
            assert desk(tmp_path).load(held, eur(7_00)).balance_after == eur(7_00)
    journal.close()


def _torn(
    daemon: Daemon, store: Path, folder: Path, operation: Operation, at: int, mishap: str
) -> None:
    before = Till(folder / "before.sqlite")
    till = Till(folder / "till.sqlite")
    with slot(daemon, store) as card:
        with card.tapped() as held:
            assert before.does(load, held)
        with card.tapped(mishap, at) as held:
            assert not till.does(operation, held)
        with card.tapped() as held:
            assert till.does(settle, held)
    check(blank(store), 25_00, till)


@contextmanager
def _somebody_else_on(reader: str) -> Iterator[None]:
    """Another program's shared connection."""
    api = scard()
    with context_of_its_own() as context:
        handles: list[int] = []

        def connected() -> bool:
            code, handle, _ = api.SCardConnect(
                context, reader, api.SCARD_SHARE_SHARED, api.SCARD_PROTOCOL_T1
            )
            handles.append(handle)
            return bool(code == api.SCARD_S_SUCCESS)

        eventually(connected)
        yield
        api.SCardDisconnect(handles[-1], api.SCARD_LEAVE_CARD)
