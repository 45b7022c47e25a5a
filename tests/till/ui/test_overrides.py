"""A supervisor's word where the rules alone refuse."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from till.counter.basket import OPEN_AMOUNT
from till.counter.sale import Sale
from till.store import ledger
from vouchers.errors import Reason, Refused
from vouchers.ledger import Basis
from vouchers.money import Money
from vouchers.people import User


def approve(cashier: Cashier, amount: str) -> None:
    cashier.tap("The visitor has the receipt")
    cashier.tap(f"Approve {amount} EUR")
    cashier.sees(f"Approve {amount} EUR of voucher")
    cashier.type("1234")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("That is no supervisor's PIN.")
    cashier.type("5678")
    cashier.press(Qt.Key.Key_Return)


def booked(world: World) -> list[tuple[Basis, int, str | None]]:
    world.server.away = False
    world.report()
    return [(e.basis, e.amount.minor, e.reason) for e in world.server.ledger if e.reason]


def test_an_unknown_voucher_offline_pays_on_a_supervisors_word(
    cashier: Cashier, world: World
) -> None:
    world.go_offline()
    cashier.sees("Offline since")
    cashier.press(Qt.Key.Key_F2)
    cashier.tap("Family ticket")
    code = world.issue()
    cashier.scan(code.text)
    cashier.sees("Without the server this till cannot check")
    cashier.tap("Ask a supervisor")
    cashier.sees(f"…{code.last4}", "The voucher is taken on the supervisor's word.")
    cashier.type("12.5")
    approve(cashier, "12.50")
    cashier.sees("Approved by a supervisor: 12.50", "approved by a supervisor", "Pay 11.50 EUR")
    cashier.tap("Pay 11.50 EUR")
    cashier.has_all_answers()
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("redeemed on a supervisor's word")
    assert booked(world) == [(Basis.OVERRIDE, -12_50, "s1: The visitor has the receipt")]


def test_beyond_the_offline_limit_the_refused_amount_is_proposed(
    cashier: Cashier, world: World
) -> None:
    code = world.issue("value-100")
    world.follow()
    world.go_offline()
    cashier.press(Qt.Key.Key_F3)
    cashier.tap("Annual pass")
    cashier.tap("Annual pass")
    cashier.scan(code.text)
    cashier.tap("Redeem 90.00 EUR")
    cashier.sees("this till may accept 50.00 more from this voucher, not 90.00.")
    cashier.tap("Ask a supervisor")
    approve(cashier, "90.00")
    cashier.sees("Approved by a supervisor: 90.00", "Complete sale")


def test_an_expired_voucher_without_a_basket_completes_at_once(
    cashier: Cashier, world: World
) -> None:
    code = world.issue(expires_on=date(2020, 12, 31))
    world.follow()
    cashier.scan(code.text)
    cashier.sees("This voucher was valid until Dec 31, 2020.")
    cashier.tap("Ask a supervisor")
    cashier.type("20")
    approve(cashier, "20.00")
    cashier.sees("Paid, no change", "20.00 of voucher")
    assert booked(world) == [(Basis.OVERRIDE, -20_00, "s1: The visitor has the receipt")]


def test_a_service_voucher_is_approved_in_whole(cashier: Cashier, world: World) -> None:
    code = world.issue("voucher-family", expires_on=date(2020, 12, 31))
    world.follow()
    cashier.scan(code.text)
    cashier.tap("Ask a supervisor")
    cashier.tap("Expired only lately")
    cashier.press(Qt.Key.Key_Return)
    cashier.type("5678")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("from a voucher", "Complete sale")


def test_a_supervisor_at_the_till_gives_the_own_pin(supervisor: Cashier, world: World) -> None:
    world.go_offline()
    supervisor.scan(world.issue().text)
    supervisor.tap("Ask a supervisor")
    supervisor.type("5")
    supervisor.type("known")
    supervisor.tap("Approve 5.00 EUR")
    supervisor.type("1234")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("That is not the right PIN.")
    with world.database.read() as work:
        assert ledger.head(work, "till-1")[0] == 0


def test_nothing_is_offered_where_no_word_helps(cashier: Cashier, world: World) -> None:
    cashier.scan(world.issue(balance_minor=0).text)
    cashier.sees("it has been used up")
    assert cashier.button("Ask a supervisor") is None
    cashier.scan("HALLO1234")
    cashier.sees("are not used in codes.")
    assert cashier.button("Ask a supervisor") is None


def test_a_large_amount_needs_a_second_supervisor(cashier: Cashier, world: World) -> None:
    code = world.issue("value-100", balance_minor=150_00)
    world.follow()
    world.go_offline()
    cashier.scan(code.text)
    cashier.sees("Amount to redeem")
    cashier.type("150")
    cashier.tap("Redeem 150.00 EUR")
    cashier.tap("Ask a supervisor")
    cashier.type("150")
    approve(cashier, "150.00")
    cashier.sees("This amount needs two supervisors.", "Uli Umsicht")
    assert cashier.button("Sam Schicht") is None
    cashier.type("5678")
    cashier.tap("Agree")
    cashier.sees("That is not the right PIN.")
    with world.database.read() as work:
        assert ledger.head(work, "till-1")[0] == 0
    cashier.type("9999")
    cashier.tap("Agree")
    cashier.sees("Paid, no change", "150.00 of voucher")
    assert booked(world) == [(Basis.OVERRIDE, -150_00, "s1 & s2: The visitor has the receipt")]


def test_a_large_amount_in_slices_needs_a_second_supervisor_too(world: World) -> None:
    code = world.issue("value-100", balance_minor=150_00)
    world.follow()
    world.go_offline()
    override, checkout = world.counter.override, world.counter.checkout
    first, second = (
        next(u for u in world.counter.sign_in.users() if u.user_id == each) for each in ("s1", "s2")
    )

    def take(minor: int, agrees: User | None = None) -> Sale:
        amount = Money(minor, "EUR")
        sale = Sale.new("EUR").add(OPEN_AMOUNT, amount=amount)
        return override.add(
            sale, code.text, amount, supervisor=first, second=agrees, reason="known"
        )

    checkout.commit(take(60_00), first)
    for agrees in (None, first):
        with pytest.raises(Refused) as refused:
            take(60_00, agrees)
        assert refused.value.reason is Reason.FOUR_EYES
    checkout.commit(take(60_00, second), first)
