"""Money is exact, keeps its currency, and is read as people type it."""

import ast
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vouchers.errors import Reason, Refused
from vouchers.money import MINOR_MAX, Money, minor_digits, total

minors = st.integers(-(10**12), 10**12)
REPOSITORY = Path(__file__).parents[2]
MONEY_FOLDERS = ("vouchers", "till/counter", "till/store", "sync", "server/ledger")


@given(minors, st.integers(1, 50))
def test_shares_sum_to_the_whole_and_differ_by_one_at_most(minor: int, parts: int) -> None:
    shares = Money(minor, "EUR").split(parts)
    assert total(shares, "EUR") == Money(minor, "EUR")
    assert max(s.minor for s in shares) - min(s.minor for s in shares) <= 1


@given(st.integers(0, MINOR_MAX))
def test_what_is_shown_reads_back(minor: int) -> None:
    money = Money(minor, "EUR")
    assert Money.parse(str(money.decimal), "EUR") == money
    assert Money.parse(str(money.decimal).replace(".", ","), "EUR") == money


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [("12.50", "EUR", 1250), ("12,5", "EUR", 1250), (" 7 ", "EUR", 700), ("500", "JPY", 500),
     ("1.234", "KWD", 1234), ("0", "EUR", 0)],
)  # fmt: skip
def test_amounts_as_people_type_them(typed: str, currency: str, minor: int) -> None:
    assert Money.parse(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-5",
        "+5",
        "1.234,50",
        "12.505",
        "1.000",
        "1.500",
        "1,000",
        "12.50000",
        "1e3",
        "NaN",
        "inf",
        "٣",
        "12 50",
        "0x10",
        "9" * 13,
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        Money.parse(typed, "EUR")
    assert refused.value.reason is Reason.AMOUNT


@given(st.integers(0, 10**9), st.text("0123456789", max_size=4), st.sampled_from(".,"))
def test_an_amount_has_no_more_decimals_than_its_currency(
    whole: int, decimals: str, mark: str
) -> None:
    for currency in ("JPY", "EUR", "KWD"):
        typed = f"{whole}{mark}{decimals}"
        allowed = 0 < len(decimals) <= minor_digits(currency)
        try:
            read = Money.parse(typed, currency)
        except Refused as refused:
            assert refused.reason is Reason.AMOUNT
            assert not allowed or refused.key == "amount_absurd"
        else:
            assert allowed
            assert read.decimal == Decimal(f"{whole}.{decimals}")


@given(st.text(max_size=30))
def test_whatever_is_typed_is_an_amount_or_refused(typed: str) -> None:
    try:
        assert 0 <= Money.parse(typed, "EUR").minor <= MINOR_MAX
    except Refused as refused:
        assert refused.reason is Reason.AMOUNT


def test_currencies_never_mix() -> None:
    with pytest.raises(Refused) as refused:
        Money(1, "EUR") + Money(1, "CHF")
    assert refused.value.reason is Reason.CURRENCY
    with pytest.raises(Refused):
        assert Money(1, "EUR") < Money(2, "CHF")


def test_an_unknown_currency_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="XQQ"):
        minor_digits("XQQ")


def test_on_the_wire_an_amount_is_whole() -> None:
    assert msgspec.json.encode(Money(1250, "EUR")) == b'{"amount":1250,"currency":"EUR"}'
    for amount, currency in [("12.5", "EUR"), ('"1"', "EUR"), ("1", "euro"), (2**53 + 1, "EUR")]:
        body = f'{{"amount":{amount},"currency":"{currency}"}}'
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(body, type=Money)


@pytest.mark.parametrize(
    "file",
    [file for folder in MONEY_FOLDERS for file in sorted((REPOSITORY / folder).rglob("*.py"))],
    ids=lambda file: str(file.relative_to(REPOSITORY)),
)
def test_no_float_comes_near_an_amount(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    called = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "float"
    ]
    divided = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and "minor" in ast.unparse(node)
    ]
    assert not called
    assert not divided
