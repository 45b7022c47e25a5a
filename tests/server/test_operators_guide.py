"""The operators' guide names every key of the files, with the bounds that the code has."""

import re
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import fields

from server.user_files import UserInFile
from vouchers.campaigns import Campaign
from vouchers.catalogue import QUANTITY_MAX, Catalogue, OfflineLimits, Product, Venue
from vouchers.catalogue_faults import (
    CACHE_AGE_MAX_S,
    CARD_MINOR_MAX,
    LINES_MAX,
    VERSION_MAX,
)
from vouchers.faults import TEXT_SIGNS_MAX
from vouchers.money import MINOR_MAX, Money
from vouchers.people import PIN_DIGITS_MAX, PIN_DIGITS_MIN
from vouchers.product_faults import ID_SIGNS_MAX, VALID_YEARS_MAX
from vouchers.tax import BASIS_POINTS

GUIDE = (Path(__file__).parents[2] / "docs" / "operators.md").read_text("utf-8")
FORMAT = GUIDE.partition("## What the files say")[2].partition("\n## ")[0]
TABLES = {
    "**catalogue.toml**": Catalogue,
    "**[venue]**": Venue,
    "**[offline_limits]**": OfflineLimits,
    "**[[products]]**": Product,
    "**users.toml**": UserInFile,
    "**campaigns.toml**": Campaign,
}
NOT_IN_FILES = {"paper_files"}


def rows(heading: str) -> dict[str, str]:
    """What the table below a heading says of each key."""
    table = FORMAT.partition(heading)[2].partition("\n**")[0]
    named = [line.split("|")[1:4:2] for line in table.splitlines() if line.startswith("| `")]
    return {key: bounds for keys, bounds in named for key in re.findall(r"`(\w+)`", keys)}


@pytest.mark.parametrize(("heading", "kind"), TABLES.items())
def test_every_key_of_a_file_is_in_the_guide_and_no_other(heading: str, kind: type[Struct]) -> None:
    assert set(rows(heading)) == {one.encode_name for one in fields(kind)} - NOT_IN_FILES


@pytest.mark.parametrize(
    ("heading", "key", "most"),
    [
        ("**catalogue.toml**", "version", VERSION_MAX),
        ("**catalogue.toml**", "card_limit", CARD_MINOR_MAX),
        ("**catalogue.toml**", "ordinary_quantity", QUANTITY_MAX),
        ("**[venue]**", "address", LINES_MAX),
        ("**[offline_limits]**", "cache_age_max_s", CACHE_AGE_MAX_S),
        ("**[[products]]**", "product_id", ID_SIGNS_MAX),
        ("**[[products]]**", "tax_bp", BASIS_POINTS),
        ("**[[products]]**", "valid_years", VALID_YEARS_MAX),
        ("**users.toml**", "pin", PIN_DIGITS_MIN),
        ("**users.toml**", "pin", PIN_DIGITS_MAX),
        ("**campaigns.toml**", "percent_bp", BASIS_POINTS),
    ],
)
def test_a_bound_is_the_one_of_the_code(heading: str, key: str, most: int) -> None:
    assert re.search(rf"\b{most}\b", rows(heading)[key])


def test_what_is_said_of_all_texts_and_amounts_is_true() -> None:
    everywhere = FORMAT.partition("**")[0]
    assert f"at most {TEXT_SIGNS_MAX} signs" in everywhere
    assert str(MINOR_MAX) in everywhere
    assert all(f"`{one.encode_name}`" in everywhere for one in fields(Money))
