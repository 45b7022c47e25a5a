"""The window sells what the venue sells by now, and says what that does to an open basket."""

from msgspec.structs import replace
from PySide6.QtCore import Qt

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import CATALOGUE, World
from till.store import settings
from vouchers.catalogue import Catalogue
from vouchers.money import Money


def now_sells(world: World, catalogue: Catalogue) -> None:
    with world.database.write() as work:
        settings.catalogue.put(work, replace(catalogue, version=catalogue.version + 1))
    world.change()


def priced(product_id: str, minor: int) -> Catalogue:
    products = [
        replace(each, price=Money(minor, "EUR")) if each.product_id == product_id else each
        for each in CATALOGUE.products
    ]
    return replace(CATALOGUE, products=products)


def without(product_id: str) -> Catalogue:
    left = [each for each in CATALOGUE.products if each.product_id != product_id]
    return replace(CATALOGUE, products=left)


def test_the_tiles_follow_at_once_in_the_category_that_is_shown(
    cashier: Cashier, world: World
) -> None:
    cashier.press_f(2)
    cashier.sees("Adult")
    now_sells(world, priced("adult", 1700))
    cashier.sees("17.00")
    cashier.tap("Adult")
    cashier.sees("Pay 17.00 EUR")


def test_the_basket_is_told_and_follows(cashier: Cashier, world: World) -> None:
    cashier.press_f(2)
    cashier.tap("Adult")
    cashier.tap("Adult")
    cashier.sees("Pay 24.00 EUR")
    now_sells(world, priced("adult", 1700))
    cashier.sees("The price of Adult is now 17.00 EUR.", "Pay 34.00 EUR")


def test_what_is_gone_leaves_the_basket_and_the_tiles(cashier: Cashier, world: World) -> None:
    cashier.press_f(2)
    cashier.tap("Adult")
    now_sells(world, without("adult"))
    cashier.sees("“Adult” is no longer sold and was taken out of the basket.")
    assert cashier.button("Adult") is None
    assert "Pay 12.00" not in cashier.reads()


def test_a_price_stands_once_money_was_taken(cashier: Cashier, world: World) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Pay 50.00 EUR")
    cashier.type("20")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Still to pay", "30.00")
    now_sells(world, priced("value-50", 6000))
    cashier.has_all_answers()
    cashier.tap("Exact: 30.00")
    cashier.sees("Paid, no change")
    cashier.tap("Voucher €50")
    cashier.sees("Pay 60.00 EUR")


def test_a_payment_begun_anew_is_at_the_price_of_now(cashier: Cashier, world: World) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Pay 50.00 EUR")
    cashier.type("20")
    cashier.press(Qt.Key.Key_Return)
    now_sells(world, priced("value-50", 6000))
    cashier.has_all_answers()
    cashier.tap("Start payment again")
    cashier.tap("Given back")
    cashier.sees("The price of Voucher €50 is now 60.00 EUR.", "60.00")
