"""What keeps a venue's catalogue from being sold from: every rule that the tills rely on."""

from collections.abc import Iterator

from vouchers.catalogue import LANGUAGES, QUANTITY_MAX, Catalogue, Venue
from vouchers.faults import (
    Fault,
    Path,
    amount_faults,
    leaves,
    range_faults,
    text_faults,
    title_faults,
    twice,
)
from vouchers.money import Money, minor_digits
from vouchers.product_faults import product_faults

VERSION_MAX = 2**31 - 1
CACHE_AGE_MAX_S = 366 * 24 * 3600
CARD_MINOR_MAX = 2**31 - 1
"""A purse counts with 32 bits and a sign."""

LINES_MAX = 20
"""The most that a receipt has at its head or its foot."""


def catalogue_faults(catalogue: Catalogue) -> list[Fault]:
    """All that is wrong with a catalogue; one without faults can be sold from and redeemed with."""
    needed = catalogue.venue.language
    faults = [
        *_currency(catalogue.currency),
        *range_faults(catalogue.version, ("version",), 1, VERSION_MAX),
        *_texts(catalogue),
        *_amounts(catalogue),
        *_venue(catalogue.venue),
        *_limits(catalogue),
        *_ordinary(catalogue),
        *_categories(catalogue, needed),
        *twice((one.product_id for one in catalogue.products), ("products",), "product_id"),
    ]
    if not catalogue.products:
        faults.append(Fault(("products",), "is empty: there is nothing to sell"))
    for index, product in enumerate(catalogue.products):
        faults += product_faults(product, ("products", index), catalogue)
    return faults


def _currency(currency: str) -> Iterator[Fault]:
    try:
        minor_digits(currency)
    except ValueError:
        yield Fault(("currency",), f"is {currency!r}, which is no currency of ISO 4217")


def _texts(catalogue: Catalogue) -> Iterator[Fault]:
    """Every text is shown or printed somewhere; the lines of a receipt may be left blank."""
    lines = (("venue", "address"), ("venue", "footer"))
    for path, text in leaves(catalogue):
        if isinstance(text, str):
            yield from text_faults(text, path, may_be_empty=path[:2] in lines)


def _amounts(catalogue: Catalogue) -> Iterator[Fault]:
    for path, amount in leaves(catalogue):
        if isinstance(amount, Money):
            yield from amount_faults(amount, path, catalogue.currency)


def _venue(venue: Venue) -> Iterator[Fault]:
    if venue.language not in LANGUAGES:
        known = " and ".join(LANGUAGES)
        path: Path = ("venue", "language")
        yield Fault(path, f"is {venue.language!r}; the tills speak {known}")
    if not venue.has_known_zone:
        why = f"is {venue.timezone!r}, which is no time zone; one is Europe/Berlin"
        yield Fault(("venue", "timezone"), why)
    if not any(line.strip() for line in venue.address):
        yield Fault(("venue", "address"), "is empty; a receipt says where the venue is")
    yield from title_faults(venue.footer, ("venue", "footer"), needed="")
    for path, lines in [
        (("venue", "address"), venue.address),
        *((("venue", "footer", language), lines) for language, lines in venue.footer.items()),
    ]:
        if len(lines) > LINES_MAX:
            yield Fault(path, f"has {len(lines)} lines; {LINES_MAX} are the most")


def _limits(catalogue: Catalogue) -> Iterator[Fault]:
    path: Path = ("offline_limits", "cache_age_max_s")
    yield from range_faults(catalogue.offline_limits.cache_age_max_s, path, 0, CACHE_AGE_MAX_S)
    if catalogue.card_limit is not None:
        path = ("card_limit", "amount")
        yield from range_faults(catalogue.card_limit.minor, path, 1, CARD_MINOR_MAX)


def _ordinary(catalogue: Catalogue) -> Iterator[Fault]:
    yield from range_faults(catalogue.usual_quantity, ("ordinary_quantity",), 1, QUANTITY_MAX)
    if catalogue.ordinary_total is not None and not catalogue.ordinary_total:
        why = "is 0, so every sale would be asked about"
        yield Fault(("ordinary_total", "amount"), why)


def _categories(catalogue: Catalogue, needed: str) -> Iterator[Fault]:
    for category, title in catalogue.categories.items():
        path = ("categories", category)
        yield from text_faults(category, path)
        yield from title_faults(title, path, needed)
