"""A service voucher pays for its product: the line that is there, else one it brings."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from printing.documents import Receipt
from printing.layouts import receipt_parts
from printing.layouts.wording import Wording
from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.counter.basket import SaleLine
from till.counter.discounting import with_campaign, without_campaign
from till.counter.payable import check_settled
from till.counter.redeemed import Redeemed
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.counter.voucher_share import yielding
from till.store import settings
from vouchers.campaigns import Campaign
from vouchers.codes import VoucherCode
from vouchers.errors import Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis
from vouchers.money import Money, total
from vouchers.voucher import Voucher, VoucherKind

FAMILY, MUG = CATALOGUE.product("family"), CATALOGUE.product("mug")
TEN_OFF = Campaign(campaign_id="ten", title={"en": "Ten off"}, code="TEN", percent_bp=1000)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def take(world: World, sale: Sale, code: VoucherCode) -> Sale:
    return world.counter.redemption.add(sale, world.counter.redemption.look_up(code.text))


def paid(world: World, sale: Sale) -> Receipt:
    if sale.rest:
        sale = sale.tender(TenderKind.CARD)
    return world.counter.checkout.commit(sale, PEOPLE[0]).receipt


def check_sums(receipt: Receipt) -> None:
    """Every column adds up by eye, and no VAT is due a second time."""
    assert total([line.total for line in receipt.lines], "EUR") == receipt.total
    given = [one.amount for one in receipt.redeemed] + [one.amount for one in receipt.tenders]
    assert total(given, "EUR") - receipt.change == receipt.total


def test_it_pays_for_the_line_that_is_there(world: World) -> None:
    receipt = paid(world, take(world, Sale.new("EUR").add(FAMILY), world.issue("voucher-family")))
    check_sums(receipt)
    assert [(line.quantity, line.total) for line in receipt.lines] == [(1, eur(2400))]
    assert [one.amount for one in receipt.redeemed] == [eur(2400)]
    assert (receipt.tenders, receipt.taxes) == ([], [])


def test_without_one_it_brings_the_line(world: World) -> None:
    receipt = paid(world, take(world, Sale.new("EUR").add(MUG), world.issue("voucher-family")))
    check_sums(receipt)
    assert [line.total for line in receipt.lines] == [eur(1290), eur(2400)]
    assert [(tax.rate_bp, tax.gross) for tax in receipt.taxes] == [(1900, eur(1290))]
    assert [tender.amount for tender in receipt.tenders] == [eur(1290)]


def test_of_three_it_pays_for_one_and_two_pay_for_two(world: World) -> None:
    sale = Sale.new("EUR").add(FAMILY, 3)
    for left in (4800, 2400):
        sale = take(world, sale, world.issue("voucher-family"))
        assert sale.due == eur(left)
    assert [line.quantity for line in sale.lines] == [1, 1, 1]
    receipt = paid(world, sale)
    check_sums(receipt)
    assert [tax.gross for tax in receipt.taxes] == [eur(2400)]


def test_taken_out_again_the_basket_is_as_it_was(world: World) -> None:
    before = Sale.new("EUR").add(FAMILY, 3).add(MUG)
    after = take(world, take(world, before, world.issue("voucher-family")), world.issue())
    for one in after.redeemed:
        after = world.counter.redemption.remove(after, one.entry_id)
    assert after == before
    brought = take(world, Sale.new("EUR").add(MUG), world.issue("voucher-family"))
    assert world.counter.redemption.remove(brought, brought.redeemed[0].entry_id).lines == (
        SaleLine(product=MUG, quantity=1, unit=eur(1290)),
    )


def test_a_line_that_a_voucher_pays_for_goes_only_with_it(world: World) -> None:
    sale = take(world, Sale.new("EUR").add(FAMILY), world.issue("voucher-family"))
    with pytest.raises(Refused, match="line_of_voucher"):
        sale.with_quantity(0, 0)


def test_what_it_pays_for_is_not_discounted_and_the_rest_is(world: World) -> None:
    sale = with_campaign(Sale.new("EUR").add(FAMILY, 2), TEN_OFF)
    sale = take(world, sale, world.issue("voucher-family"))
    assert (sale.discount, sale.due) == (eur(240), eur(2160))
    receipt = paid(world, sale)
    check_sums(receipt)
    assert [tax.gross for tax in receipt.taxes] == [eur(2160)]
    single = take(
        world, with_campaign(Sale.new("EUR").add(FAMILY), TEN_OFF), world.issue("voucher-family")
    )
    assert single.due == eur(0)


def test_what_others_have_paid_it_does_not_pay_again(world: World) -> None:
    sale = take(world, Sale.new("EUR").add(FAMILY), world.issue("value-25"))
    with pytest.raises(Refused, match="tender_voucher_too_much"):
        take(world, sale, world.issue("voucher-family"))
    tendered = Sale.new("EUR").add(FAMILY).tender(TenderKind.CARD, eur(1000))
    with pytest.raises(Refused, match="tender_voucher_too_much"):
        take(world, tendered, world.issue("voucher-family"))


def test_on_paper_the_product_has_its_price_and_the_voucher_takes_it_off(world: World) -> None:
    receipt = paid(world, take(world, Sale.new("EUR"), world.issue("voucher-family")))
    words = Wording("de")
    said = repr([*receipt_parts.lines(receipt, words), *receipt_parts.tenders(receipt, words)])
    shown = ["Familienkarte", "24,00", "Family ticket voucher", "-24,00", "MwSt. schon im"]
    places = [said.index(each) for each in shown]
    assert places == sorted(places)
    assert "0,00'" not in said.replace("24,00", "")


def test_the_shift_adds_up_and_no_vat_is_counted_twice(world: World) -> None:
    world.counter.shifts.open(PEOPLE[1], eur(0))
    paid(world, Sale.new("EUR").add(CATALOGUE.product("voucher-family")))
    paid(world, take(world, Sale.new("EUR").add(FAMILY, 2), world.issue("voucher-family")))
    figures = world.counter.shifts.figures()
    assert figures is not None
    taken = total(list(figures.tenders.values()), "EUR")
    assert figures.sales - figures.vouchers_redeemed == taken == eur(4800)
    assert [tax.gross for tax in figures.taxes] == [eur(4800)]


def test_sold_at_another_price_it_still_pays_for_the_product(world: World) -> None:
    code = world.issue("voucher-family")
    dearer = replace(FAMILY, price=eur(3000))
    receipt = paid(world, take(world, Sale.new("EUR").add(dearer), code))
    check_sums(receipt)
    assert (receipt.total, receipt.redeemed[0].amount) == (eur(3000), eur(3000))


def test_offline_and_on_a_supervisors_word_it_pays_for_the_line_too(world: World) -> None:
    code, large = world.issue("voucher-family"), world.issue("voucher-annual-pass")
    world.follow()
    world.go_offline()
    sale = take(world, Sale.new("EUR").add(FAMILY), code)
    assert (sale.due, sale.redeemed[0].basis) == (eur(0), Basis.OFFLINE)
    with world.database.write() as work:
        limits = replace(CATALOGUE.offline_limits, per_voucher=eur(1000))
        settings.catalogue.put(work, replace(CATALOGUE, offline_limits=limits))
    annual = Sale.new("EUR").add(CATALOGUE.product("annual-pass"))
    sale = world.counter.override.add(
        annual, large.text, None, supervisor=PEOPLE[1], reason="known"
    )
    assert (sale.due, len(sale.lines)) == (eur(0), 1)


def test_a_sale_that_an_older_till_kept_is_read_as_it_was_meant() -> None:
    family = Sale.new("EUR").add(FAMILY).lines[0]
    voucher_id = new_id()
    line = replace(family, unit=eur(0), redeemed_from=voucher_id)
    old = replace(Sale.new("EUR"), lines=(line,), redeemed=(redeemed(voucher_id),))
    read = msgspec.json.decode(msgspec.json.encode(old), type=Sale)
    assert read.due == read.total == eur(0)
    check_settled(read)


def redeemed(voucher_id: object, kind: VoucherKind = VoucherKind.SERVICE) -> Redeemed:
    voucher = Voucher(
        voucher_id=voucher_id,  # type: ignore[arg-type]
        kind=kind,
        code_digest="0" * 64,
        last4="ABCD",
        product_id="voucher-family",
        title="Family ticket voucher",
        price=eur(2400),
        value=eur(2400),
        yields="family",
    )
    balance = eur(0)
    return Redeemed(
        entry_id=new_id(), voucher=voucher, amount=eur(2400), balance=balance, basis=Basis.ONLINE
    )


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "mug", "fewer", "gift", "out", "campaign", "none"]),
        st.integers(0, 5),
    ),
    max_size=25,
)


@given(STEPS)
def test_whatever_the_order_the_sums_agree(steps: list[tuple[str, int]]) -> None:
    sale = Sale.new("EUR")
    for step, number in steps:
        before = sale
        try:
            sale = stepped(sale, step, number)
        except Refused:
            assert sale is before
        gifts = [line for line in sale.lines if line.redeemed_from]
        assert {line.redeemed_from for line in gifts} == {
            one.voucher.voucher_id for one in sale.redeemed
        }
        assert all(line.quantity == 1 and line.total == line.unit for line in gifts)
        own = [line.total for line in sale.lines if not line.redeemed_from]
        assert sale.due == total(own, "EUR")
        assert sale.due.minor >= 0
    while sale.redeemed:
        sale = sale.without_voucher(sale.redeemed[0].entry_id)
    keys = [(line.product.product_id, line.unit) for line in sale.lines]
    assert len(keys) == len(set(keys)), "one row for each product"


def stepped(sale: Sale, step: str, number: int) -> Sale:
    """The sale after one thing that somebody does to its basket."""
    match step:
        case "add":
            return sale.add(FAMILY, number)
        case "mug":
            return sale.add(MUG, number)
        case "fewer" if sale.lines:
            return sale.with_quantity(number % len(sale.lines), number)
        case "gift":
            one = redeemed(new_id())
            return yielding(sale, one.voucher, FAMILY).with_voucher(one)
        case "out" if sale.redeemed:
            return sale.without_voucher(sale.redeemed[number % len(sale.redeemed)].entry_id)
        case "campaign":
            return with_campaign(sale, TEN_OFF)
        case _:
            return without_campaign(sale)
