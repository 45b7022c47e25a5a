"""Prices that change, and a line that breaks, while somebody stands at the till."""

from msgspec.structs import replace

from sync.link import Fault, Unreachable
from tests.rim.program import Program
from tests.rim.till import RimTill
from tests.till.ui.world import CATALOGUE
from till.store import settings
from vouchers.money import Money


def now_costs(program: Program, product_id: str, minor: int | None) -> None:
    """The venue's new catalogue arrives; None: the product is in it no more."""
    products = [
        replace(each, price=Money(minor or 0, "EUR")) if each.product_id == product_id else each
        for each in CATALOGUE.products
        if each.product_id != product_id or minor is not None
    ]
    with program.world.database.write() as work:
        settings.catalogue.put(work, replace(CATALOGUE, version=2, products=products))
    program.world.change()


def is_sent_on(program: Program) -> None:
    program.world.server.away = True
    program.world.line.failed(
        Unreachable("HTTP 301", Fault.REDIRECT, url="http://till", location="https://till")
    )


def test_the_price_that_is_paid_is_the_one_that_was_told(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.ask(now_costs, "value-25", 2700)
    till.sees("The price of Voucher €25 is now 27.00 EUR.")
    till.rest()
    till.tap("Pay 27.00 EUR")
    till.tap("Cash 27.00 EUR")
    till.sees("Paid, no change")
    till.ask(now_costs, "value-25", None)
    till.wait(lambda: "27.00" not in till.reads(), "the tile to go")


def test_a_line_that_leads_elsewhere_is_told_and_the_till_sells_on(till: RimTill) -> None:
    till.ask(is_sent_on)
    till.sees("Offline since")
    till.tap("Voucher €50")
    till.tap("Pay 50.00 EUR")
    till.tap("Cash 50.00 EUR")
    till.sees("Paid, no change")
    assert till.receipts() == 1
