"""Cash that somebody may have put on the counter, and sums that nobody does."""

from vouchers.errors import Reason, Refused
from vouchers.money import Money, minor_digits

_LARGEST_NOTE = 500
"""In major units; in hundreds of them where a currency has no minor ones, as yen."""


class CashUnlikely(Refused):
    """So much cash is taken only from somebody who is sure of it. Nothing was taken."""

    def __init__(self, amount: Money, rest: Money) -> None:
        over = amount - rest
        super().__init__(Reason.TENDER, "tender_cash_unlikely", amount=amount, rest=rest, over=over)
        self.amount = amount


def is_likely(given: Money, due: Money) -> bool:
    """Whether anybody hands over `given` for `due`: at most the largest note too much, or double.

    >>> is_likely(Money(200_00, "EUR"), Money(3_20, "EUR"))
    True
    >>> is_likely(Money(40_123_455_00, "EUR"), Money(25_00, "EUR"))
    False
    """
    note: int = _LARGEST_NOTE * 10 ** max(minor_digits(due.currency), 2)
    return given.minor <= max(due.minor + note, 2 * due.minor)
