"""Redeeming, with a scanner that works at any moment."""

from datetime import date

from PySide6.QtCore import Qt

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from vouchers.voucher import VoucherStatus

MISTYPED = "2345-6789-ABCD-EFGH"
"""Without Y and Z: a scanner that swaps these might have made it of another code."""


def test_a_scan_pays_part_of_the_basket_and_cash_the_rest(cashier: Cashier, world: World) -> None:
    code = world.issue("value-50")
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.scan(code.text)
    cashier.sees("Balance confirmed by the server", "Redeem 24.00 EUR", "Dec 31, 2099")
    cashier.type("12.5")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees(f"Voucher …{code.last4}", "−12.50", "37.50 left", "Pay 11.50 EUR")
    cashier.press(Qt.Key.Key_Return)
    cashier.has_all_answers()
    cashier.tap("20.00")
    cashier.sees("Change", "8.50", "12.50 redeemed from voucher …", "37.50 left.")


def test_a_scan_at_the_payment_comes_back_to_the_payment(cashier: Cashier, world: World) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.tap("Annual pass")
    cashier.tap("Pay 45.00 EUR")
    cashier.type("7")
    cashier.scan(world.issue("value-25").text)
    cashier.tap("Redeem 25.00 EUR")
    cashier.sees("Payment", "Cash 20.00 EUR")


def test_several_vouchers_pay_one_sale_in_full(cashier: Cashier, world: World) -> None:
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    for balance_minor in (10_00, 20_00):
        cashier.scan(world.issue(balance_minor=balance_minor).text)
        cashier.sees("Amount to redeem")
        cashier.press(Qt.Key.Key_Return)
        cashier.sees("pay for this sale")
    cashier.sees("−10.00", "−14.00")
    cashier.tap("Complete sale")
    cashier.sees("Paid, no change", "14.00 redeemed from voucher …", "6.00 left.")


def test_a_voucher_can_be_taken_out_again(cashier: Cashier, world: World) -> None:
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Adult")
    cashier.scan(world.issue("value-25").text)
    cashier.tap("Redeem 12.00 EUR")
    cashier.tap("Take out")
    cashier.sees("Pay 12.00 EUR")


def test_without_a_basket_an_open_amount_is_redeemed_at_once(
    cashier: Cashier, world: World
) -> None:
    cashier.scan(world.issue("value-50").text)
    cashier.sees("50.00", "Amount to redeem")
    cashier.type("12.5")
    cashier.tap("Redeem 12.50 EUR")
    cashier.sees("Paid, no change · T1-000001", "12.50 redeemed from voucher …", "37.50 left.")


def test_a_service_voucher_brings_its_product_and_pays_for_it(
    cashier: Cashier, world: World
) -> None:
    cashier.scan(world.issue("voucher-family").text)
    cashier.sees("Good for", "Family ticket voucher")
    cashier.tap("Redeem voucher")
    cashier.sees("Family ticket | from a voucher | 24.00", "−24.00")
    cashier.tap("Complete sale")
    cashier.sees("Paid, no change · T1-000001")


def test_a_service_voucher_pays_for_the_product_that_is_there(
    cashier: Cashier, world: World
) -> None:
    cashier.press(Qt.Key.Key_F2)
    for _ in range(3):
        cashier.tap("Family ticket")
    for pays in ("48.00", "24.00"):
        cashier.scan(world.issue("voucher-family").text)
        cashier.tap("Redeem voucher")
        cashier.sees(f"Pay {pays} EUR")
    cashier.tap("Take out")
    cashier.sees("2× | Family ticket", "from a voucher", "−24.00", "Pay 48.00 EUR")


def test_a_voucher_buys_no_voucher_and_the_window_says_so_at_once(
    cashier: Cashier, world: World
) -> None:
    cashier.tap("Voucher €25")
    cashier.scan(world.issue("value-50").text)
    cashier.sees("Vouchers and cards do not pay for vouchers here. They can pay 0.00")
    button = cashier.button("Redeem")
    assert button is not None
    assert not button.isEnabled()


def test_offline_a_known_voucher_is_accepted_and_it_says_so(cashier: Cashier, world: World) -> None:
    code = world.issue("value-50").text
    world.follow()
    world.go_offline()
    cashier.sees("Offline since", "Can still accept 500.00 EUR")
    cashier.scan(code)
    cashier.sees("From this till's own records: offline since")
    cashier.type("10")
    cashier.tap("Redeem 10.00 EUR")
    cashier.sees(
        "Accepted without the server (offline since", "10.00 redeemed from voucher …", "40.00 left."
    )
    cashier.sees("1 waiting", "Can still accept 490.00 EUR")


def test_mistakes_are_said_in_words(cashier: Cashier, world: World) -> None:
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.scan(MISTYPED)
    cashier.sees("Not possible", "one character is wrong. Nothing was redeemed.")
    cashier.scan("HALLO1234")
    cashier.sees("0, O, 1, I and L are not used in codes.")
    expired = world.issue(expires_on=date(2020, 12, 31))
    cashier.scan(expired.text)
    cashier.sees("This voucher was valid until Dec 31, 2020.")
    assert cashier.button("Redeem") is not None
    cashier.scan(world.issue(status=VoucherStatus.BLOCKED).text)
    cashier.sees("is blocked. Nothing was redeemed.")
    cashier.scan(world.issue(balance_minor=0).text)
    cashier.sees("it has been used up")
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees("Pay 24.00 EUR")


def test_too_little_balance_says_what_to_do(cashier: Cashier, world: World) -> None:
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.scan(world.issue(balance_minor=8_00).text)
    cashier.sees("Redeem 8.00 EUR")
    cashier.type("12.5")
    cashier.tap("Redeem 12.50 EUR")
    cashier.sees("This voucher has 8.00 left. Redeem 8.00 and pay the rest of 4.50 another way.")


def test_a_scanner_with_the_wrong_layout_is_named(cashier: Cashier, world: World) -> None:
    code = world.issue()
    while not {"Y", "Z"} & set(code.text):
        code = world.issue()
    cashier.scan(code.text.translate(str.maketrans("YZ", "ZY")))
    cashier.sees("The scanner swaps Y and Z", f"…{code.last4}")


def test_the_same_voucher_is_not_counted_twice(cashier: Cashier, world: World) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.tap("Annual pass")
    code = world.issue("value-50").text
    cashier.scan(code)
    cashier.sees("Redeem 45.00 EUR")
    cashier.type("20")
    cashier.tap("Redeem 20.00 EUR")
    cashier.sees("Pay 25.00 EUR")
    cashier.scan(code)
    cashier.tap("Redeem 25.00 EUR")
    cashier.sees("is part of this sale already")


def test_closing_the_window_gives_open_vouchers_their_amounts_back(
    cashier: Cashier, world: World
) -> None:
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.scan(world.issue("value-50").text)
    cashier.tap("Redeem 24.00 EUR")
    cashier.sees("−24.00")
    cashier.window.end()
    assert world.closed
