"""What a venue sells, and the figures its tills share."""

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from vouchers.errors import Reason, Refused
from vouchers.money import MINOR_MAX, Money, minor_digits
from vouchers.open_enum import OpenEnum
from vouchers.tax import BASIS_POINTS
from vouchers.voucher import Medium, ShortText, VoucherKind

YEARS_MAX = 1_000
PRODUCT_SHOWN = 40
"""So many signs of an id are repeated to whoever asked for it."""

_ENTRY_TEXTS = list[ShortText | None]

QUANTITY_MAX = 999
"""The most of one product in a sale."""

ORDINARY_QUANTITY, ORDINARY_TOTAL_MAJOR = 50, 1_000
"""What a till takes without a question where the venue says nothing: a coach, a company."""

LANGUAGES = ("en", "de")
"""What the tills speak; the first where nothing else is known."""

OPEN_AMOUNT_ID = "open-amount"
"""What tills call a sum that was rung up elsewhere; no product of a venue has this id."""


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name; UTC, which tells its own name, where this machine has none."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown, no name at all, a folder of zones
        return ZoneInfo("UTC")


class ProductKind(OpenEnum):
    """What a tile stands for."""

    VALUE_VOUCHER = "value_voucher"
    SERVICE_VOUCHER = "service_voucher"
    TICKET = "ticket"
    GOODS = "goods"


class Product(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something with a tile. `tax_bp` is the VAT rate in hundredths of a percent (1900 = 19 %).

    A product without a price is a free amount between `amount_min` and `amount_max`.
    `value` is what a voucher is worth where that differs from its price. A voucher is valid
    to the end of the year `valid_years` after its sale, and so is a ticket that has them: a pass.
    A service voucher names the product it `yields`. For a voucher of a sum of money vouchers pay
    only where `vouchers_pay` says so and it is worth no more than it costs.
    """

    product_id: str
    kind: ProductKind
    category: str
    title: dict[str, str]
    price: Money | None = None
    value: Money | None = None
    amount_min: Money | None = None
    amount_max: Money | None = None
    tax_bp: int = 0
    yields: str | None = None
    valid_years: int | None = None
    medium: Medium = Medium.RECEIPT
    vouchers_pay: bool = False

    def name(self, language: str) -> str:
        """The title in `language`, else in the first language it has, else its id."""
        return self.title.get(language) or next(iter(self.title.values()), self.product_id)

    @property
    def obstacle(self) -> str:
        """The sentence that says why this till cannot sell it; empty when it can.

        A newer server may name more kinds, an older one may have loaded what no entry can hold.
        """
        if not (self.kind.is_known and self.medium.is_known):
            return "product_of_newer_server"
        try:
            msgspec.convert([self.product_id, *self.title.values(), self.yields], _ENTRY_TEXTS)
        except msgspec.ValidationError:
            return "product_wrong"
        years, price = self.valid_years or 0, self.price.minor if self.price else 0
        fits = 0 <= years <= YEARS_MAX and 0 <= price <= MINOR_MAX
        return "" if fits and 0 <= self.tax_bp <= BASIS_POINTS else "product_wrong"

    @property
    def voucher_kind(self) -> VoucherKind | None:
        """The kind of voucher that selling this makes, None for tickets and goods."""
        return {
            ProductKind.VALUE_VOUCHER: VoucherKind.VALUE,
            ProductKind.SERVICE_VOUCHER: VoucherKind.SERVICE,
        }.get(self.kind)

    def price_for(self, amount: Money | None) -> Money:
        """What one costs; a free amount must be given and lie within its limits.

        Raises Refused (amount).
        """
        if self.price is not None:
            return self.price
        if amount is None or self.amount_min is None or self.amount_max is None:
            raise Refused(Reason.AMOUNT, "amount_missing")
        if amount < self.amount_min or self.amount_max < amount:
            raise Refused(
                Reason.AMOUNT, "amount_outside", least=self.amount_min, most=self.amount_max
            )
        return amount

    def value_for(self, price: Money) -> Money:
        """What a voucher sold at `price` is worth."""
        return self.value or price

    def expires_on(self, sold_on: date) -> date | None:
        """The last day a voucher sold on `sold_on` is good for, None when it never ends."""
        return date(sold_on.year + self.valid_years, 12, 31) if self.valid_years else None


class Venue(Struct, frozen=True, kw_only=True):
    """Who sells: what stands at the head and the foot of a receipt."""

    name: str
    address: list[str]
    tax_number: str
    footer: dict[str, list[str]]
    language: str
    timezone: str

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that its clocks show."""
        return zone_named(self.timezone)

    @property
    def has_known_zone(self) -> bool:
        """Whether this machine knows its time zone; else everything is in UTC."""
        return self.zone.key == self.timezone


class OfflineLimits(Struct, frozen=True, kw_only=True):
    """What a till may redeem by itself while the server is away.

    Per voucher and outage, per till and outage, and for vouchers it has never heard of whose
    signed QR verifies (zero switches those off). `cache_age_max_s` is how long after the last
    contact the cache may still be believed.
    """

    per_voucher: Money
    per_till: Money
    unknown_signed: Money
    cache_age_max_s: int


class Catalogue(Struct, frozen=True, kw_only=True):
    """All that the tills of a venue share, as one document with a version.

    `card_limit` is the most a purse card may hold (150.00 unless told); `bare_uid_cap` switches
    cards on that prove nothing, up to that value. `paper_files` are the venue's own layouts,
    their pictures and printer profiles, by name ("layouts/receipt-80.toml"). With
    `shift_required` nothing is sold outside a shift. More than `ordinary_quantity` of one product
    and more than `ordinary_total` in one sale are asked about (50 and 1,000.00 unless told).
    """

    version: int
    currency: str
    venue: Venue
    categories: dict[str, dict[str, str]]
    products: list[Product]
    offline_limits: OfflineLimits
    four_eyes_above: Money
    foreign_codes: bool = False
    paper_files: dict[str, bytes] = {}
    card_limit: Money | None = None
    bare_uid_cap: Money | None = None
    shift_required: bool = False
    ordinary_quantity: int | None = None
    ordinary_total: Money | None = None

    @property
    def usual_quantity(self) -> int:
        """How many of one product nobody is asked about."""
        return ORDINARY_QUANTITY if self.ordinary_quantity is None else self.ordinary_quantity

    @property
    def usual_total(self) -> Money:
        """How much one sale may come to without a question."""
        by_default = ORDINARY_TOTAL_MAJOR * 10 ** minor_digits(self.currency)
        return self.ordinary_total or Money(by_default, self.currency)

    def find(self, product_id: str) -> Product | None:
        """The product of that id, None when there is none."""
        return next((one for one in self.products if one.product_id == product_id), None)

    def product(self, product_id: str) -> Product:
        """The product of that id, which can be sold. Raises Refused (product)."""
        found = self.find(product_id)
        if found is None:
            raise Refused(Reason.PRODUCT, product=product_id)
        if found.obstacle:
            raise Refused(Reason.PRODUCT, found.obstacle, product=product_id[:PRODUCT_SHOWN])
        return found

    def title_in(self, language: str, product_id: str, title: str) -> str:
        """A title that was frozen when it was sold, in `language` where it is still called so."""
        for product in self.products:
            if product.product_id == product_id and title in product.title.values():
                return product.name(language)
        return title

    def free_voucher(self) -> Product:
        """The value voucher of a free amount. Raises Refused (product) when none is sold."""
        for product in self.products:
            free = product.kind is ProductKind.VALUE_VOUCHER and product.price is None
            if free and not product.obstacle:
                return product
        raise Refused(Reason.PRODUCT, "no_free_voucher")
