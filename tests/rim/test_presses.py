"""A press that was not meant takes no money; selling fast stays possible."""

import time

import pytest

from tests.rim.program import Program
from tests.rim.till import RimTill

DOUBLE_TAP_MS = 130


@pytest.mark.parametrize(
    ("language", "tile", "pay", "take", "paid"),
    [
        ("en", "Voucher €25", "Pay 25.00 EUR", "Cash 25.00 EUR", "Paid, no change"),
        ("de", "Gutschein 25 €", "25,00 EUR bezahlen", "Bar 25,00 EUR", "Bezahlt"),
    ],
)
def test_three_deliberate_taps_sell_a_voucher(
    rim: RimTill, language: str, tile: str, pay: str, take: str, paid: str
) -> None:
    rim.open(language=language)
    for text in (tile, pay, take):
        rim.tap(text)
    rim.sees(paid)
    assert rim.receipts() == 1


def test_five_deliberate_keys_sell_a_voucher(till: RimTill) -> None:
    for key in ("2", "5", "Enter", "Enter", "Enter"):
        till.type([key])
    till.sees("Paid, no change")
    assert till.receipts() == 1


def test_tapping_a_tile_quickly_counts_every_tap(till: RimTill) -> None:
    till.tap("Voucher €25", times=3, pause_ms=DOUBLE_TAP_MS)
    till.sees("Pay 75.00 EUR")


def test_a_double_tap_on_pay_only_opens_the_payment(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.tap("Pay 25.00 EUR", times=3, pause_ms=DOUBLE_TAP_MS)
    till.sees("Payment", "Cash 25.00 EUR")
    assert till.receipts() == 0


def test_no_terminal_is_believed_to_be_charged_by_a_double_tap(till: RimTill) -> None:
    till.tap("Voucher €100")
    till.tap("Pay 100.00 EUR")
    till.tap("Card")
    till.type("40")
    till.tap("Accepted: 40.00 EUR", times=2, pause_ms=DOUBLE_TAP_MS)
    till.sees("Still to pay", "60.00")
    till.type(["Enter"])  # what follows a part is chosen first
    assert "−60.00" not in till.reads()
    assert till.receipts() == 0
    till.tap("Card")
    till.tap("Accepted: 60.00 EUR")
    till.sees("Paid, no change")


def test_enter_that_is_held_down_does_one_thing(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.screen.hold("Enter", for_ms=1500)
    till.sees("Payment", "Cash 25.00 EUR")
    assert till.receipts() == 0


def test_enter_pressed_twice_does_one_thing(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.type(["Enter", "Enter"], pace_ms=DOUBLE_TAP_MS)
    till.sees("Payment", "Cash 25.00 EUR")
    assert till.receipts() == 0


def test_escape_that_is_held_down_goes_one_step_back(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.tap("Pay 25.00 EUR")
    till.type("x")
    till.screen.hold("Escape", for_ms=1200)
    till.sees("Payment")


def test_a_voucher_double_tapped_is_redeemed_and_the_sale_waits(till: RimTill) -> None:
    _put_in_a_ticket(till)
    till.scan(till.ask(_issue))
    till.sees("Redeem a voucher")
    till.rest()
    till.tap("Redeem 12.00 EUR", times=3, pause_ms=DOUBLE_TAP_MS)
    till.sees("Complete")
    assert till.receipts() == 0


def test_a_note_double_tapped_is_taken_once(till: RimTill) -> None:
    till.tap("Voucher €100")
    till.tap("Pay 100.00 EUR")
    till.type("30")
    till.type(["Enter"])
    till.tap("Exact: 70.00", times=2, pause_ms=DOUBLE_TAP_MS)
    till.sees("Paid, no change")
    assert till.receipts() == 1


def test_a_finger_that_lets_go_after_the_change_does_nothing(till: RimTill) -> None:
    _put_in_a_ticket(till)
    code = till.ask(_issue)
    with till.screen.finger_down(till.place("Pay 12.00 EUR")):
        till.rest()
        till.scan(code)
        till.sees("Redeem a voucher")
        till.rest()
    till.rest()
    till.sees("Redeem a voucher", "Redeem 12.00 EUR")
    assert till.receipts() == 0


def test_what_comes_while_the_finger_is_on_its_way_is_not_pressed(till: RimTill) -> None:
    _put_in_a_ticket(till)
    place = till.place("Pay 12.00 EUR")
    till.scan(till.ask(_issue))
    time.sleep(0.2)
    till.screen.tap(place)
    till.rest()
    till.sees("Redeem a voucher", "Redeem 12.00 EUR")


def _put_in_a_ticket(till: RimTill) -> None:
    till.type(["F2"])
    till.tap("Adult")


def _issue(program: Program) -> str:
    return program.world.issue().text
