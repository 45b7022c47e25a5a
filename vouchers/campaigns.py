"""Action codes: what a code that everybody may know takes off a basket.

An action code is public, no money: it names a campaign, and the campaign's rules say what comes
off. It has at most 12 signs, a voucher's code of ours always 16 (vouchers.codes), so neither can
be taken for the other.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from vouchers.catalogue import Product
from vouchers.errors import Reason, Refused
from vouchers.money import Money, total
from vouchers.tax import BASIS_POINTS

_ACTION_CODE = re.compile(r"[A-Z0-9]{3,12}")

Positions = Sequence[tuple[Product, Money]]
"""The lines of a basket: what is bought, and what it costs before any discount."""


class Campaign(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A discount under a typed `code`: `percent_bp` hundredths of a percent, or an `amount_off`.

    It is for the named `products` and whole `categories`; with neither named, for everything but
    vouchers. It runs from `valid_from` to the end of `valid_until`, by the venue's calendar. What
    it is for must come to `least_total` before the discount. An amount comes off once per sale.
    """

    campaign_id: str
    title: dict[str, str]
    code: str
    percent_bp: int = 0
    amount_off: Money | None = None
    products: list[str] = []
    categories: list[str] = []
    valid_from: date | None = None
    valid_until: date | None = None
    least_total: Money | None = None

    def name(self, language: str) -> str:
        """The title in `language`, else in the first language it has."""
        return self.title.get(language) or next(iter(self.title.values()))

    def is_for(self, product: Product) -> bool:
        """Whether anything can come off this product."""
        if not self.products and not self.categories:
            return product.voucher_kind is None
        return product.product_id in self.products or product.category in self.categories

    def check_day(self, today: date) -> None:
        """Raise Refused (not_in_force) unless it runs on `today`."""
        if self.valid_from is not None and today < self.valid_from:
            raise Refused(
                Reason.NOT_IN_FORCE, "action_not_yet", code=self.code, day=self.valid_from
            )
        if self.valid_until is not None and self.valid_until < today:
            raise Refused(Reason.NOT_IN_FORCE, "action_over", code=self.code, day=self.valid_until)

    def check_basket(self, positions: Positions, currency: str) -> None:
        """Raise Refused (product, amount, not_allowed) when nothing comes off this basket."""
        concerned = total(self._concerned(positions, currency), currency)
        if not self.percent_bp and self.amount_off is None:
            raise Refused(Reason.NOT_ALLOWED, "action_of_newer_server", code=self.code)
        if not concerned:
            raise Refused(Reason.PRODUCT, "action_for_nothing_here", code=self.code)
        if self.least_total is not None and concerned < self.least_total:
            raise Refused(
                Reason.AMOUNT,
                "action_below_least",
                code=self.code,
                least=self.least_total,
                have=concerned,
            )

    def discounts(self, positions: Positions, currency: str) -> list[Money]:
        """What comes off each position, in their order; together exactly the discount.

        Nothing is below zero or above its position. A percentage is rounded once, over all it is
        for, half up. Nothing comes off where `check_basket` would refuse.
        """
        concerned = self._concerned(positions, currency)
        try:
            self.check_basket(positions, currency)
        except Refused:
            return [Money.zero(currency)] * len(concerned)
        return spread(self._off(total(concerned, currency)), concerned)

    def _off(self, concerned: Money) -> Money:
        if self.amount_off is not None:
            return min(self.amount_off, concerned)
        return min(concerned.share(self.percent_bp, BASIS_POINTS), concerned)

    def _concerned(self, positions: Positions, currency: str) -> list[Money]:
        nothing = Money.zero(currency)
        return [price if self.is_for(product) else nothing for product, price in positions]


def spread(amount: Money, over: Sequence[Money]) -> list[Money]:
    """Shares of `amount` in proportion to `over`, by largest remainder; they sum to it exactly.

    `amount` must not exceed the sum of `over`; so no share exceeds its part.
    """
    whole = total(list(over), amount.currency).minor
    if not whole:
        return [Money.zero(amount.currency) for _ in over]
    shares, rests = zip(*(divmod(amount.minor * part.minor, whole) for part in over), strict=True)
    left_over = amount.minor - sum(shares)
    first = sorted(range(len(over)), key=lambda index: -rests[index])[:left_over]
    return [Money(share + (index in first), amount.currency) for index, share in enumerate(shares)]


def normalised(typed: str) -> str:
    """A typed action code as codes are compared: case and blanks do not matter."""
    return "".join(typed.split()).upper()


def is_action_code(typed: str) -> bool:
    """Whether it has the form of one: 3 to 12 letters and digits."""
    return _ACTION_CODE.fullmatch(normalised(typed)) is not None


def find_campaign(campaigns: Iterable[Campaign], typed: str) -> Campaign | None:
    """The campaign of a typed code, None when there is none of it."""
    wanted = normalised(typed)
    return next((one for one in campaigns if normalised(one.code) == wanted), None)
