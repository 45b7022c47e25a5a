"""Files of a venue with one mistake each, made from the demo: every one is refused and named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from server.venue_files import read_venue
from server.written_files import FilesWrong, Mistake
from tests.server.written_venue import Document, Place, demo, line_of, write_venue

GONE = object()


class Spoilt(NamedTuple):
    """A mistake: what stands at a place of a file, and what the sentence about it says."""

    file: str
    place: Place
    value: Any
    says: str

    def __str__(self) -> str:
        value = "gone" if self.value is GONE else str(self.value)[:20]
        return f"{self.file}-{'.'.join(map(str, self.place))}-{value}"


def holder(document: Any, place: Place) -> Any:
    for step in place[:-1]:
        document = document[step]
    return document


def put(document: Document, place: Place, value: Any) -> None:
    inside = holder(document, place)
    if value is GONE:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value


def tables(value: Any, at: Place = ()) -> Iterator[tuple[Place, Document]]:
    """Every table of a document, but for those whose keys are names and languages."""
    if isinstance(value, dict):
        if not {"de", "tickets"} & value.keys():
            yield at, value
        steps: Any = value.items()
    else:
        steps = enumerate(value) if isinstance(value, list) else ()
    for step, inside in steps:
        yield from tables(inside, (*at, step))


def leaves(value: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, dict | list):
        for step, inside in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inside, (*at, step))
    else:
        yield at, value


ONCE = (4, 5, 11)
"""The voucher of a free amount, one for a family ticket, and a pass: others have no other keys."""

REQUIRED = {
    *(
        "version",
        "currency",
        "four_eyes_above",
        "venue",
        "offline_limits",
        "categories",
        "products",
    ),
    *("name", "address", "tax_number", "footer", "language", "timezone", "per_voucher", "per_till"),
    *("unknown_signed", "cache_age_max_s", "product_id", "kind", "category", "title", "user_id"),
    *("role", "pin", "amount", "users"),
}
MISSPELT = {"kind": "knid", "name": "nmae", "yields": "yeilds", "price": "prize", "pin": "pni"}


def concerned(place: Place) -> bool:
    return place[:1] != ("products",) or len(place) < 2 or place[1] in ONCE


def keys() -> Iterator[tuple[str, Place]]:
    for file in ("catalogue", "users"):
        for at, table in tables(demo(file)):
            yield from ((file, (*at, key)) for key in table if concerned(at))


def keys_missing() -> Iterator[Spoilt]:
    for file in ("catalogue", "users"):
        for at, table in tables(demo(file)):
            for key in table if concerned(at) else ():
                if key in REQUIRED and not isinstance(table[key], dict | list):
                    yield Spoilt(file, (*at, key), GONE, "is missing")


def texts() -> Iterator[tuple[str, Place]]:
    """Where texts stand that people read."""
    for file in ("catalogue", "users"):
        for at, leaf in leaves(demo(file)):
            is_word = at[-1] in ("pin", "kind", "role", "medium", "currency")
            if isinstance(leaf, str) and not is_word and concerned(at):
                yield file, at


def amounts() -> Iterator[tuple[Place, int]]:
    for at, leaf in leaves(demo("catalogue")):
        if at[-1] == "amount" and concerned(at):
            yield at, leaf


FAMILIES = {
    "keys that are missing": [*keys_missing()],
    "values of another type": [
        Spoilt(file, at, 1.5, "is 1.5")
        for file in ("catalogue", "users")
        for at, _ in leaves(demo(file))
        if concerned(at) and at != ("currency",)
    ],
    "texts that are empty": [
        Spoilt(file, at, " ", "")
        for file, at in texts()
        if not {"footer", "address", "language"} & set(at)
    ],
    "texts that are too long": [Spoilt(file, at, "x" * 227, "227 signs") for file, at in texts()],
    "texts that cannot be printed": [
        Spoilt(file, at, "a\nb", "cannot be printed") for file, at in texts()
    ],
    "amounts below zero": [
        Spoilt("catalogue", at, -amount, "below zero") for at, amount in amounts()
    ],
    "amounts too large": [
        Spoilt("catalogue", at, 10**10, "9999999999 are the most") for at, _ in amounts()
    ],
    "foreign amounts": [
        Spoilt("catalogue", (*at[:-1], "currency"), "CHF", "is CHF") for at, _ in amounts()
    ],
    "amounts in nothing": [
        Spoilt("catalogue", (*at[:-1], "currency"), "euro", "is 'euro'") for at, _ in amounts()
    ],
}

NUMBERS = [
    *(("tax_bp", wrong, "lies between 0 and 10000") for wrong in (-1, 10_001)),
    *(("valid_years", wrong, "lies between 1 and 30") for wrong in (-1, 0, 31, 9_999)),
]
HAND_MADE = [
    Spoilt("catalogue", ("currency",), "EUX", "no currency of ISO 4217"),
    Spoilt("catalogue", ("version",), 0, "lies between 1"),
    Spoilt("catalogue", ("venue", "timezone"), "Europe/Kiel", "no time zone"),
    Spoilt("catalogue", ("venue", "timezone"), "Europe", "no time zone"),
    Spoilt("catalogue", ("venue", "timezone"), "/etc/localtime", "no time zone"),
    Spoilt("catalogue", ("venue", "language"), "fr", "the tills speak en and de"),
    Spoilt("catalogue", ("venue", "address"), [], "says where the venue is"),
    Spoilt("catalogue", ("venue", "footer", "dee"), ["x"], "did you mean de?"),
    Spoilt("catalogue", ("venue", "footer", "en"), ["x"] * 21, "20 are the most"),
    Spoilt("catalogue", ("offline_limits", "cache_age_max_s"), -1, "lies between 0"),
    Spoilt("catalogue", ("offline_limits", "cache_age_max_s"), 10**9, "lies between 0"),
    Spoilt("catalogue", ("ordinary_quantity",), 0, "lies between 1"),
    Spoilt("catalogue", ("ordinary_total",), {"amount": 0, "currency": "EUR"}, "asked about"),
    Spoilt("catalogue", ("ordinary_total",), {"amount": 1, "currency": "CHF"}, "is CHF"),
    Spoilt("catalogue", ("shift_required",), "yes", ""),
    Spoilt("catalogue", ("categories", "shop", "dee"), "Laden", "did you mean de?"),
    *(
        Spoilt("catalogue", ("card_limit",), {"amount": wrong, "currency": "EUR"}, "lies between 1")
        for wrong in (0, 2**31)
    ),
    Spoilt("catalogue", ("paper_files",), {"layouts/x.toml": "eA=="}, "do not stand here"),
    Spoilt("catalogue", ("products",), [], "nothing to sell"),
    Spoilt("catalogue", ("products", 8, "product_id"), "adult", "for a second time (see line "),
    Spoilt("catalogue", ("products", 8, "product_id"), "an id", "holds a blank"),
    Spoilt("catalogue", ("products", 8, "product_id"), "x" * 41, "40 are the most"),
    Spoilt("catalogue", ("products", 8, "product_id"), "open-amount", "use themselves"),
    Spoilt("catalogue", ("products", 8, "category"), "ticket", "did you mean tickets?"),
    Spoilt("catalogue", ("products", 8, "kind"), "tickets", "did you mean ticket?"),
    Spoilt("catalogue", ("products", 8, "title"), {"en": "Reduced"}, "is missing in de"),
    Spoilt("catalogue", ("products", 8, "price"), GONE, "or both amount_min and amount_max"),
    Spoilt("catalogue", ("products", 8, "value"), {"amount": 1, "currency": "EUR"}, "no voucher"),
    Spoilt("catalogue", ("products", 8, "yields"), "child", "no service voucher"),
    Spoilt("catalogue", ("products", 8, "medium"), "blank", "no voucher"),
    Spoilt("catalogue", ("products", 12, "valid_years"), 1, "goods are valid for ever"),
    Spoilt("catalogue", ("products", 0, "price", "amount"), 0, "would be worth nothing"),
    Spoilt("catalogue", ("products", 3, "value", "amount"), 0, "would be worth nothing"),
    Spoilt("catalogue", ("products", 0, "tax_bp"), 1900, "sold without VAT"),
    Spoilt(
        "catalogue",
        ("products", 0, "amount_min"),
        {"amount": 1, "currency": "EUR"},
        "either fixed or free",
    ),
    Spoilt("catalogue", ("products", 0, "medium"), "crad", "did you mean card?"),
    Spoilt("catalogue", ("products", 4, "amount_min", "amount"), 0, "at least one minor unit"),
    Spoilt(
        "catalogue", ("products", 4, "amount_max", "amount"), 1_000, "not above that of amount_min"
    ),
    Spoilt("catalogue", ("products", 4, "amount_max"), GONE, "or both amount_min and amount_max"),
    Spoilt(
        "catalogue", ("products", 4, "value"), {"amount": 1, "currency": "EUR"}, "without a price"
    ),
    Spoilt("catalogue", ("products", 5, "yields"), GONE, "names the product it is for"),
    Spoilt("catalogue", ("products", 5, "yields"), "famly", "did you mean family?"),
    Spoilt("catalogue", ("products", 5, "yields"), "value-25", "neither ticket nor goods"),
    Spoilt("catalogue", ("products", 5, "yields"), "voucher-family", "neither ticket nor goods"),
    Spoilt("catalogue", ("products", 5, "medium"), "card", "holds money"),
    Spoilt("catalogue", ("products", 5, "tax_bp"), 1900, "falls due when it is sold"),
    Spoilt("catalogue", ("products", 3, "vouchers_pay"), True, "worth more than it costs"),
    *(Spoilt("catalogue", ("products", 5, key), wrong, says) for key, wrong, says in NUMBERS),
    Spoilt("users", ("users",), [], "nobody could sign in"),
    Spoilt("users", ("users", 1, "user_id"), "cashier", "somebody further up"),
    Spoilt("users", ("users", 1, "role"), "supervisior", "did you mean supervisor?"),
    *(
        Spoilt("users", ("users", 0, "pin"), wrong, "4 to 12 digits")
        for wrong in ("", "123", "12a4")
    ),
]


def test_two_supervisors_never_share_a_pin(tmp_path: Path) -> None:
    users = demo("users")
    users["users"].append({**users["users"][1], "user_id": "second", "name": "Second"})
    write_venue(tmp_path, demo("catalogue"), users)
    (mistake,) = refusal(tmp_path)
    assert mistake.what.startswith("second: pin is that of another supervisor too (see line ")


def spoilt(folder: Path, *mistakes: Spoilt) -> list[tuple[str, int, str]]:
    """Write the demo with these mistakes: the file and line of each, and what is to be said."""
    documents = {name: demo(name) for name in ("catalogue", "users")}
    for file, place, value, _says in mistakes:
        put(documents[file], place, value)
    write_venue(folder, documents["catalogue"], documents["users"])
    return [
        (f"{file}.toml", line_of(documents[file], place), says)
        for file, place, _value, says in mistakes
    ]


def refusal(folder: Path) -> list[Mistake]:
    with pytest.raises(FilesWrong) as refused:
        read_venue(folder)
    return refused.value.mistakes


@pytest.mark.parametrize("one", HAND_MADE, ids=str)
def test_a_mistake_is_named_with_its_file_and_its_line(one: Spoilt, tmp_path: Path) -> None:
    ((file, line, says),) = spoilt(tmp_path, one)
    assert any(
        says in each.what for each in refusal(tmp_path) if (each.file, each.line) == (file, line)
    )


@pytest.mark.parametrize(("file", "place"), list(keys()), ids=str)
def test_a_misspelt_key_is_the_only_mistake_and_the_right_one_is_named(
    file: str, place: Place, tmp_path: Path
) -> None:
    documents = {name: demo(name) for name in ("catalogue", "users")}
    table, key = holder(documents[file], place), str(place[-1])
    wrong = MISSPELT.get(key) or key[:2] + key[3:] + key[2]
    table[wrong] = table.pop(key)
    write_venue(tmp_path, documents["catalogue"], documents["users"])
    (mistake,) = refusal(tmp_path)
    assert f"{wrong} is no key that is known here; did you mean {key}?" in mistake.what
    assert mistake.line == line_of(documents[file], (*place[:-1], wrong))


@pytest.mark.parametrize("family", FAMILIES)
def test_all_mistakes_are_named_at_once(family: str, tmp_path: Path) -> None:
    expected = spoilt(tmp_path, *FAMILIES[family])
    found = refusal(tmp_path)
    unnamed = [
        (file, line, says)
        for file, line, says in expected
        if not any(says in one.what for one in found if (one.file, one.line) == (file, line))
    ]
    assert not unnamed
    assert len(expected) >= 8


def test_a_mistake_names_its_product_and_the_line_of_what_it_contradicts(tmp_path: Path) -> None:
    spoilt(tmp_path, Spoilt("catalogue", ("products", 8, "product_id"), "adult", ""))
    (mistake,) = refusal(tmp_path)
    first = line_of(demo("catalogue"), ("products", 7, "product_id"))
    assert mistake.what == f"adult: product_id is 'adult' for a second time (see line {first})"


def test_what_follows_from_a_mistake_is_no_mistake_of_its_own(tmp_path: Path) -> None:
    """Without a readable currency nobody can say that an amount is in a wrong one."""
    spoilt(
        tmp_path,
        Spoilt("catalogue", ("currency",), 3, ""),
        Spoilt("catalogue", ("categories",), 3, ""),
        Spoilt("catalogue", ("products", 10, "product_id"), 3, ""),
        Spoilt("catalogue", ("products", 4, "kind"), "vouchers", ""),
        Spoilt("catalogue", ("products", 8, "tax_bp"), 10_001, ""),
    )
    said = [mistake.what for mistake in refusal(tmp_path)]
    assert len(said) == 5
    assert "reduced: tax_bp is 10001; it lies between 0 and 10000" in said


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"version = 1\nversion = 2\n", "catalogue.toml, line 2: this is no TOML"),
        (b"version = 1\nname = '\xff'\n", "catalogue.toml, line 2: this is not written in UTF-8"),
        (b"version = [", "catalogue.toml, line 1: this is no TOML"),
    ],
)
def test_a_file_that_is_no_toml_is_the_only_mistake_in_it(
    written: bytes, says: str, tmp_path: Path
) -> None:
    write_venue(tmp_path, demo("catalogue"))
    (tmp_path / "catalogue.toml").write_bytes(written)
    (mistake,) = refusal(tmp_path)
    assert str(mistake).startswith(says)


def test_the_demo_has_no_mistakes_however_it_is_written(tmp_path: Path) -> None:
    write_venue(tmp_path, demo("catalogue"))
    text = (tmp_path / "catalogue.toml").read_bytes()
    (tmp_path / "catalogue.toml").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert read_venue(tmp_path).catalogue.products
