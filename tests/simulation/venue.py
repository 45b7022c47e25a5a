"""A small venue: a voucher of each kind, and limits that a story can reach."""

from random import Random

from vouchers.catalogue import Catalogue, OfflineLimits, Product, ProductKind, Venue
from vouchers.money import Money

CURRENCY = "EUR"


def eur(minor: int) -> Money:
    return Money(minor, CURRENCY)


FREE_VOUCHER = Product(
    product_id="free",
    kind=ProductKind.VALUE_VOUCHER,
    category="vouchers",
    title={"en": "Voucher"},
    amount_min=eur(100),
    amount_max=eur(10_000),
    valid_years=3,
)
PLUS_VOUCHER = Product(
    product_id="plus",
    kind=ProductKind.VALUE_VOUCHER,
    category="vouchers",
    title={"en": "Pay 20, redeem 25"},
    price=eur(2_000),
    value=eur(2_500),
    valid_years=1,
)
FAMILY = Product(
    product_id="family",
    kind=ProductKind.TICKET,
    category="tickets",
    title={"en": "Family ticket"},
    price=eur(2_400),
    tax_bp=700,
)
FAMILY_TICKET = Product(
    product_id="family-voucher",
    kind=ProductKind.SERVICE_VOUCHER,
    category="vouchers",
    title={"en": "A family ticket"},
    price=eur(2_400),
    tax_bp=700,
    yields="family",
)


def catalogue(chance: Random, version: int = 1) -> Catalogue:
    """The catalogue; its offline limits differ from world to world."""
    return Catalogue(
        version=version,
        currency=CURRENCY,
        venue=Venue(
            name="Museum",
            address=["Kiel"],
            tax_number="DE 0",
            footer={},
            language="en",
            timezone="Europe/Berlin",
        ),
        categories={"vouchers": {"en": "Vouchers"}, "tickets": {"en": "Tickets"}},
        products=[FREE_VOUCHER, PLUS_VOUCHER, FAMILY, FAMILY_TICKET],
        offline_limits=OfflineLimits(
            per_voucher=eur(chance.choice((1_500, 3_000, 5_000, 10_000))),
            per_till=eur(chance.choice((5_000, 10_000, 50_000))),
            unknown_signed=eur(chance.choice((0, 1_000, 2_500))),
            cache_age_max_s=chance.choice((3_600, 14 * 24 * 3_600)),
        ),
        four_eyes_above=eur(10_000),
    )
