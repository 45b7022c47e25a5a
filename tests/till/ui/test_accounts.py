"""Voucher accounts: for supervisors, and for cashiers with a supervisor's PIN."""

from PySide6.QtCore import Qt

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World


def test_a_supervisor_reads_an_account_by_scanning(supervisor: Cashier, world: World) -> None:
    code = world.issue("value-50", balance_minor=3750)
    supervisor.tap("Accounts")
    supervisor.scan(code.text)
    supervisor.sees("Entries", "37.50 EUR", f"…{code.last4}", "confirmed by the server")


def test_an_account_tells_who_where_and_how(supervisor: Cashier, world: World) -> None:
    supervisor.tap("Voucher €50")
    supervisor.tap("Pay 50.00 EUR")
    supervisor.tap("Exact: 50.00")
    supervisor.sees("Paid, no change · T1-000001")
    world.report()
    last4 = next(iter(world.server.accounts.values())).voucher.last4
    supervisor.tap("Accounts")
    supervisor.type(last4)
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("Sold", "+50.00", "Sam Schicht · till-1", "Confirmed by the server")
    supervisor.sees("Receipts", "1× Gutschein 50 €")
    supervisor.type("T1-000001")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("Entries", f"…{last4}")
