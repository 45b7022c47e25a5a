"""Money that was taken is named before a basket is left, and many are asked about before paying."""

from tests.rim.till import RimTill


def test_clearing_over_a_card_payment_asks_first(till: RimTill) -> None:
    till.tap("Voucher €100")
    till.tap("Pay 100.00 EUR")
    till.tap("Card")
    till.type(["4", "0"])
    till.tap("Accepted: 40.00 EUR")
    till.sees("−40.00")
    till.tap("Clear")
    till.sees("40.00 were taken by card", "−40.00")
    till.tap("Given back")
    till.sees("the visitor has 40.00 EUR back", "Scan a voucher or tap a product")
    till.tap("Voucher €25")
    till.tap("Pay 25.00 EUR")
    till.tap("Cash 25.00 EUR")
    till.sees("Paid, no change")
    assert till.receipts() == 1


def test_a_sale_out_of_the_ordinary_is_asked_about_once(till: RimTill) -> None:
    till.tap("Voucher €100", times=11, pause_ms=250)
    till.tap("Pay 1,100.00 EUR")
    till.sees("1,100.00 is out of the ordinary for one sale")
    till.sees_no("Exact: 1,100.00")
    till.tap("It is meant")
    till.sees("Exact: 1,100.00")
