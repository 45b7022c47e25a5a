"""campaigns.toml, as an operator loads it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.main import main
from server.storage.database import open_engine, sqlite_url, writing
from server.storage.migrate import migrate
from server.storage.positions import newest_position
from server.storage.tables import feed
from server.venue_files import load_demo

CAMPAIGN = """
[[campaigns]]
campaign_id = "{name}"
title = {{ de = "Aktion" }}
code = "{code}"
{rest}
"""
ORGANISATION = "main"
WRONG_USAGE, REFUSED = 2, 3


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_engine(sqlite_url(tmp_path))
    migrate(engine)
    with writing(engine) as connection:
        load_demo(connection, ORGANISATION)
    yield engine
    engine.dispose()


@pytest.fixture
def load(engine: sa.Engine, tmp_path: Path) -> Callable[..., int]:
    def put(text: str, *options: str) -> int:
        file = tmp_path / "campaigns.toml"
        file.write_text(text, "utf-8")
        return main(["campaigns", "load", str(file), "--data", str(tmp_path), *options])

    return put


@pytest.fixture
def codes(
    engine: sa.Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[], list[str]]:
    def shown() -> list[str]:
        capsys.readouterr()
        assert main(["campaigns", "show", "--json", "--data", str(tmp_path)]) == 0
        return [one["code"] for one in json.loads(capsys.readouterr().out)]

    return shown


@pytest.mark.parametrize(
    ("code", "rest", "why"),
    [
        ("AB", "percent_bp = 1000", "3 to 12 letters and digits"),
        ("KÄSE", "percent_bp = 1000", "3 to 12 letters and digits"),
        ("MAY", "", "exactly one of"),
        ("MAY", "percent_bp = 10001", "between 1 and 10000"),
        (
            "MAY",
            'amount_off = { amount = 1, currency = "CHF" }',
            "is CHF, that of the catalogue EUR",
        ),
        ("MAY", 'amount_off = { amount = -1, currency = "EUR" }', "below zero"),
        ("MAY", 'percent_bp = 1\nproducts = ["mugs"]', "has no mugs"),
        ("MAY", "percent_bp = 1\nvalid_from = 2026-05-02\nvalid_until = 2026-05-01", "it ends"),
        ("POSTER", "percent_bp = 1", "part of a product's name"),
        ("MAY", 'percent_bp = "x"', "a whole number is wanted"),
        ("MAY", "percent_bp = 1\nmax_discount = 5", "max_discount is no key that is known here"),
        ("MAY", "percent_bp = 1\nredemption_cap = 5", "redemption_cap is no key"),
        ("MAY", 'percent_bp = 1\nchannels = ["shop"]', "channels is no key"),
        ("MAY", "percnt_bp = 1", "did you mean percent_bp?"),
        ("MAY", 'percent_bp = 1\nproducts = ["muug"]', "did you mean mug?"),
        ("MAY", 'percent_bp = 1\ncategories = ["shops"]', "did you mean shop?"),
        ("MAY", 'percent_bp = 1\nvalid_until = "tomorrow"', "a day such as"),
        ("MAY", 'percent_bp = 1\nleast_total = { amount = 0, currency = "EUR" }', "above zero"),
        ("77BE3ZJWVMFW3KW4", "percent_bp = 1", "never taken for a voucher's"),
    ],
)
def test_a_file_that_is_wrong_says_why_and_changes_nothing(
    load: Callable[[str], int],
    codes: Callable[[], list[str]],
    capsys: pytest.CaptureFixture[str],
    code: str,
    rest: str,
    why: str,
) -> None:
    assert load(CAMPAIGN.format(name="x", code=code, rest=rest)) == WRONG_USAGE
    assert why in capsys.readouterr().err
    assert codes() == ["FRIENDS", "RAIN5"]


def test_a_name_or_a_code_that_stands_there_twice_is_refused(
    load: Callable[[str], int], capsys: pytest.CaptureFixture[str]
) -> None:
    one = CAMPAIGN.format(name="x", code="May 26", rest="percent_bp = 1")
    assert load(one + CAMPAIGN.format(name="x", code="MAY26", rest="percent_bp = 2")) == 2
    said = capsys.readouterr().err
    assert "line 9: x: campaign_id is 'x' for a second time (see line 3)" in said
    assert "line 11: x: code is 'MAY26' for a second time (see line 5)" in said


def test_what_gives_vouchers_away_must_be_asked_for_twice(
    engine: sa.Engine,
    load: Callable[..., int],
    codes: Callable[[], list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    free = [
        'percent_bp = 10000\ncategories = ["vouchers"]',
        'amount_off = { amount = 2500, currency = "EUR" }\nproducts = ["value-25"]',
    ]
    for rest in free:
        assert load(CAMPAIGN.format(name="x", code="MAY", rest=rest)) == REFUSED
        assert "x gives value-25" in capsys.readouterr().err
    assert codes() == ["FRIENDS", "RAIN5"]
    assert load(CAMPAIGN.format(name="x", code="MAY", rest=free[0]), "--even-so") == 0
    assert codes() == ["MAY"]
    assert load(CAMPAIGN.format(name="x", code="MAY", rest=free[0])) == 0, "it is in force already"


def test_a_check_says_the_same_and_changes_nothing(
    load: Callable[..., int], codes: Callable[[], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    good = CAMPAIGN.format(name="x", code="MAY", rest="percent_bp = 1000")
    assert load(good, "--check") == 0
    assert "no faults" in capsys.readouterr().out
    assert load(good.replace("code", "cod"), "--check") == WRONG_USAGE
    assert codes() == ["FRIENDS", "RAIN5"]


def test_they_can_be_read_by_people(
    load: Callable[[str], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(CAMPAIGN.format(name="x", code="MAY", rest="percent_bp = 1250")) == 0
    assert main(["campaigns", "show", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "MAY" in said and "12.5 %" in said and "Aktion" in said


def test_only_what_changed_is_told_to_the_tills(
    engine: sa.Engine, load: Callable[[str], int], codes: Callable[[], list[str]]
) -> None:
    text = CAMPAIGN.format(name="x", code="MAY", rest="percent_bp = 1000")
    assert load(text) == 0
    with engine.connect() as connection:
        position = newest_position(connection, ORGANISATION)
        kinds = connection.scalars(sa.select(feed.c.kind).order_by(feed.c.position)).all()
    assert kinds[-1] == "campaigns"
    assert load(text) == 0
    with writing(engine) as connection:
        load_demo(connection, ORGANISATION)
        assert newest_position(connection, ORGANISATION) == position
    assert codes() == ["MAY"]


def test_without_a_venue_there_are_no_campaigns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "campaigns.toml"
    file.write_text("campaigns = []", "utf-8")
    assert main(["campaigns", "load", str(file), "--data", str(tmp_path / "new")]) == WRONG_USAGE
    assert "Load it first" in capsys.readouterr().err
