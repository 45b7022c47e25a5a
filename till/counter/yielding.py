"""What a service voucher pays for: one of the product that is in the basket, else one it brings."""

from uuid import UUID

from msgspec.structs import replace

from till.counter.basket import Lines, SaleLine, joined
from vouchers.catalogue import Product
from vouchers.money import Money, total


def with_yield(lines: Lines, voucher_id: UUID, product: Product) -> Lines:
    """The lines with one `product` paid for by that voucher, in a line of its own."""
    for index, line in enumerate(lines):
        if line.may_be_redeemed and line.product.product_id == product.product_id:
            rest = (replace(line, quantity=line.quantity - 1),) if line.quantity > 1 else ()
            paid = replace(line, quantity=1, redeemed_from=voucher_id, was_there=True)
            return (*lines[:index], *rest, paid, *lines[index + 1 :])
    price = product.price_for(None)
    return (*lines, SaleLine(product=product, quantity=1, unit=price, redeemed_from=voucher_id))


def without_yield(lines: Lines, voucher_id: UUID) -> Lines:
    """The lines when that voucher pays for nothing any more; what it brought goes with it."""
    kept: Lines = ()
    for line in lines:
        if line.redeemed_from != voucher_id:
            kept = joined(kept, line)
        elif line.was_there:
            kept = joined(kept, replace(line, redeemed_from=None, was_there=False))
    return kept


def yielded(lines: Lines, voucher_id: UUID, currency: str) -> Money:
    """What that voucher pays for."""
    return total([line.total for line in lines if line.redeemed_from == voucher_id], currency)
