"""Cards at the window, as a cashier sees them: a simulated reader, a real counter and journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cardreader.errors import NoAnswer
from cardreader.purse.prepare import prepare
from cardreader.virtual.chip import Chip
from cardreader.virtual.kinds import desfire
from cardreader.virtual.reader import SimulatedReader
from cardreader.virtual.window import SlippingChip
from resources.texts import Texts
from tests.cardreader.held import HeldCard
from tests.cardreader.venue import RING, UID
from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from till.card_table import ReaderTable
from till.cards import CardDesk
from till.store.secrets import TillKeys, save_keys
from till.ui.window import Window

COMMIT = 0xC7


class Hand:
    """Holds the card to the reader, and takes it away."""

    def __init__(self, reader: SimulatedReader) -> None:
        self.reader = reader
        self.chip = desfire(None, UID)
        prepare(HeldCard(self.chip), RING, "EUR")

    def tap(self) -> None:
        self.reader.tap(self.chip)

    def slip(self) -> None:
        self.reader.tap(SlippingChip(self.chip))

    def leave_at_once(self) -> None:
        self.reader.tap(Leaving(self.chip))

    def tap_other(self, number: int) -> None:
        """Another card, as it comes from the factory."""
        self.reader.tap(desfire(None, bytes.fromhex("04") + number.to_bytes(6, "big")))


@pytest.fixture
def hand(tmp_path: Path, world: World) -> Iterator[Hand]:
    keys = TillKeys(signing_key=world.keys.signing_key, card_keys=RING.sealed())
    save_keys(tmp_path / "keys", keys)
    reader = SimulatedReader()
    desk = CardDesk(world.counter, tmp_path / "keys", reader)
    world.go_offline()
    table = ReaderTable(desk, world.counter, reader, Texts("en"), world.change)
    table.start()
    world.cards = table
    yield Hand(reader)
    table.stop()


@pytest.fixture
def cashier(qtbot: QtBot, hand: Hand, window: Window, world: World) -> Cashier:
    cashier = Cashier(window)
    cashier.sign_in("Kim Kasse", "1234")
    return cashier


def sell_onto_card(cashier: Cashier) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Pay 50.00 EUR")
    cashier.tap("Onto a card")
    cashier.tap("Exact: 50.00")
    cashier.sees("Hold the card to the reader")


def test_sold_onto_a_card_shown_and_paid_with(cashier: Cashier, hand: Hand) -> None:
    cashier.sees("reader ready")
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("Paid, no change · T1-000001")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 50.00")
    hand.reader.pull()
    cashier.press(Qt.Key.Key_Escape)
    cashier.tap("Voucher €25")
    cashier.sees("Pay 25.00 EUR")
    hand.tap()
    cashier.sees("T1-000002")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 25.00")


def test_a_card_with_too_little_pays_its_part(cashier: Cashier, hand: Hand) -> None:
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("T1-000001")
    hand.reader.pull()
    cashier.tap("Voucher €100")
    hand.tap()
    cashier.sees("50.00 paid with the card", "50.00 is still to be paid", "Pay 50.00 EUR")


def test_taken_away_in_mid_load_and_tapped_again(cashier: Cashier, hand: Hand) -> None:
    sell_onto_card(cashier)
    hand.slip()
    cashier.sees("Hold the same card to the reader again", "neither moved nor lost")
    hand.reader.pull()
    hand.tap()
    cashier.sees("The card has told what happened: 50.00 went through", "Total", "0.00")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 50.00")


def pay_in_part(cashier: Cashier, hand: Hand) -> None:
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("T1-000001")
    hand.reader.pull()
    cashier.tap("Voucher €100")
    hand.tap()
    cashier.sees("50.00 paid with the card", "Pay 50.00 EUR")


def test_what_a_card_has_paid_goes_back_while_it_lies_there(cashier: Cashier, hand: Hand) -> None:
    pay_in_part(cashier, hand)
    cashier.tap("Clear")
    cashier.sees("50.00 of a sale that was given up are back on the card", "Total", "0.00")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 50.00")


def test_a_card_that_has_left_gets_its_part_back_when_it_comes(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    pay_in_part(cashier, hand)
    hand.reader.pull()
    cashier.tap("Clear")
    cashier.sees("Hold that card to the reader: the 50.00 go back onto it")
    assert len(world.counter.card_owed.all()) == 1
    hand.tap()
    cashier.sees("50.00 of a sale that was given up are back on the card")
    assert world.counter.card_owed.all() == []


def test_one_part_is_taken_out_and_the_sale_goes_on(cashier: Cashier, hand: Hand) -> None:
    pay_in_part(cashier, hand)
    hand.reader.pull()
    cashier.tap("Take out")
    cashier.sees("Hold that card to the reader")
    hand.tap()
    cashier.sees("are back on the card", "Pay 100.00 EUR")


def online(world: World) -> None:
    """The server knows what was booked by now, and answers."""
    world.server.away = False
    world.report()
    world.line.answered()


def enter_cards(cashier: Cashier) -> None:
    cashier.tap("Cards")
    cashier.type("5678")
    cashier.tap("Open cards")


def test_what_is_on_a_card_is_shown_with_its_last_movements(cashier: Cashier, hand: Hand) -> None:
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("T1-000001")
    hand.reader.pull()
    hand.tap()
    cashier.sees("Last entries", "Loaded", "+50.00", "50.00 left")


def test_cards_are_made_in_series(cashier: Cashier, hand: Hand) -> None:
    enter_cards(cashier)
    cashier.tap("Make cards")
    cashier.type("2")
    cashier.tap("Make 2 cards")
    cashier.sees("Hold the next blank card", "0 of 2")
    hand.tap_other(1)
    cashier.sees("is ready. Take it away", "1 of 2")
    hand.reader.pull()
    hand.tap_other(2)
    cashier.sees("All 2 cards are ready", "2 of 2")
    cashier.tap("Finish")
    cashier.tap("Make cards")
    cashier.sees("Made at this till before")


def test_a_lost_card_is_blocked_and_its_value_moves_to_a_new_one(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("T1-000001")
    hand.reader.pull()
    online(world)
    enter_cards(cashier)
    cashier.tap("Make cards")
    cashier.type("1")
    cashier.tap("Make 1 cards")
    new = desfire(None, bytes.fromhex("04AABBCCDDEEFF"))
    hand.reader.tap(new)
    cashier.sees("All 1 cards are ready")
    hand.reader.pull()
    cashier.tap("Finish")
    cashier.tap("Lost card")
    cashier.sees("Last used at this till")
    name = world.counter.lost_cards.recent()[0].last4
    cashier.type(name)
    cashier.press(Qt.Key.Key_Return)
    cashier.tap(f"…{name}")
    cashier.tap("Lost by its owner")
    cashier.tap(f"Block card …{name}")
    cashier.sees("blocked at every till", "Move 50.00 EUR to a new card")
    cashier.tap("Move 50.00 EUR to a new card")
    cashier.sees("Hold the new card to the reader")
    hand.reader.tap(new)
    cashier.sees("The new card", "holds 50.00")


def test_what_waits_for_cards_is_listed(cashier: Cashier, hand: Hand) -> None:
    pay_in_part(cashier, hand)
    hand.reader.pull()
    cashier.tap("Clear")
    cashier.sees("go back onto it")
    enter_cards(cashier)
    cashier.tap("What waits for cards")
    cashier.sees("50.00 EUR to get back", "at this one it gets back")
    cashier.press(Qt.Key.Key_Escape)
    cashier.press(Qt.Key.Key_Escape)
    hand.slip()
    cashier.sees("Hold the same card to the reader again")
    hand.reader.pull()
    enter_cards(cashier)
    cashier.tap("What waits for cards")
    cashier.sees("is the load of 50.00 EUR on it?")


def test_a_key_card_is_tied_to_a_voucher_and_pays(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    world.follow()
    code = world.issue("value-50")
    world.follow()
    cashier.scan(code.text)
    cashier.sees("Tie a key card")
    cashier.tap("Tie a key card")
    cashier.sees("Hold the key card to the reader")
    key = desfire(None, bytes.fromhex("04000000000007"))
    hand.reader.tap(key)
    cashier.sees("now opens this voucher")
    hand.reader.pull()
    cashier.press(Qt.Key.Key_Escape)
    cashier.tap("Voucher €25")
    cashier.sees("Pay 25.00 EUR")
    hand.reader.tap(key)
    cashier.sees("Paid, no change · T1-000001")
    hand.reader.pull()
    hand.reader.tap(key)
    cashier.sees("Opened by card", "Last entries", "25.00")
    hand.reader.pull()
    enter_cards(cashier)
    cashier.tap("Take a key card off its voucher")
    hand.reader.tap(key)
    cashier.sees("opens nothing any more. The voucher keeps its value")


class Leaving:
    """A chip that answers its Commit and is gone before anything else is asked of it."""

    def __init__(self, chip: Chip) -> None:
        self._chip, self._gone = chip, False
        self.atr = chip.atr

    def power(self) -> None:
        self._chip.power()

    def exchange(self, apdu: bytes) -> bytes:
        if self._gone:
            raise NoAnswer("gone")
        answer = self._chip.exchange(apdu)
        self._gone = apdu[1] == COMMIT
        return answer


def test_a_card_that_leaves_as_soon_as_it_may_is_not_loaded_twice(
    cashier: Cashier, hand: Hand
) -> None:
    sell_onto_card(cashier)
    hand.leave_at_once()
    cashier.sees("Paid, no change · T1-000001", "Total")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 50.00")
