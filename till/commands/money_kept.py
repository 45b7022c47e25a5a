"""Money that pays for a command's sale is on disk before anything else happens."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from till.assembly import Till
from till.counter.sale import Sale
from vouchers.errors import OperatingError, Refused
from vouchers.people import User


@contextmanager
def money_kept(till: Till, user: User, sale: Sale) -> Iterator[Sale]:
    """Keep what was tendered until the block has completed the sale, as it is given to it.

    Whoever reads that it came to nothing gives the money back, so that is written down. While a
    card is in doubt the sale may yet complete: it stays open, and so it does when the program is
    ended.
    """
    sale = till.counter.open_sales.take(sale, user)
    try:
        yield sale
    except OperatingError:
        _give_back(till, user, sale)
        raise
    _give_back(till, user, sale)  # a card may have told of something else instead


def _give_back(till: Till, user: User, sale: Sale) -> None:
    with suppress(Refused):
        till.counter.open_sales.give_back(sale, user)
