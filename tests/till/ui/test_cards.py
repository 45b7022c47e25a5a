"""Cards at the window, as a cashier sees them: a simulated reader, a real counter and journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cardreader.purse.prepare import prepare
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
