"""Which voucher pays how much of a basket."""

from collections.abc import Sequence

from vouchers.money import Money


def allocate(due: Money, balances: Sequence[Money]) -> list[Money]:
    """How much of `due` each balance pays, in the order given, until nothing is due.

    No share is negative or above its balance, and together they never exceed `due`.
    """
    shares = []
    for balance in balances:
        share = min(balance, due) if balance.minor > 0 else Money.zero(due.currency)
        shares.append(share)
        due = due - share
    return shares
