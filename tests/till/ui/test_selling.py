"""Selling, as a cashier does it."""

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World


def test_vouchers_are_sold_by_tiles_for_cash_with_change(cashier: Cashier, world: World) -> None:
    cashier.tap("Voucher €50")
    cashier.tap("Voucher €25")
    cashier.tap("Voucher €25")
    cashier.tap("Pay 100.00 EUR")
    cashier.tap("200.00")
    cashier.sees("Change", "100.00", "Paid · T1-000001", "Scan a voucher or tap a product")
    world.report()
    assert len(world.server.accounts) == 3
