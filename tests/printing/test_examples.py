"""The examples that layouts are looked at with."""

import pytest

from printing.documents import decode, encode, kind_of
from printing.layouts import LayoutBook
from printing.layouts.examples import EXAMPLE_CODE, example
from printing.profiles import find_profile
from tests.printing.samples import AT, VENUE
from vouchers.codes import parse_code
from vouchers.errors import Refused

KINDS = (
    *("receipt", "voucher", "ticket", "pass"),
    *("shift_report", "statement", "drawer_slip", "test_page"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_one_of_each_kind_and_it_can_be_printed(layouts: LayoutBook, kind: str) -> None:
    document = example(kind, VENUE, "EUR", AT, "")
    assert kind_of(document) == kind
    assert decode(encode(document)) == document
    assert layouts.to_bytes(document, find_profile("epson-tm-t88v"))


def test_nobody_can_redeem_the_example() -> None:
    with pytest.raises(Refused):
        parse_code(EXAMPLE_CODE)
