"""Holds that are about to run out are asked for again, before anybody pays beside them."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from till.counter.redeemed import Redeemed
from till.counter.redemption import Redemption
from till.counter.sale import Sale
from vouchers.errors import Reason, Refused
from vouchers.money import total

HOLD_LEFT_MIN = timedelta(seconds=120)
"""A visitor who begins to pay is done with it by then."""


class HoldsLost(Refused):
    """What vouchers were to pay can no longer be had; `sale` is the one to go on with.

    Nothing more was taken for it than it says.
    """

    def __init__(self, sale: Sale, lost: Sequence[Redeemed]) -> None:
        super().__init__(
            Reason.INSUFFICIENT,
            "holds_lost",
            amount=total([given.amount for given in lost], sale.currency),
            last4=", …".join(given.voucher.last4 for given in lost),
            rest=sale.rest,
        )
        self.sale = sale
        self.lost = lost


class Renewed(Struct, frozen=True, kw_only=True):
    """A sale whose vouchers stay set aside for a while. `lost` is what they no longer give."""

    sale: Sale
    lost: list[Redeemed]


class Renewal:
    """Keeps what vouchers give to a sale set aside for as long as it is open."""

    def __init__(self, redemption: Redemption) -> None:
        self._redemption = redemption

    def renew(self, sale: Sale) -> Renewed:
        """The sale with every voucher held for HOLD_LEFT_MIN at least, without those that cannot
        be held any more.
        """
        lost = list[Redeemed]()
        for given in sale.redeemed:
            without = sale.without_voucher(given.entry_id)
            try:
                held = self._redemption.hold_again(given, without, HOLD_LEFT_MIN)
            except Refused:
                sale, lost = without, [*lost, given]
            else:
                sale = _exchanged(sale, given, held)
        return Renewed(sale=sale, lost=lost)

    def hold_on(self, sale: Sale) -> Sale:
        """The same, where all of them must be held. Raises HoldsLost."""
        renewed = self.renew(sale)
        if renewed.lost:
            raise HoldsLost(renewed.sale, renewed.lost)
        return renewed.sale


def _exchanged(sale: Sale, given: Redeemed, held: Redeemed) -> Sale:
    """The sale with `held` in the place of `given`."""
    redeemed = tuple(held if one is given else one for one in sale.redeemed)
    return replace(sale, redeemed=redeemed)
