"""What action codes take off: to the cent, and never more than there is."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from vouchers.campaigns import Campaign, find_campaign, is_action_code, spread
from vouchers.catalogue import Product, ProductKind
from vouchers.codes import new_code
from vouchers.errors import Reason, Refused
from vouchers.money import Money, total

TODAY = date(2026, 11, 22)
TITLE = {"en": "Friends", "de": "Freunde"}
TEN_PERCENT = Campaign(campaign_id="c", title=TITLE, code="Friends 26", percent_bp=1000)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def product(
    kind: ProductKind = ProductKind.TICKET, product_id: str = "adult", category: str = "tickets"
) -> Product:
    return Product(product_id=product_id, kind=kind, category=category, title={"en": product_id})


def campaign(**changes: Any) -> Campaign:
    return replace(TEN_PERCENT, **changes)


def off(one: Campaign, *positions: tuple[Product, int]) -> list[int]:
    priced = [(sold, euros(price)) for sold, price in positions]
    return [share.minor for share in one.discounts(priced, "EUR")]


prices = st.lists(st.integers(0, 10**7), max_size=12)
baskets = st.lists(
    st.tuples(
        st.builds(
            product,
            kind=st.sampled_from(ProductKind),
            product_id=st.sampled_from(["adult", "child", "mug", "gift"]),
            category=st.sampled_from(["tickets", "shop", "vouchers"]),
        ),
        st.integers(0, 10**7).map(euros),
    ),
    max_size=12,
)
named = {
    "products": st.lists(st.sampled_from(["adult", "mug", "gift"]), max_size=2),
    "categories": st.lists(st.sampled_from(["tickets", "shop"]), max_size=2),
    "least_total": st.none() | st.integers(1, 10**6).map(euros),
}
campaigns = st.builds(
    campaign, percent_bp=st.integers(1, 10_000), amount_off=st.none(), **named
) | st.builds(campaign, percent_bp=st.just(0), amount_off=st.integers(1, 10**7).map(euros), **named)


@given(campaigns, baskets)
def test_line_discounts_are_the_discount_to_the_cent(
    one: Campaign, basket: list[tuple[Product, Money]]
) -> None:
    shares = one.discounts(basket, "EUR")
    concerned = sum(price.minor for sold, price in basket if one.is_for(sold))
    assert [share.currency for share in shares] == ["EUR"] * len(basket)
    for share, (sold, price) in zip(shares, basket, strict=True):
        assert 0 <= share.minor <= (price.minor if one.is_for(sold) else 0)
    if one.least_total is not None and concerned < one.least_total.minor:
        assert not any(shares)
    elif one.amount_off is not None:
        assert total(shares, "EUR") == euros(min(one.amount_off.minor, concerned))
    else:
        exact_bp = concerned * one.percent_bp
        assert abs(total(shares, "EUR").minor * 10_000 - exact_bp) * 2 <= 10_000


@given(
    campaigns, baskets.flatmap(lambda basket: st.tuples(st.just(basket), st.permutations(basket)))
)
def test_the_order_of_the_basket_changes_nothing_of_the_discount(
    one: Campaign, both: tuple[list[tuple[Product, Money]], list[tuple[Product, Money]]]
) -> None:
    as_bought, otherwise = both
    assert total(one.discounts(as_bought, "EUR"), "EUR") == total(
        one.discounts(otherwise, "EUR"), "EUR"
    )


@given(prices, st.data())
def test_a_share_is_its_part_of_the_whole_to_the_cent(
    parts: list[int], data: st.DataObject
) -> None:
    whole = sum(parts)
    amount = data.draw(st.integers(0, whole))
    shares = [share.minor for share in spread(euros(amount), [euros(part) for part in parts])]
    assert sum(shares) == amount
    for share, part in zip(shares, parts, strict=True):
        assert 0 <= share <= part
        assert abs(share * whole - amount * part) < max(whole, 1)


@given(campaigns, baskets)
def test_nothing_comes_off_exactly_where_the_basket_is_refused(
    one: Campaign, basket: list[tuple[Product, Money]]
) -> None:
    try:
        one.check_basket(basket, "EUR")
    except Refused as refusal:
        assert refusal.reason in (Reason.PRODUCT, Reason.AMOUNT)
        assert not any(one.discounts(basket, "EUR"))
    else:
        assert sum(price.minor for sold, price in basket if one.is_for(sold)) > 0


def test_an_amount_goes_over_the_lines_by_largest_remainder() -> None:
    five = campaign(percent_bp=0, amount_off=euros(500))
    assert off(five, (product(), 1000), (product(), 1000), (product(), 1000)) == [167, 167, 166]
    assert off(five, (product(), 300)) == [300]


def test_a_percentage_is_rounded_once_over_the_basket() -> None:
    assert off(TEN_PERCENT, (product(), 104), (product(), 104)) == [11, 10]
    assert off(TEN_PERCENT, (product(), 5)) == [1]


def test_vouchers_are_meant_only_where_they_are_named() -> None:
    gift = product(ProductKind.VALUE_VOUCHER, "value-50", "vouchers")
    assert off(TEN_PERCENT, (gift, 5000), (product(), 1000)) == [0, 100]
    assert off(campaign(products=["value-50"]), (gift, 5000), (product(), 1000)) == [500, 0]
    assert off(campaign(categories=["vouchers"]), (gift, 5000)) == [500]


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (TODAY + timedelta(days=1), None, "action_not_yet"),
        (None, TODAY - timedelta(days=1), "action_over"),
        (TODAY, TODAY, None),
        (None, None, None),
    ],
)
def test_it_runs_from_its_first_day_to_its_last(
    first: date | None, last: date | None, key: str | None
) -> None:
    one = campaign(valid_from=first, valid_until=last)
    if key is None:
        one.check_day(TODAY)
        return
    with pytest.raises(Refused, match=key) as refused:
        one.check_day(TODAY)
    assert refused.value.reason is Reason.NOT_IN_FORCE


def test_a_kind_of_discount_that_only_newer_servers_know_takes_nothing_off() -> None:
    unknown = campaign(percent_bp=0)
    assert off(unknown, (product(), 1000)) == [0]
    with pytest.raises(Refused, match="action_of_newer_server"):
        unknown.check_basket([(product(), euros(1000))], "EUR")


@pytest.mark.parametrize("typed", ["friends26", "FRIENDS26", " Friends 26 ", "fr iends\u00a026"])
def test_case_and_blanks_are_forgiven(typed: str) -> None:
    assert find_campaign([TEN_PERCENT], typed) is TEN_PERCENT


@pytest.mark.parametrize("typed", ["FRIENDS-26", "FRIENDS2", "", "FRIENDS26FRIENDS26"])
def test_nothing_else_is_guessed(typed: str) -> None:
    assert find_campaign([TEN_PERCENT], typed) is None


def test_no_voucher_code_has_the_form_of_an_action_code() -> None:
    for _ in range(200):
        code = new_code()
        assert not is_action_code(code.text) and not is_action_code(code.grouped)
