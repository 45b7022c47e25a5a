"""A voucher buys no more than itself."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.till.test_service_vouchers import eur, redeemed
from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.counter.checkout import Committed
from till.counter.payable import check_settled
from till.counter.redemption import Found
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.counter.voucher_share import check_takes, share_of
from vouchers.catalogue import Product
from vouchers.codes import VoucherCode
from vouchers.errors import Refused
from vouchers.ids import new_id
from vouchers.money import total
from vouchers.voucher import VoucherKind

BONUS, PLAIN = CATALOGUE.product("value-50-60"), CATALOGUE.product("value-50")
ALLOWED = replace(PLAIN, vouchers_pay=True)
MUG = CATALOGUE.product("mug")
SOON = date(2027, 3, 1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def found(world: World, code: VoucherCode) -> Found:
    return world.counter.redemption.look_up(code.text)


def bought(world: World, product: Product, expires_on: date | None) -> Committed:
    sale = Sale.new("EUR").add(product)
    code = world.issue("value-50", expires_on=expires_on)
    sale = world.counter.redemption.add(sale, found(world, code))
    return world.counter.checkout.commit(sale, PEOPLE[0])


@pytest.mark.parametrize("product", [BONUS, PLAIN, replace(BONUS, vouchers_pay=True)])
def test_a_voucher_does_not_pay_for_a_voucher(world: World, product: Product) -> None:
    with pytest.raises(Refused, match="tender_voucher_for_voucher"):
        bought(world, product, SOON)


def test_where_the_venue_allows_it_the_old_expiry_stays(world: World) -> None:
    (new,) = bought(world, ALLOWED, SOON).vouchers
    assert (new.voucher.expires_on, new.voucher.value) == (SOON, eur(5000))
    (new,) = bought(world, ALLOWED, date(2099, 12, 31)).vouchers
    assert new.voucher.expires_on is not None
    assert new.voucher.expires_on < date(2099, 12, 31)
    (new,) = bought(world, replace(ALLOWED, valid_years=None), SOON).vouchers
    assert new.voucher.expires_on == SOON


def test_a_discounted_voucher_is_one_with_a_bonus() -> None:
    line = Sale.new("EUR").add(ALLOWED).lines[0]
    assert line.open_to_vouchers
    assert not replace(line, discount=eur(1)).open_to_vouchers


def test_a_voucher_pays_for_the_rest_of_the_basket_only(world: World) -> None:
    sale = Sale.new("EUR").add(PLAIN).add(MUG)
    sale = world.counter.redemption.add(sale, found(world, world.issue("value-50")))
    assert (sale.redeemed[0].amount, sale.open_to_vouchers) == (eur(1290), eur(0))
    sale = sale.tender(TenderKind.CASH)
    (new,) = world.counter.checkout.commit(sale, PEOPLE[0]).vouchers
    assert new.voucher.expires_on is not None


def test_what_was_paid_for_cannot_become_a_voucher_afterwards(world: World) -> None:
    sale = Sale.new("EUR").add(MUG)
    sale = world.counter.redemption.add(sale, found(world, world.issue("value-50")))
    swapped = sale.add(PLAIN).with_quantity(0, 0)
    for after in (swapped, sale.add(BONUS).with_quantity(0, 0)):
        with pytest.raises(Refused, match="tender_voucher_for_voucher"):
            after.tender(TenderKind.CARD)


def test_a_service_voucher_that_a_voucher_buys_does_not_outlive_it(world: World) -> None:
    (new,) = bought(world, CATALOGUE.product("voucher-family"), SOON).vouchers
    assert new.voucher.expires_on == SOON


amounts = st.integers(1, 9_000).map(eur)


@given(st.lists(st.sampled_from([BONUS, PLAIN, ALLOWED, MUG]), max_size=6), st.lists(amounts))
def test_vouchers_never_pay_for_more_than_is_open_to_them(
    products: list[Product], balances: list[object]
) -> None:
    sale = Sale.new("EUR")
    for product in products:
        sale = sale.add(product)
    for balance in balances:
        try:
            share = share_of(sale, balance)  # type: ignore[arg-type]
            check_takes(sale, share)
        except Refused:
            continue
        one = redeemed(new_id(), VoucherKind.VALUE)
        sale = sale.with_voucher(replace(one, amount=share))
        sale.check_vouchers()
    payable = [line.total for line in sale.lines if line.product in (ALLOWED, MUG)]
    paid = total([one.amount for one in sale.redeemed], "EUR")
    assert paid <= total(payable, "EUR")
    if sale.rest:
        sale = sale.tender(TenderKind.CASH)
    if not sale.empty:
        check_settled(sale)
