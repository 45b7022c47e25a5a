"""Read a venue's campaigns.toml: every campaign that is in force, and no other."""

from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct

from server.errors import NotPossible
from server.storage.venues import load_campaigns, load_catalogue, save_campaigns
from server.toml_files import read_toml
from vouchers.campaigns import Campaign, is_action_code, normalised
from vouchers.catalogue import Catalogue
from vouchers.tax import BASIS_POINTS

CAMPAIGNS_FILE = "campaigns.toml"


class CampaignsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """campaigns.toml; an empty list ends all campaigns."""

    campaigns: list[Campaign]


def load_campaign_file(connection: sa.Connection, organisation: str, file: Path) -> list[Campaign]:
    """Put the campaigns of `file` in force in place of all others; what did not change is not
    announced again.

    Raises NotPossible for a file that is missing or says something wrong.
    """
    catalogue = load_catalogue(connection, organisation)
    if catalogue is None:
        raise NotPossible("venue_not_loaded", organisation=organisation)
    campaigns = read_toml(file, CampaignsFile).campaigns
    wrong = _twice(campaigns) + [each for one in campaigns for each in _faults(one, catalogue)]
    if wrong:
        raise NotPossible("venue_file_wrong", file=str(file), why="; ".join(wrong))
    if load_campaigns(connection, organisation) != campaigns:
        save_campaigns(connection, organisation, campaigns)
    return campaigns


def _twice(campaigns: list[Campaign]) -> list[str]:
    names = Counter(one.campaign_id for one in campaigns)
    codes = Counter(normalised(one.code) for one in campaigns)
    return [f"{name} stands there twice" for name, times in (names + codes).items() if times > 1]


def _faults(one: Campaign, catalogue: Catalogue) -> list[str]:
    """What is wrong with a campaign, each as a few words that name it."""
    amounts = [amount for amount in (one.amount_off, one.least_total) if amount is not None]
    products = {product.product_id for product in catalogue.products}
    unknown = {*one.products} - products | {*one.categories} - catalogue.categories.keys()
    days = one.valid_from, one.valid_until
    wrong = {
        "a code has 3 to 12 letters and digits": not is_action_code(one.code),
        "a title is missing": not any(one.title.values()),
        "exactly one of percent_bp and amount_off must be given": (
            bool(one.percent_bp) == (one.amount_off is not None)
        ),
        f"percent_bp lies between 1 and {BASIS_POINTS}": not 0 <= one.percent_bp <= BASIS_POINTS,
        "an amount must be above zero": any(amount.minor <= 0 for amount in amounts),
        f"amounts are in {catalogue.currency} here": any(
            amount.currency != catalogue.currency for amount in amounts
        ),
        f"the catalogue has no {', '.join(sorted(unknown))}": bool(unknown),
        "it ends before it begins": None not in days and days[1] < days[0],  # type: ignore[operator]
        "its code is part of a product's name, so cashiers would find that product": any(
            normalised(one.code) in normalised(title)
            for product in catalogue.products
            for title in product.title.values()
        ),
    }
    return [f"{one.campaign_id}: {why}" for why, is_so in wrong.items() if is_so]
