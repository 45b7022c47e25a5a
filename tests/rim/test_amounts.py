"""Amounts that cannot be meant are asked about or refused, and no mistake stays silent."""

from tests.rim.program import Program
from tests.rim.till import SCANNER_MS, RimTill, mishaps


def test_cash_that_nobody_hands_over_is_asked_about(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.tap("Pay 25.00 EUR")
    till.type("40123455")
    till.type(["Enter", "Enter"], pace_ms=100)
    till.sees("more than anybody hands over", "40,123,430.00", "Nothing was taken")
    till.type(["Enter"])
    assert till.receipts() == 0
    till.tap("Take 40,123,455.00 EUR")
    till.sees("Change", "40,123,430.00")
    assert till.receipts() == 1


def test_a_number_that_is_no_amount_says_why(rim: RimTill) -> None:
    rim.open(language="de")
    rim.tap("Gutschein 25 €")
    rim.tap("25,00 EUR bezahlen")
    rim.type("4006381333931")
    rim.sees("mehr, als stimmen kann")
    rim.type(["Enter"])
    assert rim.receipts() == 0
    assert rim.ask(mishaps) == []


def test_a_number_scanned_at_the_payment_is_no_amount(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.tap("Pay 25.00 EUR")
    till.scan("4006381333931", pace_ms=SCANNER_MS)
    till.sees("Nothing was redeemed", "Cash 25.00 EUR")


def test_what_a_handler_raises_is_told_and_stops_the_sale(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.ask(_break_the_payment)
    till.tap("Pay 25.00 EUR")
    till.sees("The till made a mistake of its own", "Scan a voucher or tap a product")
    assert len(till.ask(mishaps)) == 1
    till.ask(_forget_mishaps)


def _break_the_payment(program: Program) -> None:
    sell = program.eyes.window._workplace._sale.sell  # type: ignore[union-attr]
    sell.paying.connect(lambda: 1 / 0)


def _forget_mishaps(program: Program) -> None:
    program.mishaps.clear()
