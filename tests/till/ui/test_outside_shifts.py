"""No shift is open: said before the first sale, refused where the venue wants one, and reported."""

from msgspec.structs import replace
from PySide6.QtCore import QPoint

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import CATALOGUE, World
from till.store import settings, shifts
from till.ui.window import Window
from vouchers.money import Money


def open_a_shift(cashier: Cashier) -> None:
    """From the sell screen, by the offer in its line, and back."""
    cashier.tap("Open a shift")
    cashier.sees("No shift is open", "Count the float in the drawer")
    cashier.type("100")
    cashier.tap("Open with 100.00 EUR")
    cashier.sees("Print X report")
    cashier.tap("Sell")


def place_of(cashier: Cashier, text: str) -> QPoint:
    button = cashier.button(text)
    assert button is not None
    return button.mapTo(cashier.window, QPoint())


def test_the_sell_screen_says_so_before_the_first_sale_until_a_shift_is_open(
    cashier: Cashier,
) -> None:
    line = "No shift is open: what is sold now stands in the report of sales outside a shift."
    cashier.sees(line)
    before = place_of(cashier, "Voucher €25")
    open_a_shift(cashier)
    cashier.has_all_answers()
    assert line not in cashier.reads()
    assert place_of(cashier, "Voucher €25") == before  # nothing moves under a finger


def test_where_a_shift_is_wanted_nothing_is_sold_outside_one(window: Window, world: World) -> None:
    with world.database.write() as work:
        settings.catalogue.put(work, replace(CATALOGUE, shift_required=True))
    cashier = Cashier(window)
    cashier.sign_in("Kim Kasse", "1234")
    cashier.sees("No shift is open, and here nothing is sold outside one.")
    cashier.tap("Voucher €25")
    cashier.tap("Pay 25.00 EUR")
    cashier.sees("Here nothing is sold outside a shift, and none is open. Nothing was booked.")
    assert cashier.button("Exact: 25.00") is None
    open_a_shift(cashier)
    cashier.has_all_answers()
    cashier.tap("Pay 25.00 EUR")
    cashier.tap("Exact: 25.00")
    cashier.sees("Paid, no change · T1-000001")


def test_what_was_sold_outside_a_shift_is_reported_from_the_window(
    cashier: Cashier, world: World
) -> None:
    cashier.tap("Voucher €25")
    cashier.tap("Pay 25.00 EUR")
    cashier.tap("Exact: 25.00")
    cashier.sees("Paid, no change")
    cashier.tap("Shift")
    cashier.sees("stand in no shift.")
    cashier.tap("Sales outside shifts")
    cashier.sees("The report is being printed.")
    cashier.has_all_answers()
    assert "stand in no shift." not in cashier.reads()
    with world.database.read() as work:
        report = shifts.z_report(work, None)
    assert report is not None and report.outside
    assert report.cash_expected == Money(2500, "EUR")
