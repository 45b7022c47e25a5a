"""A till that sells and redeems as fast as it can, until somebody ends it.

Prints that money was taken for a sale, and each receipt's number once its sale is committed: what
was printed has to be there after any crash.

`python -m tests.till.crash_worker FOLDER [make|sell|fill]`
"""

import sys
from pathlib import Path

from bench.cache import CASHIER, filled_till
from till.assembly import Till, open_till
from till.counter.basket import OPEN_AMOUNT
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from vouchers.errors import OperatingError
from vouchers.money import Money

TOOK = "took "
"""Before the id of a sale for which money was taken."""


def make(folder: Path) -> None:
    till, _codes = filled_till(folder, 10)
    till.close()


def sell_and_redeem(till: Till) -> str:
    """One voucher sold, one euro of it redeemed; the second receipt's number."""
    catalogue = till.counter.catalogue()
    sale = Sale.new("EUR").add(catalogue.product("value-25"))
    sale = till.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)
    say(f"{TOOK}{sale.sale_id.hex}")
    sold = till.counter.checkout.commit(sale, CASHIER)
    say(sold.receipt.number)
    euro = Money(1, "EUR")
    redemption = till.counter.redemption
    sale = Sale.new("EUR").add(OPEN_AMOUNT, 1, euro)
    sale = redemption.add(sale, redemption.look_up(sold.vouchers[0].code.text), euro)
    return till.counter.checkout.commit(sale, CASHIER).receipt.number


def sell_for_ever(folder: Path) -> None:
    till = open_till(folder)
    while True:
        say(sell_and_redeem(till))


def sell_until_the_disk_is_full(folder: Path) -> None:
    """Goes on once the ballast beside the database is gone."""
    till = open_till(folder)
    try:
        while True:
            say(sell_and_redeem(till))
    except OperatingError as trouble:
        say(trouble.key)
    (folder.parent / "ballast").unlink()
    say(sell_and_redeem(till))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    jobs = {"make": make, "sell": sell_for_ever, "fill": sell_until_the_disk_is_full}
    jobs[sys.argv[2]](Path(sys.argv[1]))
