"""What a service voucher is good for: frozen when it is sold, because it has been paid for."""

from msgspec.structs import replace

from vouchers.catalogue import Catalogue, Product, ProductKind
from vouchers.voucher import Goods, Voucher


def goods_of(sold: Product, catalogue: Catalogue) -> Goods | None:
    """What a service voucher that is sold now will yield; None for any other product."""
    product = catalogue.find(sold.yields) if sold.yields else None
    if product is None or product.price is None or product.obstacle:
        return None
    return Goods(
        title=product.title,
        price=product.price,
        kind=product.kind.value,
        tax_bp=product.tax_bp,
        valid_years=product.valid_years,
    )


def yielded_product(voucher: Voucher, catalogue: Catalogue) -> Product:
    """The product that a service voucher yields, with a price.

    As it was sold; of an older voucher, which does not say so, as the catalogue has it now, and
    where that has it no more, by what stands on the voucher.
    """
    product_id = voucher.yields or voucher.product_id
    if voucher.goods is not None:
        return _product(product_id, voucher.goods)
    known = catalogue.find(product_id)
    if known is None:
        title = {catalogue.venue.language: voucher.title}
        kind = ProductKind.GOODS.value
        return _product(product_id, Goods(title=title, price=voucher.value, kind=kind))
    return known if known.price is not None else replace(known, price=voucher.value)


def _product(product_id: str, goods: Goods) -> Product:
    return Product(
        product_id=product_id,
        kind=ProductKind(goods.kind),
        category="",
        title=dict(goods.title),
        price=goods.price,
        tax_bp=goods.tax_bp,
        valid_years=goods.valid_years,
    )
