"""Selling, as a cashier does it."""

import pytest
from PySide6.QtCore import Qt

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from till.ui.cash import likely_cash
from vouchers.money import Money


def test_vouchers_are_sold_by_tiles_for_cash_with_change(cashier: Cashier, world: World) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Voucher €25")
    cashier.tap("Voucher €25")
    cashier.tap("Pay 100.00 EUR")
    cashier.tap("200.00")
    cashier.sees("Change", "100.00", "Paid · T1-000001", "Scan a voucher or tap a product")
    world.report()
    assert len(world.server.accounts) == 3


def test_the_next_tap_starts_the_next_customer(cashier: Cashier) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Pay 50.00 EUR")
    cashier.tap("Exact: 50.00")
    cashier.sees("Paid, no change · T1-000001")
    cashier.tap("Voucher €25")
    cashier.sees("Pay 25.00 EUR")
    assert "T1-000001" not in cashier.reads()


def test_several_tenders_pay_together(cashier: Cashier) -> None:
    cashier.tap("Voucher €100")
    cashier.tap("Pay 100.00 EUR")
    cashier.type("30")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Still to pay", "70.00", "−30.00")
    cashier.tap("Card")
    cashier.sees("Confirm only when the terminal says")
    cashier.tap("Accepted: 70.00 EUR")
    cashier.sees("Paid, no change · T1-000001")


def test_a_card_is_never_charged_more_than_is_due(cashier: Cashier) -> None:
    cashier.tap("Voucher €25")
    cashier.tap("Pay 25.00 EUR")
    cashier.tap("Card")
    cashier.type("30")
    cashier.tap("Accepted: 30.00 EUR")
    cashier.sees("Only 25.00 is due", "Nothing was charged")


def test_payment_starts_again_when_the_money_was_given_back(cashier: Cashier) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Pay 50.00 EUR")
    cashier.tap("Card")
    cashier.type("20")
    cashier.tap("Accepted: 20.00 EUR")
    cashier.sees("−20.00")
    cashier.tap("Start payment again")
    cashier.sees("20.00 were taken by card", "cancel that on the terminal, or go on")
    cashier.tap("Given back")
    cashier.sees("the visitor has 20.00 EUR back", "50.00")
    assert "−20.00" not in cashier.reads()


def test_what_a_card_has_paid_does_not_become_change(cashier: Cashier) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Pay 50.00 EUR")
    cashier.tap("Card")
    cashier.type("20")
    cashier.tap("Accepted: 20.00 EUR")
    cashier.sees("−20.00")
    cashier.press(Qt.Key.Key_Escape)
    cashier.tap("Remove")
    cashier.sees("20.00 were taken by card", "0.00 would be left to pay", "Nothing was changed")
    cashier.sees("Voucher €50", "−20.00")


def test_quantities_and_removal(cashier: Cashier) -> None:
    cashier.tap("Voucher €25")
    cashier.tap("One more")
    cashier.tap("One more")
    cashier.sees("3×", "25.00 each", "Pay 75.00 EUR")
    cashier.tap("One fewer")
    cashier.sees("Pay 50.00 EUR")
    cashier.tap("Remove")
    cashier.sees("Scan a voucher or tap a product")


def test_a_free_amount_keeps_its_limits(cashier: Cashier) -> None:
    cashier.tap("Voucher, any amount")
    cashier.sees("Between 10.00 EUR and 500.00 EUR")
    cashier.type("5")
    cashier.tap("Add 5.00 EUR")
    cashier.sees("Not possible", "between 10.00 and 500.00")
    cashier.press(Qt.Key.Key_Backspace)
    cashier.type("37,5")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Pay 37.50 EUR")


def test_products_are_found_by_name_and_chosen_with_enter(cashier: Cashier) -> None:
    cashier.type("mug")
    cashier.sees("Mug “Cogwheel”")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Pay 12.90 EUR")


def test_function_keys_choose_categories_and_escape_goes_back(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Adult")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Payment")
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees("Reduced", "Pay 12.00 EUR")


def test_nobody_signs_out_over_an_open_basket(cashier: Cashier) -> None:
    cashier.tap("Voucher €25")
    cashier.tap("Sign out")
    cashier.sees("The basket is not empty")
    cashier.tap("Clear")
    cashier.tap("Sign out")
    cashier.sees("Who is at the till?")


def test_language_and_colours_change_without_losing_the_basket(cashier: Cashier) -> None:
    cashier.tap("Voucher €25")
    cashier.tap("Settings")
    cashier.tap("Deutsch")
    cashier.sees("Korb", "Gutschein 25 €", "25,00 EUR bezahlen")
    cashier.tap("Optionen")
    cashier.tap("Dunkel")
    cashier.sees("25,00 EUR bezahlen")


@pytest.mark.parametrize(
    ("due", "notes"),
    [
        (75_50, [80_00, 100_00, 200_00]),
        (50_00, [60_00, 100_00, 200_00]),
        (3_20, [5_00, 10_00, 20_00]),
        (200_00, []),
    ],
)
def test_likely_cash_is_round_and_above_the_sum(due: int, notes: list[int]) -> None:
    assert likely_cash(Money(due, "EUR")) == [Money(note, "EUR") for note in notes]
