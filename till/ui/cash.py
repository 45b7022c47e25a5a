"""What a visitor is likely to put on the counter."""

from vouchers.money import Money, minor_digits

_STEPS = (5, 10, 20, 50, 100, 200)
"""In major units: the notes of most currencies come in these steps."""

SUGGESTIONS_MAX = 3


def likely_cash(due: Money) -> list[Money]:
    """The next round sums above `due`, smallest first; the exact sum is not among them."""
    unit = 10 ** minor_digits(due.currency)
    rounded = {-(-due.minor // (step * unit)) * step * unit for step in _STEPS}
    above = sorted(minor for minor in rounded if minor > due.minor)
    return [Money(minor, due.currency) for minor in above[:SUGGESTIONS_MAX]]
