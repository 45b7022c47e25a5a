"""Change is cash that was handed over: what a card has paid never comes out of the drawer."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.till.test_service_vouchers import FAMILY, MUG, eur, redeemed, stepped, take
from tests.till.ui.world import World
from till.counter.discounting import with_campaign
from till.counter.payable import check_settled
from till.counter.sale import Sale
from till.counter.tenders import TenderKind, check_cards, tendered
from till.counter.voucher_share import check_takes, share_of
from vouchers.campaigns import Campaign
from vouchers.errors import Refused
from vouchers.ids import new_id
from vouchers.money import Money
from vouchers.voucher import VoucherKind

MUCH_OFF = Campaign(
    campaign_id="much",
    title={"en": "Thirty off"},
    code="MUCH",
    amount_off=eur(3000),
    least_total=eur(3500),
)

BASKET = ["add", "fewer", "gone", "gift", "out", "campaign", "none"]
PAYING = ["value", "cash", "card", "much off", "anew"]
STEPS = st.lists(
    st.tuples(st.sampled_from(BASKET + PAYING), st.integers(0, 5)), min_size=5, max_size=25
)


@given(STEPS)
@settings(max_examples=200)
def test_change_never_exceeds_the_cash(steps: list[tuple[str, int]]) -> None:
    sale = Sale.new("EUR").add(FAMILY, 2).add(MUG)
    for step, number in steps:
        try:
            sale = changed(sale, step, number)
        except Refused:
            continue
        assert sale.change <= tendered(sale.tenders, "EUR", TenderKind.CASH)


def changed(sale: Sale, step: str, number: int) -> Sale:
    """The sale after one thing that somebody does to it, or pays."""
    match step:
        case "value":
            share = share_of(sale, eur(700 * number))
            check_takes(sale, share)
            one = redeemed(new_id(), VoucherKind.VALUE)
            return sale.with_voucher(replace(one, amount=share))
        case "cash":
            return sale.tender(TenderKind.CASH, eur(1000 * number))
        case "card":
            return sale.tender(TenderKind.CARD, part(sale.rest, number))
        case "much off":
            return with_campaign(sale, MUCH_OFF)
        case "anew":
            return sale.without_tenders()
        case "gone" if sale.lines:
            return sale.with_quantity(number % len(sale.lines), 0)
        case "out":
            after = stepped(sale, step, number)
            check_cards(after.tenders, after.due)  # as Redemption.remove does
            return after
        case _:
            return stepped(sale, step, number)


def part(rest: Money, number: int) -> Money:
    return rest.split(number + 1)[0]


def test_a_smaller_basket_is_refused_until_the_card_has_its_money_back() -> None:
    sale = Sale.new("EUR").add(FAMILY, 2).tender(TenderKind.CARD, eur(3000))
    for index_quantity in ((0, 0), (0, 1)):
        with pytest.raises(Refused, match="tender_card_above_due") as refused:
            sale.with_quantity(*index_quantity)
        assert refused.value.details["card"] == eur(3000)
    assert sale.add(MUG).with_quantity(1, 0) == sale
    assert sale.without_tenders().with_quantity(0, 1).rest == eur(2400)


def test_cash_comes_back_in_cash() -> None:
    sale = Sale.new("EUR").add(FAMILY, 2).tender(TenderKind.CARD, eur(2000))
    smaller = sale.tender(TenderKind.CASH).with_quantity(0, 1)
    assert smaller.change == eur(2400)


def test_a_discount_that_comes_back_with_a_line_counts_too(tmp_path: Path) -> None:
    world = World(tmp_path)
    sale = take(
        world,
        with_campaign(Sale.new("EUR").add(MUG).add(FAMILY), MUCH_OFF),
        world.issue("voucher-family"),
    )
    paid = sale.tender(TenderKind.CARD)
    assert paid.due == eur(1290)
    gift = paid.redeemed[0].entry_id
    with pytest.raises(Refused, match="tender_card_above_due"):
        world.counter.redemption.remove(paid, gift)
    with pytest.raises(Refused, match="tender_card_above_due"):
        check_settled(paid.without_voucher(gift))
    with pytest.raises(Refused, match="tender_card_above_due"):
        paid.add(FAMILY)
