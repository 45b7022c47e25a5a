"""A catalogue that changes while somebody is being served: what becomes of their basket.

Until money is taken, the basket follows the venue's prices, and whoever stands at the till is
told. From then on the prices of this sale stand: the visitor has paid what was asked of them.
"""

from msgspec import Struct
from msgspec.structs import replace

from till.counter.basket import OPEN_AMOUNT, SaleLine
from till.counter.sale import Sale
from vouchers.catalogue import Catalogue, Product
from vouchers.errors import Refused
from vouchers.money import Money


class PriceChange(Struct, frozen=True, kw_only=True):
    """What has become of a product in the basket: its price now, None when it is gone."""

    product: Product
    price: Money | None


def repriced(sale: Sale, catalogue: Catalogue) -> tuple[Sale, list[PriceChange]]:
    """The sale as the catalogue has it now, and what is to be told of it.

    Once money was taken for it, or may have been, its prices stand.
    """
    if sale.has_taken_money or sale.waits_for_card is not None:
        return sale, []
    lines = [(line, _line_now(line, catalogue)) for line in sale.lines]
    changes = [
        PriceChange(product=now.product if now else line.product, price=now.unit if now else None)
        for line, now in lines
        if now is None or now.unit != line.unit
    ]
    return sale.with_lines(tuple(now for _, now in lines if now)), changes


def _line_now(line: SaleLine, catalogue: Catalogue) -> SaleLine | None:
    """The line at the price of today, None for what is no longer sold.

    What a voucher has brought was paid for when the voucher was sold.
    """
    brought = line.redeemed_from is not None and not line.was_there
    if brought or line.product.product_id == OPEN_AMOUNT.product_id:
        return line
    try:
        product = catalogue.product(line.product.product_id)
        amount = line.unit if product.price is None else None
        return replace(line, product=product, unit=product.price_for(amount))
    except Refused:
        return line if line.redeemed_from else None
