"""Money that was taken is never left behind without a word, and outlives the window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from till.ui.window import Window
from vouchers.codes import VoucherCode
from vouchers.money import Money

CASHIER, SUPERVISOR = ("Kim Kasse", "1234"), ("Sam Schicht", "5678")


@pytest.fixture
def reopened(qtbot: QtBot, dressed: None, tmp_path: Path) -> Iterator[Callable[..., Cashier]]:
    """Opens the window over the same till again, for whoever signs in."""
    windows: list[Window] = []

    def reopen(who: tuple[str, str] = CASHIER, server: World | None = None) -> Cashier:
        world = World(tmp_path)
        if server is not None:
            world.server.accounts |= server.server.accounts
        window = Window(lambda: world, "en")
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        cashier = Cashier(window)
        cashier.sign_in(*who)
        return cashier

    yield reopen
    for window in windows:
        window.end()


def pay_part_by_card(cashier: Cashier, amount: str = "40") -> None:
    """A voucher of 100.00, of which the terminal has taken a part."""
    cashier.tap("Voucher €100")
    cashier.tap("Pay 100.00 EUR")
    cashier.tap("Card")
    cashier.type(amount)
    cashier.tap(f"Accepted: {amount}.00 EUR")
    cashier.sees(f"−{amount}.00")


def test_clearing_names_the_money_and_notes_that_it_was_given_back(
    cashier: Cashier, world: World
) -> None:
    pay_part_by_card(cashier)
    cashier.tap("Clear")
    cashier.sees("40.00 were taken by card", "cancel that on the terminal, or go on", "−40.00")
    cashier.tap("Given back")
    cashier.sees("the visitor has 40.00 EUR back", "Scan a voucher or tap a product")
    assert world.counter.open_sales.every() == []
    assert "40.00 EUR card" in audited(world, "given back")


def test_whoever_goes_on_loses_nothing(cashier: Cashier, world: World) -> None:
    pay_part_by_card(cashier)
    cashier.tap("Clear")
    cashier.sees("40.00 were taken by card")
    cashier.type("60")
    cashier.tap("Accepted: 60.00 EUR")
    cashier.sees("Paid, no change · T1-000001")
    assert world.counter.open_sales.every() == []


def test_cash_is_named_as_cash_and_both_as_both(cashier: Cashier) -> None:
    pay_part_by_card(cashier)
    cashier.tap("Cash")
    cashier.type("20")
    cashier.tap("Cash 20.00 EUR")
    cashier.sees("−20.00")
    cashier.tap("Clear")
    cashier.sees("40.00 were taken by card and 20.00 in cash")


def test_signing_out_names_the_money(cashier: Cashier) -> None:
    pay_part_by_card(cashier)
    cashier.tap("Sign out")
    cashier.sees("40.00 were taken by card", "Basket")


def test_closing_over_a_basket_asks(cashier: Cashier, world: World) -> None:
    cashier.tap("Voucher €25")
    cashier.sees("Pay 25.00 EUR")
    cashier.window.close()
    cashier.sees("The basket is not empty. Closing empties it")
    assert cashier.window.isVisible() and not world.closed
    cashier.tap("Close the till")
    assert world.closed


def test_closed_over_money_the_sale_comes_back_to_whoever_signs_in(
    cashier: Cashier, world: World, reopened: Callable[..., Cashier]
) -> None:
    pay_part_by_card(cashier)
    cashier.window.close()
    cashier.sees("40.00 were taken by card", "the sale comes back at the next start")
    cashier.tap("Close the till")
    next_one = reopened(SUPERVISOR)
    next_one.sees("A sale was interrupted", "Kim Kasse", "40.00 were taken by card", "−40.00")
    next_one.tap("Pay 60.00 EUR")
    next_one.tap("Exact: 60.00")
    next_one.sees("Paid, no change · T1-000001")


def pay_part_by_voucher(cashier: Cashier, code: VoucherCode) -> None:
    """A family ticket of 24.00: 10.00 by voucher, 4.00 in cash, and 10.00 to go."""
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.scan(code.text)
    cashier.tap("Redeem 10.00 EUR")
    cashier.tap("Pay 14.00 EUR")
    cashier.type("4")
    cashier.tap("Cash 4.00 EUR")
    cashier.sees("−4.00")


def test_what_was_taken_outlives_a_crash_with_its_vouchers(
    cashier: Cashier, world: World, reopened: Callable[..., Cashier]
) -> None:
    pay_part_by_voucher(cashier, world.issue(balance_minor=1000))
    again = reopened(server=world)  # the first window is simply gone
    again.sees("A sale was interrupted", "4.00 were taken in cash", "−10.00", "Pay 10.00 EUR")
    cashier.window._duty = None


def test_what_can_no_longer_be_held_is_told(
    cashier: Cashier, world: World, reopened: Callable[..., Cashier]
) -> None:
    code = world.issue(balance_minor=1000)
    pay_part_by_voucher(cashier, code)
    forget_holds(world)
    again = reopened(server=world)
    again.sees(f"Voucher …{code.last4} is no longer part of it", "10.00", "Pay 20.00 EUR")
    cashier.window._duty = None


def test_one_sale_after_the_other_comes_back(
    world: World, reopened: Callable[..., Cashier]
) -> None:
    for _ in range(2):
        begin_a_sale(world)
    cashier = reopened()
    cashier.sees("A sale was interrupted", "−10.00")
    cashier.tap("Clear")
    cashier.tap("Given back")
    cashier.sees("A sale was interrupted", "−10.00")
    cashier.tap("Clear")
    cashier.tap("Given back")
    cashier.sees("Scan a voucher or tap a product")


def test_a_shift_is_not_closed_over_money_on_no_receipt(cashier: Cashier) -> None:
    cashier.tap("Shift")
    cashier.sees("No shift is open")
    cashier.type("100")
    cashier.tap("Open with 100.00 EUR")
    cashier.sees("Print X report")
    cashier.tap("Sell")
    pay_part_by_card(cashier)
    cashier.tap("Shift")
    cashier.sees("Print X report")
    cashier.has_all_answers()
    cashier.type("100")
    cashier.tap("Close with 100.00 EUR")
    cashier.sees("40.00 were taken by card")


def audited(world: World, action: str) -> list[str]:
    from till.store import audit

    with world.database.read() as work:
        return [subject for subject, _ in audit.latest(work, action, 10)]


def forget_holds(world: World) -> None:
    """The server has let go of it, and the voucher was used up elsewhere."""
    with world.database.write() as work:
        work.exec_driver_sql("DELETE FROM holds")
    for voucher_id, account in world.server.accounts.items():
        world.server.accounts[voucher_id] = replace(account, balance=Money.zero("EUR"))


def begin_a_sale(world: World) -> None:
    from tests.till.ui.world import CATALOGUE, PEOPLE
    from till.counter.sale import Sale
    from till.counter.tenders import TenderKind

    sale = Sale.new("EUR").add(CATALOGUE.product("value-25"))
    world.counter.open_sales.tender(sale, TenderKind.CARD, Money(1000, "EUR"), PEOPLE[0])


def test_what_ran_out_is_told_before_money_is_taken(cashier: Cashier, world: World) -> None:
    world.server.holds_s = 60
    code = world.issue(balance_minor=1000)
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    cashier.scan(code.text)
    cashier.tap("Redeem 10.00 EUR")
    cashier.sees("Pay 14.00 EUR")
    world.server.use_up()
    cashier.tap("Pay 14.00 EUR")
    cashier.sees(f"voucher …{code.last4} could not be set aside again", "Exact: 24.00")
    assert world.counter.open_sales.every() == []
