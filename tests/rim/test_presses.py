"""A press that was not meant takes no money; selling fast stays possible."""

from tests.rim.till import RimTill


def test_three_deliberate_taps_sell_a_voucher(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.tap("Pay 25.00 EUR")
    till.tap("Cash 25.00 EUR")
    till.sees("Paid, no change")
    assert till.receipts() == 1
