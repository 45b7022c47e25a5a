"""What keeps a product from being sold, printed and redeemed."""

from collections.abc import Iterator

from vouchers.catalogue import OPEN_AMOUNT_ID, Catalogue, Product, ProductKind
from vouchers.faults import Fault, Path, nearest, range_faults, title_faults
from vouchers.tax import BASIS_POINTS
from vouchers.voucher import Medium, VoucherKind

ID_SIGNS_MAX = 40
"""The id stands in the signed QR of each voucher, which must stay small enough to scan."""

VALID_YEARS_MAX = 30
ADMITTED_BY_VOUCHER = (ProductKind.TICKET, ProductKind.GOODS)


def product_faults(product: Product, path: Path, catalogue: Catalogue) -> Iterator[Fault]:
    """All that is wrong with a product of the catalogue, which stands at `path` in it.

    Its texts and amounts by themselves are looked at with all others of the catalogue.
    """
    yield from _names(product, path, catalogue)
    yield from _price(product, path)
    yield from range_faults(product.tax_bp, (*path, "tax_bp"), 0, BASIS_POINTS)
    if product.valid_years is not None:
        yield from range_faults(product.valid_years, (*path, "valid_years"), 1, VALID_YEARS_MAX)
    yield from _without_meaning(product, path)
    if product.vouchers_pay and _has_bonus(product):
        yield Fault((*path, "vouchers_pay"), "is given, but it is worth more than it costs")
    if product.voucher_kind is VoucherKind.SERVICE:
        yield from _yields(product, path, catalogue)
    elif product.voucher_kind is VoucherKind.VALUE and product.tax_bp:
        why = "is not 0; a voucher for a sum of money is sold without VAT"
        yield Fault((*path, "tax_bp"), why)


def _names(product: Product, path: Path, catalogue: Catalogue) -> Iterator[Fault]:
    product_id, here = product.product_id, (*path, "product_id")
    if len(product_id) > ID_SIGNS_MAX:
        yield Fault(here, f"has {len(product_id)} signs; {ID_SIGNS_MAX} are the most")
    if any(sign.isspace() for sign in product_id):
        yield Fault(here, "holds a blank")
    if product_id == OPEN_AMOUNT_ID:
        yield Fault(here, f"is {OPEN_AMOUNT_ID!r}, which the tills use themselves")
    if product.category not in catalogue.categories:
        meant = nearest(product.category, catalogue.categories)
        why = f"is {product.category!r}, which is no category{meant}"
        yield Fault((*path, "category"), why, against=("categories",))
    yield from title_faults(product.title, (*path, "title"), catalogue.venue.language)


def _price(product: Product, path: Path) -> Iterator[Fault]:
    """Either a price, or an amount within bounds that the visitor chooses."""
    if product.price is None:
        yield from _free_amount(product, path)
        return
    for field in ("amount_min", "amount_max"):
        if getattr(product, field) is not None:
            why = "is given beside a price; what is paid is either fixed or free"
            yield Fault((*path, field), why, against=(*path, "price"))
    worth = "price" if product.value is None else "value"
    if product.voucher_kind and not getattr(product, worth):
        yield Fault((*path, worth, "amount"), "is 0, so the voucher would be worth nothing")


def _free_amount(product: Product, path: Path) -> Iterator[Fault]:
    least, most = product.amount_min, product.amount_max
    if product.value is not None:
        yield Fault((*path, "value"), "is given without a price; what is paid for it is free")
    if least is None or most is None:
        both = least is None and most is None
        missing = "price" if both else "amount_min" if least is None else "amount_max"
        why = "is missing: either price is given, or both amount_min and amount_max"
        yield Fault((*path, missing), why)
        return
    here, there = (*path, "amount_max", "amount"), (*path, "amount_min", "amount")
    if not least:
        yield Fault(there, "is 0; a free amount is at least one minor unit")
    if least.currency == most.currency and most.minor <= least.minor:
        yield Fault(here, "is not above that of amount_min", against=there)


def _without_meaning(product: Product, path: Path) -> Iterator[Fault]:
    """What no till would look at for a product of this kind."""
    kind, is_voucher = product.kind, product.voucher_kind is not None
    if not kind.is_known:
        return
    if product.value is not None and not is_voucher:
        yield Fault((*path, "value"), f"is given, but {kind} is no voucher")
    if product.yields is not None and kind is not ProductKind.SERVICE_VOUCHER:
        yield Fault((*path, "yields"), f"is given, but {kind} is no service voucher")
    if product.valid_years is not None and kind is ProductKind.GOODS:
        yield Fault((*path, "valid_years"), "is given, but goods are valid for ever")
    if product.vouchers_pay and kind is not ProductKind.VALUE_VOUCHER:
        yield Fault(
            (*path, "vouchers_pay"), f"is given, but {kind} is no voucher for a sum of money"
        )
    if product.medium is not Medium.RECEIPT and not is_voucher:
        yield Fault((*path, "medium"), f"is given, but {kind} is no voucher")
    if product.medium is Medium.CARD and kind is ProductKind.SERVICE_VOUCHER:
        yield Fault((*path, "medium"), "is a card, which holds money and no service voucher")


def _yields(product: Product, path: Path, catalogue: Catalogue) -> Iterator[Fault]:
    here = (*path, "yields")
    if product.yields is None:
        yield Fault(here, "is missing; a service voucher names the product it is for")
        return
    for index, wanted in enumerate(catalogue.products):
        if wanted.product_id == product.yields:
            if wanted.kind not in ADMITTED_BY_VOUCHER:
                why = f"is {product.yields!r}, which is {wanted.kind}, neither ticket nor goods"
                yield Fault(here, why, against=("products", index, "kind"))
            elif wanted.tax_bp != product.tax_bp and 0 <= product.tax_bp <= BASIS_POINTS:
                why = f"is {product.tax_bp}; the VAT of what it yields falls due when it is sold"
                yield Fault((*path, "tax_bp"), why, against=("products", index, "tax_bp"))
            return
    known = [one.product_id for one in catalogue.products if one.kind in ADMITTED_BY_VOUCHER]
    if all(one.product_id for one in catalogue.products):  # one without may be what is meant
        why = f"is {product.yields!r}, which is no product{nearest(product.yields, known)}"
        yield Fault(here, why)


def _has_bonus(product: Product) -> bool:
    price, value = product.price, product.value
    return price is not None and value is not None and price.minor < value.minor
