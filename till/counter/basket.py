"""The basket: the lines of a sale, and what a campaign takes off them."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from vouchers.campaigns import Campaign
from vouchers.catalogue import OPEN_AMOUNT_ID, QUANTITY_MAX, Product, ProductKind
from vouchers.errors import Reason, Refused
from vouchers.money import Money, total
from vouchers.voucher import VoucherKind

OPEN_AMOUNT = Product(
    product_id=OPEN_AMOUNT_ID,
    kind=ProductKind.GOODS,
    category="",
    title={"en": "Amount due", "de": "Offener Betrag"},
)
"""Stands in the basket when a voucher pays for something that was rung up elsewhere."""


class SaleLine(Struct, frozen=True, kw_only=True):
    """`quantity` of a product at `unit` each; `redeemed_from` is the service voucher that pays.

    Such a line `was_there` before its voucher came, or the voucher has brought it. `discount` is
    what the sale's campaign takes off all of them together.
    """

    product: Product
    quantity: int
    unit: Money
    redeemed_from: UUID | None = None
    was_there: bool = False
    discount: Money | None = None

    @property
    def sells(self) -> VoucherKind | None:
        """The kind of voucher that it sells, if it sells any."""
        return None if self.redeemed_from else self.product.voucher_kind

    @property
    def may_be_redeemed(self) -> bool:
        """Whether a service voucher can pay for one of them."""
        return self.redeemed_from is None and self.product.voucher_kind is None

    @property
    def open_to_vouchers(self) -> bool:
        """Whether value vouchers may pay for it: a voucher must not buy more than itself."""
        if self.sells is not VoucherKind.VALUE:
            return self.redeemed_from is None
        worth = self.product.value_for(self.unit) * self.quantity
        return self.product.vouchers_pay and worth <= self.total

    @property
    def listed(self) -> Money:
        """What the line costs before any discount."""
        return self.unit * self.quantity

    @property
    def total(self) -> Money:
        """What the line costs."""
        return self.listed - self.discount if self.discount else self.listed

    @property
    def prices(self) -> list[Money]:
        """What each of them costs after the discount; they sum to `total`."""
        if not self.discount:
            return [self.unit] * self.quantity
        return [self.unit - share for share in self.discount.split(self.quantity)]


Lines = tuple[SaleLine, ...]


def joined(lines: Lines, more: SaleLine) -> Lines:
    """The lines with one more, together with that of the same product and price if there is one."""
    for index, line in enumerate(lines):
        if line.redeemed_from is more.redeemed_from is None and _same(line, more):
            both = replace(line, quantity=line.quantity + more.quantity)
            return (*lines[:index], both, *lines[index + 1 :])
    return (*lines, more)


def line_of(product: Product, quantity: int, amount: Money | None = None) -> SaleLine:
    """A line that sells `quantity` of `product`, at `amount` each where it has no price.

    Raises Refused (amount) outside its limits.
    """
    check_quantity(quantity)
    unit = amount if product is OPEN_AMOUNT and amount else product.price_for(amount)
    if unit.minor < 0 or (unit.minor == 0 and product.price is None):
        raise Refused(Reason.AMOUNT, "amount_not_positive", amount=unit)
    return SaleLine(product=product, quantity=quantity, unit=unit)


def with_quantity(lines: Lines, index: int, quantity: int) -> Lines:
    """The lines with another quantity in line `index`; 0 removes it.

    Raises Refused (basket) for a line that a voucher pays for.
    """
    line = lines[index]
    if line.redeemed_from is not None:
        raise Refused(Reason.BASKET, "line_of_voucher", product=line.product.product_id)
    kept = (replace(line, quantity=quantity),) if quantity else ()
    return (*lines[:index], *kept, *lines[index + 1 :])


def value_sold(lines: Lines, currency: str) -> Money:
    """What the lines sell that can go onto a card. Raises Refused for a service voucher."""
    sold = [line for line in lines if line.sells]
    if any(line.sells is VoucherKind.SERVICE for line in sold):
        raise Refused(Reason.PRODUCT, "card_value_only")
    return total([line.product.value_for(line.unit) * line.quantity for line in sold], currency)


def check_quantity(quantity: int) -> None:
    """Raise Refused (amount) for what nobody sells at once."""
    if quantity < 1:
        raise Refused(Reason.AMOUNT, "quantity_not_positive", quantity=quantity)
    if quantity > QUANTITY_MAX:
        raise Refused(Reason.AMOUNT, "quantity_absurd", quantity=quantity, most=QUANTITY_MAX)


def priced(lines: Sequence[SaleLine], currency: str) -> list[tuple[Product, Money]]:
    """What a campaign looks at: each line's product, and what it costs before any discount.

    Zero where no discount belongs: what a voucher pays for, what was rung up elsewhere.
    """
    nothing = Money.zero(currency)
    return [(line.product, line.listed if _has_price(line) else nothing) for line in lines]


def discounted(
    lines: Sequence[SaleLine], campaign: Campaign | None, currency: str
) -> tuple[SaleLine, ...]:
    """The lines with what `campaign` takes off, and nothing else; without one at full price."""
    if campaign is None:
        return tuple(replace(line, discount=None) for line in lines)
    off = campaign.discounts(priced(lines, currency), currency)
    pairs = zip(lines, off, strict=True)
    return tuple(replace(line, discount=share or None) for line, share in pairs)


def _same(one: SaleLine, other: SaleLine) -> bool:
    return (one.product.product_id, one.unit) == (other.product.product_id, other.unit)


def _has_price(line: SaleLine) -> bool:
    return line.redeemed_from is None and line.product.product_id != OPEN_AMOUNT.product_id
