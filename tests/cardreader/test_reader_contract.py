"""What every reader promises, tried on the simulated one and on real PC/SC."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from cardreader.errors import NoAnswer, NoCard, ReaderGone
from cardreader.identity import GET_UID
from cardreader.protocols import CardReader, CardSeen, CardTaken, ReaderEvent, ReadersChanged
from cardreader.purse.desk import CardInDoubt, PurseDesk
from cardreader.readers import PcscReaders
from cardreader.virtual.mishaps import Mishap, Plan
from cardreader.virtual.reader import SimulatedReader
from cardreader.waiting import wait_for_card
from tests.cardreader.journal import SqliteJournal
from tests.cardreader.slot import slot
from tests.cardreader.venue import LIMIT, RING, blank, eur, purse
from tests.cardreader.waiting import eventually

COMMIT = 11


class Hand(Protocol):
    """Moves the card of the reader under test."""

    readers: CardReader

    def tap(self, plan: Plan | None = None) -> None: ...
    def pull(self) -> None: ...


class SimulatedHand:
    def __init__(self, store: Path) -> None:
        self._reader = SimulatedReader()
        self.readers: CardReader = self._reader
        self._store = store

    def tap(self, plan: Plan | None = None) -> None:
        self._reader.tap(blank(self._store), plan)

    def pull(self) -> None:
        self._reader.pull()


class PcscHand:
    def __init__(self, tap: Callable[[Plan | None], None], pull: Callable[[], None]) -> None:
        self.readers: CardReader = PcscReaders()
        self._tap, self._pull = tap, pull

    def tap(self, plan: Plan | None = None) -> None:
        self._tap(plan)

    def pull(self) -> None:
        self._pull()


@pytest.fixture(params=["simulated", "pcsc"])
def hand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hand]:
    store = tmp_path / "card.json"
    purse(store)
    if request.param == "simulated":
        yield SimulatedHand(store)
        return
    with slot(request.getfixturevalue("daemon"), store) as card:
        assert card.reader

        def tap(plan: Plan | None) -> None:
            card.tap()
            if plan is not None:
                card.process.plan(plan.mishap, plan.at)

        yield PcscHand(tap, card.pull)
        card.pull()


def test_a_card_comes_is_spoken_to_and_goes(hand: Hand) -> None:
    events: list[ReaderEvent] = []
    stop = hand.readers.watch(events.append)
    hand.tap()
    seen = wait_for_card(hand.readers, None, 5_000)
    assert seen.reader in hand.readers.list_readers()
    card = hand.readers.connect(seen.reader)
    assert card.transmit(GET_UID)[-2:] == b"\x90\x00"
    card.close()
    with pytest.raises(NoAnswer):
        card.transmit(GET_UID)
    hand.pull()
    eventually(lambda: CardTaken(seen.reader) in events, lambda: str(events))
    stop()
    assert isinstance(events[0], ReadersChanged)
    assert seen in events
    assert CardSeen(seen.reader, bytes.fromhex("3B8180018080")) == seen


def test_no_card_and_no_reader(hand: Hand) -> None:
    reader = hand.readers.list_readers()[0]
    with pytest.raises(NoCard):
        hand.readers.connect(reader)
    with pytest.raises(ReaderGone):
        hand.readers.connect("a reader nobody has")
    with pytest.raises(NoCard):
        wait_for_card(hand.readers, reader, 10)


def test_pulled_in_mid_load_and_tapped_again(hand: Hand) -> None:
    desk = PurseDesk(RING, SqliteJournal(":memory:"), LIMIT)
    reader = hand.readers.list_readers()[0]
    hand.tap(Plan(Mishap.PULL_AFTER, COMMIT))
    card = hand.readers.connect(wait_for_card(hand.readers, reader, 5_000).reader)
    with pytest.raises(CardInDoubt):
        desk.load(card, eur(5_00))
    card.close()
    hand.pull()
    hand.tap()
    card = hand.readers.connect(wait_for_card(hand.readers, reader, 5_000).reader)
    assert desk.settle(card) == []
    assert desk.show(card).balance == eur(5_00)
    card.close()
    hand.pull()
