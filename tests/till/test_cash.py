"""More cash than anybody hands over is asked about once more, at the window and by command."""

from argparse import Namespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.till.ui.world import CATALOGUE
from till.commands.selling import tendered
from till.counter.cash import CashUnlikely, is_likely
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from vouchers.errors import Refused
from vouchers.money import Money

SALE = Sale.new("EUR").add(CATALOGUE.product("value-25"))


@given(st.integers(1, 10**8), st.sampled_from([1, 2, 5, 10, 20, 50, 100, 200, 500]))
def test_any_note_is_believed_for_any_sum(due: int, note: int) -> None:
    whole_notes = -(-due // (note * 100)) * note * 100
    assert is_likely(Money(whole_notes, "EUR"), Money(due, "EUR"))


@pytest.mark.parametrize(
    ("given_minor", "due_minor", "currency", "likely"),
    [
        (40_123_455_00, 25_00, "EUR", False),
        (1_000_00, 25_00, "EUR", False),
        (10_000, 700, "JPY", True),
        (4_006_381, 700, "JPY", False),
        (3_000_00, 1_500_00, "EUR", True),
    ],
)
def test_what_is_likely_depends_on_what_is_due(
    given_minor: int, due_minor: int, currency: str, likely: bool
) -> None:
    assert is_likely(Money(given_minor, currency), Money(due_minor, currency)) is likely


def test_a_command_says_that_it_is_sure() -> None:
    much, rubbish = ["cash:4012"], ["cash:40:surely"]
    assert tendered(SALE, Namespace(tender=much, even_so=True)).change == Money(3987_00, "EUR")
    with pytest.raises(CashUnlikely):
        tendered(SALE, Namespace(tender=much, even_so=False))
    with pytest.raises(Refused):
        tendered(SALE, Namespace(tender=rubbish, even_so=True))


def test_so_much_is_taken_only_from_somebody_who_is_sure() -> None:
    much = Money(4012_00, "EUR")
    with pytest.raises(CashUnlikely) as asked:
        SALE.tender(TenderKind.CASH, much)
    assert asked.value.amount == much
    assert SALE.tender(TenderKind.CASH, much, sure=True).change == Money(3987_00, "EUR")
