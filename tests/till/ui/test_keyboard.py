"""Scanners and typing: nothing is lost, and nothing lands in the wrong place."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from till.ui.widgets.scan_field import ScanField


def _typed(cashier: Cashier) -> str:
    return next(f for f in cashier.window.findChildren(ScanField) if f.isVisible()).text


def test_a_burst_is_a_scan_even_when_a_button_has_the_focus(cashier: Cashier, world: World) -> None:
    cashier.press(Qt.Key.Key_Tab)
    assert cashier.window.focusWidget() is not None
    cashier.scan(world.issue().text)
    cashier.sees("Redeem a voucher")
    assert _typed(cashier) == ""


def test_a_burst_on_an_amount_screen_leaves_the_amount_alone(
    cashier: Cashier, world: World
) -> None:
    cashier.tap("Voucher, any amount")
    cashier.type("37")
    code = world.issue()
    while not code.text[0].isdigit():
        code = world.issue()
    cashier.scan(code.text)
    cashier.sees("Redeem a voucher", f"…{code.last4}")
    cashier.press(Qt.Key.Key_Escape)


def test_a_burst_without_enter_waits_in_the_field(cashier: Cashier, world: World) -> None:
    cashier.tap("Voucher €25")
    cashier.tap("Pay 25.00 EUR")
    code = world.issue()
    cashier.send(code.text)
    cashier.sees("Cash 25.00 EUR")
    QTest.qWait(100)
    assert _typed(cashier) == code.text
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Redeem a voucher")


def test_a_scanner_may_end_with_tab(cashier: Cashier, world: World) -> None:
    cashier.scan(world.issue().text, end=Qt.Key.Key_Tab)
    cashier.sees("Redeem a voucher")


def test_fast_typing_and_enter_is_an_amount_not_a_scan(cashier: Cashier) -> None:
    cashier.tap("Voucher €25")
    cashier.tap("Pay 25.00 EUR")
    cashier.send("50")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Change", "25.00")


def test_what_is_typed_right_before_a_tap_counts(cashier: Cashier) -> None:
    cashier.tap("Voucher, any amount")
    cashier.type("3")
    cashier.send("7")
    cashier.touch("Add 3.00 EUR")
    cashier.sees("Pay 37.00 EUR")


def test_a_code_typed_by_hand_with_hyphens_is_looked_up(cashier: Cashier, world: World) -> None:
    cashier.type(world.issue().grouped.lower()[:6])
    cashier.press(Qt.Key.Key_Escape)
    assert _typed(cashier) == ""
    cashier.type(world.issue().grouped.lower())
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Redeem a voucher")


def test_a_scan_before_signing_in_says_so(window: object, world: World) -> None:
    from till.ui.window import Window

    assert isinstance(window, Window)
    somebody = Cashier(window)
    somebody.sees("Who is at the till?")
    somebody.scan(world.issue().text)
    somebody.sees("Please sign in first")
