"""What vouchers and cards give to a sale."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from vouchers.ledger import Basis
from vouchers.money import Money, total
from vouchers.voucher import Voucher, VoucherKind


class Redeemed(Struct, frozen=True, kw_only=True):
    """What a voucher gives to this sale. `entry_id` is the hold's and becomes the entry's.

    `amount` is taken from the voucher, `balance` is what it has left. `held_until` is how long the
    server keeps it for this sale; None for what this till decided by itself.
    """

    entry_id: UUID
    voucher: Voucher
    amount: Money
    balance: Money
    basis: Basis
    reason: str = ""
    held_until: datetime | None = None


def is_money(given: Redeemed) -> bool:
    """Whether it pays like money: a service voucher pays for one product, whatever that costs."""
    return given.voucher.kind is not VoucherKind.SERVICE


def paid_by_money(redeemed: Iterable[Redeemed], currency: str) -> Money:
    """What value vouchers and cards pay."""
    return total([given.amount for given in redeemed if is_money(given)], currency)


def first_to_end(redeemed: Iterable[Redeemed]) -> date | None:
    """The last day of the one that ends first, None when none ends."""
    days = [given.voucher.expires_on for given in redeemed if is_money(given)]
    return min((day for day in days if day is not None), default=None)
