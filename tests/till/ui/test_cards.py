"""Cards at the window, as a cashier sees them: a simulated reader, a real counter and journal."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cardreader.key_cards import prepare_key_card
from cardreader.kinds import CardKind
from cardreader.purse.journal import CardState
from cardreader.purse.prepare import prepare
from cardreader.virtual.kinds import chip_of_kind, desfire
from tests.cardreader.held import HeldCard
from tests.cardreader.venue import RING, STRANGER, UID, purse
from tests.till.ui.cashier import Cashier
from tests.till.ui.hand import Hand, reader_beside
from tests.till.ui.world import World
from till.store import card_journal
from till.ui import card_taps
from till.ui.window import Window
from vouchers.codes import VoucherCode


@pytest.fixture
def hand(world: World) -> Iterator[Hand]:
    world.go_offline()
    with reader_beside(world) as hand:
        yield hand


@pytest.fixture
def cashier(qtbot: QtBot, hand: Hand, window: Window, world: World) -> Cashier:
    cashier = Cashier(window)
    cashier.sign_in("Kim Kasse", "1234")
    return cashier


def sell_onto_card(cashier: Cashier) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Pay 50.00 EUR")
    cashier.tap("Onto a value card")
    cashier.tap("Exact: 50.00")
    cashier.sees("Hold the value card or key card to the reader")


def confirm(cashier: Cashier) -> None:
    """Tap the button that names the card."""
    cashier.sees("50.00 EUR onto …")
    (button,) = re.findall(r"50\.00 EUR onto …\w{4}", cashier.reads())
    cashier.tap(button)


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
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.sees("Pay 24.00 EUR")
    hand.tap()
    cashier.sees("T1-000002")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 26.00")


def test_what_was_loaded_and_paid_is_said_with_the_card(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    """With the line there too: a value card decides for itself, whoever answers."""
    online(world)
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("50.00 loaded onto card …", "50.00 are on it now.")
    hand.reader.pull()
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.sees("Pay 24.00 EUR")
    hand.tap()
    cashier.sees("24.00 paid with the value card …", "26.00 left on it.")
    assert "this till alone" not in cashier.reads()


def test_a_card_with_too_little_pays_its_part(cashier: Cashier, hand: Hand) -> None:
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("T1-000001")
    hand.reader.pull()
    cashier.press(Qt.Key.Key_F3)
    cashier.tap("Annual pass")
    cashier.tap("Annual pass")
    hand.tap()
    cashier.sees("50.00 paid with the card", "40.00 is still to be paid", "Pay 40.00 EUR")
    cashier.sees("Value card …", "0.00 left")
    assert "without the server" not in cashier.reads()


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


def doubtful_sale(cashier: Cashier, hand: Hand, *, happened: bool) -> None:
    """50.00 in cash for a load whose card left too soon."""
    sell_onto_card(cashier)
    (hand.slip if happened else hand.lose)()
    cashier.sees("Hold the same card to the reader again", "neither moved nor lost")
    hand.reader.pull()


def test_while_a_card_is_in_doubt_its_sale_stays_as_it_is(cashier: Cashier, hand: Hand) -> None:
    doubtful_sale(cashier, hand, happened=True)
    cashier.tap("Onto a value card")
    cashier.sees("50.00 of this sale wait for a card", "Nothing was booked twice")
    chosen = cashier.button("Onto a value card")
    assert chosen is not None and chosen.isChecked()
    cashier.press(Qt.Key.Key_Escape)
    cashier.tap("Voucher €25")
    cashier.sees("50.00 of this sale wait for a card", "Nothing was booked twice")
    duty = cashier.window._duty
    assert duty is not None and len(duty.sale.sale.lines) == 1
    hand.tap()
    cashier.sees("The card has told what happened: 50.00 went through", "Total", "0.00")


@pytest.mark.parametrize("happened", [True, False])
def test_what_another_till_heard_of_the_card_reaches_the_sale(
    cashier: Cashier, hand: Hand, world: World, happened: bool
) -> None:
    doubtful_sale(cashier, hand, happened=happened)
    with world.database.write() as work:
        (open_now,) = card_journal.unsettled(work)
        told = CardState.DONE if happened else CardState.VOID
        books = world.counter.card_books
        card_journal.advance(work, books, open_now.movement.movement_id, told)
    world.change()
    if happened:
        cashier.sees("Another till has seen the card: the 50.00 went through", "Total", "0.00")
    else:
        cashier.sees("Another till has seen the card: the 50.00 were not moved")
        hand.tap()
        cashier.sees("Paid, no change · T1-000001")


def pay_in_part(cashier: Cashier, hand: Hand) -> None:
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("T1-000001")
    hand.reader.pull()
    cashier.press(Qt.Key.Key_F3)
    cashier.tap("Annual pass")
    cashier.tap("Annual pass")
    hand.tap()
    cashier.sees("50.00 paid with the card", "Pay 40.00 EUR")


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
    cashier.has_all_answers()  # the till looks by itself first: the next tap is to do it
    assert len(world.counter.card_owed.all()) == 1
    hand.tap()
    cashier.sees("50.00 of a sale that was given up are back on the card")
    assert world.counter.card_owed.all() == []


def test_one_part_is_taken_out_and_the_sale_goes_on(cashier: Cashier, hand: Hand) -> None:
    pay_in_part(cashier, hand)
    hand.reader.pull()
    cashier.tap("Take out")
    cashier.sees("Hold that card to the reader")
    cashier.has_all_answers()
    hand.tap()
    cashier.sees("are back on the card", "Pay 90.00 EUR")


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
    cashier.sees("every till that is online refuses it", "Move 50.00 EUR to a new card")
    cashier.tap("Move 50.00 EUR to a new card")
    cashier.sees("Hold the value card to the reader that is to take the 50.00 EUR")
    hand.reader.tap(new)
    confirm(cashier)
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
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.sees("Pay 24.00 EUR")
    hand.reader.tap(key)
    cashier.sees("Paid, no change · T1-000001")
    hand.reader.pull()
    hand.reader.tap(key)
    cashier.sees("Opened by card", "Last entries", "26.00")
    hand.reader.pull()
    enter_cards(cashier)
    cashier.tap("Take a key card off its voucher")
    hand.reader.tap(key)
    cashier.sees("opens nothing any more. The voucher keeps its value")


def test_a_card_that_leaves_as_soon_as_it_may_is_not_loaded_twice(
    cashier: Cashier, hand: Hand
) -> None:
    sell_onto_card(cashier)
    hand.leave_at_once()
    cashier.sees("Paid, no change · T1-000001", "Total")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 50.00")


def value_voucher(cashier: Cashier, world: World, hand: Hand) -> VoucherCode:
    """Scanned, and the card asked for."""
    world.follow()
    code = world.issue("value-50")
    world.follow()
    cashier.scan(code.text)
    cashier.sees("Put it on a value card")
    cashier.tap("Put it on a value card")
    cashier.sees("Hold the value card to the reader that is to take the 50.00 EUR")
    return code


def chosen(cashier: Cashier, hand: Hand, before: str = "0.00", after: str = "50.00") -> None:
    """The card is shown, with what will be on it, and then chosen."""
    hand.tap()
    cashier.sees("On it now", before, "On it then", after)
    confirm(cashier)


def test_a_voucher_on_paper_goes_onto_a_card(cashier: Cashier, hand: Hand, world: World) -> None:
    code = value_voucher(cashier, world, hand)
    chosen(cashier, hand)
    cashier.sees("50.00 moved from the voucher", "which holds 50.00", "Accepted without the server")
    hand.reader.pull()
    cashier.scan(code.text)
    cashier.sees("has been used up")
    assert "Put it on a value card" not in cashier.reads()


def test_onto_a_card_with_the_server(cashier: Cashier, hand: Hand, world: World) -> None:
    online(world)
    value_voucher(cashier, world, hand)
    chosen(cashier, hand)
    cashier.sees("The voucher on paper is worth nothing any more")


def test_pulled_in_the_middle_onto_the_card(cashier: Cashier, hand: Hand, world: World) -> None:
    value_voucher(cashier, world, hand)
    hand.slip()
    confirm(cashier)
    cashier.sees("Hold the same card to the reader again", "neither moved nor lost")
    hand.reader.pull()
    hand.tap()
    cashier.sees("50.00 moved from the voucher", "which holds 50.00")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 50.00. You may take it away", "Loaded", "+50.00")


def test_pulled_before_the_commit_and_held_again(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    value_voucher(cashier, world, hand)
    hand.lose()
    confirm(cashier)
    cashier.sees("Hold the same card to the reader again")
    hand.reader.pull()
    hand.tap()
    cashier.sees("nothing was moved. It holds 0.00. Begin again")
    confirm(cashier)
    cashier.sees("50.00 moved from the voucher", "which holds 50.00")


def test_what_came_to_nothing_and_is_not_wanted_any_more(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    code = value_voucher(cashier, world, hand)
    hand.lose()
    confirm(cashier)
    cashier.sees("Hold the same card to the reader again")
    hand.reader.pull()
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees("Redeem a voucher")
    cashier.press(Qt.Key.Key_Escape)
    hand.tap()
    cashier.sees("nothing was moved. It holds 0.00. Begin again")
    cashier.scan(code.text)
    cashier.sees("50.00", "Put it on a value card")


def test_a_card_that_cannot_take_it_is_named_and_nothing_moves(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    value_voucher(cashier, world, hand)
    hand.tap_other(7)
    cashier.sees("This card is not prepared to hold money")
    key = desfire(None, bytes.fromhex("04000000000008"))
    prepare_key_card(HeldCard(key), CardKind.DESFIRE, RING)
    stranger = desfire(None, bytes.fromhex("04000000000009"))
    prepare(HeldCard(stranger), STRANGER, "EUR")
    copied = chip_of_kind("classic", None, UID)
    for chip, named in (
        (key, "This is a key card"),
        (stranger, "This card is not one of ours"),
        (copied, "easily copied"),
    ):
        hand.reader.pull()
        hand.reader.tap(chip)
        cashier.sees(named, "Nothing was loaded")
        assert "50.00 EUR onto …" not in cashier.reads()
    hand.reader.pull()
    chosen(cashier, hand)
    cashier.sees("which holds 50.00")


def test_a_card_that_lies_there_already_is_shown_and_nothing_moves(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    world.follow()
    code = world.issue("value-50")
    world.follow()
    hand.tap()
    cashier.sees("holds 0.00")
    cashier.scan(code.text)
    cashier.tap("Put it on a value card")
    cashier.sees("On it now", "On it then")
    assert world.counter.redemption.look_up(code.text).account.balance.minor == 50_00
    cashier.tap("Back")
    cashier.sees("Redeem a voucher", "Put it on a value card")


def test_a_key_card_that_does_not_come_is_not_waited_for(
    cashier: Cashier, hand: Hand, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_taps, "WAIT_MS", 300)
    world.follow()
    code = world.issue("value-50")
    world.follow()
    cashier.scan(code.text)
    cashier.tap("Tie a key card")
    cashier.sees("No card came within a minute. Nothing was changed")
    hand.tap_other(7)
    cashier.sees("This card is not prepared")
    assert world.counter.lost_cards.made(1) == []


def test_a_card_that_does_not_come_is_not_waited_for(
    cashier: Cashier, hand: Hand, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_taps, "WAIT_MS", 300)
    value_voucher(cashier, world, hand)
    cashier.sees("No card was chosen within a minute. Nothing was moved: the 50.00")
    cashier.sees("Redeem a voucher")
    hand.tap()
    cashier.sees("holds 0.00")


def look_at_a_loaded_card(cashier: Cashier, hand: Hand) -> None:
    sell_onto_card(cashier)
    hand.tap()
    cashier.sees("T1-000001")
    hand.reader.pull()
    hand.tap()
    cashier.sees("Back onto paper")


def test_what_is_on_a_card_goes_back_onto_paper(cashier: Cashier, hand: Hand, world: World) -> None:
    look_at_a_loaded_card(cashier, hand)
    cashier.tap("Back onto paper")
    cashier.sees("50.00 moved from the card", "which is printed now. The card is empty")
    hand.reader.pull()
    hand.tap()
    cashier.sees("holds 0.00")
    assert cashier.button("Back onto paper") is None


def test_back_onto_paper_when_the_card_has_gone(cashier: Cashier, hand: Hand) -> None:
    look_at_a_loaded_card(cashier, hand)
    hand.reader.pull()
    cashier.tap("Back onto paper")
    cashier.sees("its 50.00 move onto a voucher on paper")
    other = purse(uid=bytes.fromhex("04AABBCCDDEEFF"))
    hand.reader.tap(other)
    cashier.sees("That is another card", "Nothing was moved")
    hand.reader.pull()
    hand.slip()
    cashier.sees("Hold the same card to the reader again", "neither moved nor lost")
    hand.reader.pull()
    hand.tap()
    cashier.sees("50.00 moved from the card", "The card is empty")


def test_pulled_while_a_lost_cards_value_moves(cashier: Cashier, hand: Hand, world: World) -> None:
    look_at_a_loaded_card(cashier, hand)
    hand.reader.pull()
    online(world)
    name = world.counter.lost_cards.recent()[0].last4
    enter_cards(cashier)
    cashier.tap("Lost card")
    cashier.type(name)
    cashier.press(Qt.Key.Key_Return)
    cashier.tap(f"…{name}")
    cashier.tap("Lost by its owner")
    cashier.tap(f"Block card …{name}")
    cashier.tap("Move 50.00 EUR to a new card")
    hand.chip = purse(uid=bytes.fromhex("04AABBCCDDEEFF"))
    hand.slip()
    confirm(cashier)
    cashier.sees("Hold the same card to the reader again")
    hand.reader.pull()
    hand.tap()
    cashier.sees("The new card", "holds 50.00")


def test_a_key_card_that_opens_nothing_says_how_to_sell_for_it(
    cashier: Cashier, hand: Hand, world: World
) -> None:
    key = desfire(None, bytes.fromhex("04000000000007"))
    prepare_key_card(HeldCard(key), CardKind.DESFIRE, RING)
    sell_onto_card(cashier)
    hand.reader.tap(key)
    cashier.sees("This card opens no voucher yet. Nothing was booked")
    hand.reader.pull()
    cashier.tap("Onto a value card")
    cashier.has_all_answers()
    cashier.tap("Complete sale")
    cashier.sees("Paid, no change · T1-000001")
