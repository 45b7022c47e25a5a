"""Voucher accounts: for supervisors, and for cashiers with a supervisor's PIN."""

from PySide6.QtCore import Qt

from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from vouchers.voucher import VoucherStatus


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


def test_a_cashier_needs_a_supervisors_pin(cashier: Cashier, world: World) -> None:
    code = world.issue("value-50")
    cashier.tap("Accounts")
    cashier.sees("Supervisor needed")
    cashier.type("1234")
    cashier.tap("Open accounts")
    cashier.sees("That is no supervisor's PIN.")
    cashier.type("5678")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Scan a voucher, or type its last four characters")
    cashier.scan(code.text)
    cashier.sees("Entries")
    cashier.tap("Sell")
    cashier.tap("Accounts")
    cashier.sees("Supervisor needed")


def test_an_unknown_receipt_is_said_in_words(supervisor: Cashier) -> None:
    supervisor.tap("Accounts")
    supervisor.type("T9-000123")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("No voucher account was found for “T9-000123”.")


def test_a_shift_is_opened_watched_and_closed(cashier: Cashier) -> None:
    cashier.tap("Shift")
    cashier.sees("No shift is open")
    cashier.type("100")
    cashier.tap("Open with 100.00 EUR")
    cashier.sees("Cash expected", "100.00 EUR")
    cashier.tap("Sell")
    cashier.tap("Voucher €25")
    cashier.tap("Pay 25.00 EUR")
    cashier.tap("50.00")
    cashier.sees("Paid")
    cashier.tap("Shift")
    cashier.sees("Vouchers sold", "125.00 EUR")
    cashier.type("124")
    cashier.tap("Close with 124.00 EUR")
    cashier.sees("Difference in the drawer", "−1.00 EUR")


def test_a_voucher_is_blocked_and_unblocked_with_a_reason(
    supervisor: Cashier, world: World
) -> None:
    code = world.issue("value-50")
    (account,) = world.server.accounts.values()
    supervisor.tap("Accounts")
    supervisor.scan(code.text)
    supervisor.tap("Block voucher")
    supervisor.sees("Nothing can be redeemed from the voucher any more.")
    supervisor.tap("The code was copied")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("is blocked at every till that is online.", "Unblock voucher")
    voucher_id = account.voucher.voucher_id
    assert world.server.accounts[voucher_id].status is VoucherStatus.BLOCKED
    supervisor.tap("Unblock voucher")
    supervisor.tap("Checked against the receipts")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("can be redeemed again.", "Block voucher")
    assert world.server.accounts[voucher_id].status is VoucherStatus.ACTIVE


def test_offline_a_block_holds_here_and_says_that_others_do_not_know(
    supervisor: Cashier, world: World
) -> None:
    code = world.issue("value-50")
    world.follow()
    world.go_offline()
    supervisor.tap("Accounts")
    supervisor.scan(code.text)
    supervisor.tap("Block voucher")
    supervisor.tap("The visitor has lost it")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("is blocked at this till only", "other tills may still redeem it")
    supervisor.tap("Unblock voucher")
    supervisor.tap("Checked against the receipts")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("is still blocked: only the server can unblock it")
    supervisor.tap("Sell")
    supervisor.scan(code.text)
    supervisor.sees("is blocked.")
