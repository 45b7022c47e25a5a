"""What keeps a venue's campaigns from being used, and what must be asked before they are."""

from collections.abc import Collection, Iterator, Sequence

from vouchers.campaigns import Campaign, is_action_code, normalised
from vouchers.catalogue import Catalogue, Product
from vouchers.faults import (
    Fault,
    Path,
    amount_faults,
    leaves,
    nearest,
    range_faults,
    text_faults,
    title_faults,
    twice,
)
from vouchers.money import Money
from vouchers.tax import BASIS_POINTS


def campaign_faults(campaigns: Sequence[Campaign], catalogue: Catalogue) -> list[Fault]:
    """All that is wrong with the campaigns of the venue that sells by `catalogue`."""
    root: Path = ("campaigns",)
    faults = [
        *twice((one.campaign_id for one in campaigns), root, "campaign_id"),
        *twice((normalised(one.code) for one in campaigns), root, "code"),
    ]
    for index, campaign in enumerate(campaigns):
        faults += _faults(campaign, (*root, index), catalogue)
    return faults


def given_away(campaign: Campaign, catalogue: Catalogue) -> list[Product]:
    """The vouchers that cost nothing with a campaign: each is money for nobody's."""
    return [one for one in catalogue.products if one.voucher_kind and _is_free(one, campaign)]


def _is_free(product: Product, campaign: Campaign) -> bool:
    """Whether a basket of one of it costs nothing."""
    price = product.price or product.amount_min
    if price is None or not campaign.is_for(product):
        return False
    basket = [(product, price)]
    return campaign.discounts(basket, price.currency) == [price]


def _faults(campaign: Campaign, path: Path, catalogue: Catalogue) -> Iterator[Fault]:
    for place, leaf in leaves(campaign, path):
        if isinstance(leaf, Money):
            yield from amount_faults(leaf, place, catalogue.currency)
            if not leaf:
                yield Fault((*place, "amount"), "is 0; an amount here is above zero")
        elif isinstance(leaf, str):
            yield from text_faults(leaf, place)
    yield from title_faults(campaign.title, (*path, "title"), catalogue.venue.language)
    yield from _code(campaign, (*path, "code"), catalogue)
    yield from _what_is_off(campaign, path)
    yield from _what_it_is_for(campaign, path, catalogue)
    if campaign.valid_from and campaign.valid_until and campaign.valid_until < campaign.valid_from:
        here, why = (*path, "valid_until"), "is before valid_from: it ends before it begins"
        yield Fault(here, why, against=(*path, "valid_from"))


def _code(campaign: Campaign, path: Path, catalogue: Catalogue) -> Iterator[Fault]:
    if not is_action_code(campaign.code):
        why = f"is {campaign.code!r}; a code has 3 to 12 letters and digits, A to Z"
        yield Fault(path, f"{why}, and so is never taken for a voucher's")
        return
    for product in catalogue.products:
        if any(normalised(campaign.code) in normalised(title) for title in product.title.values()):
            why = f"is part of a product's name ({product.product_id}), so cashiers would find that"
            yield Fault(path, why)


def _what_is_off(campaign: Campaign, path: Path) -> Iterator[Fault]:
    if bool(campaign.percent_bp) == (campaign.amount_off is not None):
        why = "must be given, or else amount_off: exactly one of percent_bp and amount_off"
        yield Fault((*path, "percent_bp"), why)
    if campaign.percent_bp:
        yield from range_faults(campaign.percent_bp, (*path, "percent_bp"), 1, BASIS_POINTS)


def _what_it_is_for(campaign: Campaign, path: Path, catalogue: Catalogue) -> Iterator[Fault]:
    products = {product.product_id for product in catalogue.products}
    choices: list[tuple[str, list[str], Collection[str]]] = [
        ("products", campaign.products, products),
        ("categories", campaign.categories, catalogue.categories),
    ]
    for field, wanted, known in choices:
        for index, name in enumerate(wanted):
            if name not in known:
                why = f"is {name!r}; the catalogue has no {name}{nearest(name, known)}"
                yield Fault((*path, field, index), why)
