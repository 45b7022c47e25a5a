"""An action code, typed or scanned where voucher codes are, and taken out again."""

import pytest
from PySide6.QtCore import Qt

from tests.till.test_action_codes import FIVE, TEN_OFF, know
from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World


@pytest.fixture(autouse=True)
def campaigns(world: World) -> None:
    know(world, TEN_OFF, FIVE)


def test_a_scanned_code_takes_its_discount_and_gives_it_back(cashier: Cashier) -> None:
    cashier.press_f(2)
    cashier.tap("Adult")
    cashier.sees("Pay 12.00 EUR")
    cashier.scan("ten")
    cashier.sees("Ten off: 1.20 taken off.", "Action code TEN", "−1.20", "Pay 10.80 EUR")
    cashier.tap("Adult")
    cashier.sees("−2.40", "Pay 21.60 EUR")
    cashier.tap("Action code TEN")
    cashier.tap("Take out")
    cashier.sees("Pay 24.00 EUR")
    assert "Action code TEN" not in cashier.reads()


def test_a_typed_code_counts_at_the_checkout_and_on_the_receipt(
    cashier: Cashier, world: World
) -> None:
    cashier.press_f(2)
    cashier.tap("Adult")
    cashier.tap("Adult")
    cashier.type("rain5")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Rain: 5.00 taken off.")
    cashier.tap("Pay 19.00 EUR")
    cashier.tap("Exact: 19.00")
    cashier.sees("Paid, no change · T1-000001")
    (receipt,) = world.counter.paperwork.latest_receipts(1)
    assert receipt.total.minor == 1900


def test_what_is_refused_says_why_and_changes_nothing(cashier: Cashier) -> None:
    cashier.scan("TEN")
    cashier.sees("The action code TEN is for nothing in the basket that is to be paid.")
    cashier.press_f(2)
    cashier.tap("Adult")
    cashier.scan("RAIN5")
    cashier.sees("The action code RAIN5 needs at least 20.00")
    cashier.scan("NOBODY")
    cashier.sees("No action code is written like that.", "are not used in codes", "Pay 12.00 EUR")
    cashier.scan("SUMMER")
    cashier.sees("a voucher code has 16 characters instead of 6", "Pay 12.00 EUR")


def test_it_needs_no_line(cashier: Cashier, world: World) -> None:
    world.go_offline()
    cashier.press_f(2)
    cashier.tap("Adult")
    cashier.scan("TEN")
    cashier.sees("Pay 10.80 EUR")
