"""A discount through the whole sale: lines, tax, receipt, paper, voucher and ledger."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from printing.documents import Receipt, ReceiptLine
from printing.layouts import receipt_parts
from printing.layouts.wording import Wording
from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.counter.basket import OPEN_AMOUNT, SaleLine
from till.counter.checkout import Committed
from till.counter.discounting import with_campaign, without_campaign
from till.counter.redemption import Found
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.store import ledger, settings
from vouchers.campaigns import Campaign
from vouchers.codes import VoucherCode, code_digest
from vouchers.errors import Reason, Refused
from vouchers.money import Money, total

TEN_OFF = Campaign(
    campaign_id="ten", title={"en": "Ten off", "de": "Zehn weg"}, code="TEN", percent_bp=1000
)
FIVE = Campaign(
    campaign_id="five",
    title={"en": "Rain", "de": "Regen"},
    code="RAIN5",
    amount_off=Money(500, "EUR"),
    categories=["tickets"],
    least_total=Money(2000, "EUR"),
)
VOUCHERS = Campaign(
    campaign_id="gifts",
    title={"de": "Geschenkwoche"},
    code="GIFTS",
    percent_bp=333,
    products=["value-50", "voucher-family"],
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    know(world, TEN_OFF, FIVE, VOUCHERS)
    return world


def know(world: World, *campaigns: Campaign) -> None:
    with world.database.write() as work:
        settings.campaigns.put(work, list(campaigns))


def basket(**quantities: int) -> Sale:
    sale = Sale.new("EUR")
    for product_id, quantity in quantities.items():
        sale = sale.add(CATALOGUE.product(product_id.replace("_", "-")), quantity)
    return sale


def sold(world: World, sale: Sale, code: str) -> Committed:
    discounted = world.counter.action_codes.apply(sale, code)
    return world.counter.checkout.commit(discounted.tender(TenderKind.CASH), PEOPLE[0])


def printed(receipt: Receipt) -> str:
    return repr(list(receipt_parts.lines(receipt, Wording("de"))))


def test_total_tax_and_receipt_follow_the_discount(world: World) -> None:
    receipt = sold(world, basket(adult=2, mug=1), "ten").receipt
    assert receipt.total == Money(2400 + 1290 - 369, "EUR")
    assert total([line.total for line in receipt.lines], "EUR") == receipt.total
    assert [line.discount for line in receipt.lines] == [Money(240, "EUR"), Money(129, "EUR")]
    assert [line.listed.minor for line in receipt.lines] == [2400, 1290]
    assert {line.discount_title for line in receipt.lines} == {"Zehn weg"}
    assert {tax.rate_bp: tax.gross.minor for tax in receipt.taxes} == {700: 2160, 1900: 1161}
    assert [tender.amount for tender in receipt.tenders] == [receipt.total]


def test_the_paper_shows_the_discount_below_its_item(world: World) -> None:
    said = printed(sold(world, basket(adult=2, mug=1), "TEN").receipt)
    shown = ["2 Erwachsene", "24,00", "2 x 12,00", "Zehn weg", "-2,40", "12,90", "-1,29"]
    places = [said.index(words) for words in shown]
    assert places == sorted(places)


def test_the_shift_counts_what_was_paid(world: World) -> None:
    supervisor = PEOPLE[1]
    world.counter.shifts.open(supervisor, Money(10_000, "EUR"))
    sold(world, basket(adult=2, mug=1), "TEN")
    figures = world.counter.shifts.figures()
    assert figures is not None
    assert figures.sales == Money(3321, "EUR")


def test_a_discounted_voucher_keeps_its_full_value(world: World) -> None:
    done = sold(world, basket(value_50=3), "GIFTS")
    vouchers = [new.voucher for new in done.vouchers]
    assert [one.value.minor for one in vouchers] == [5000] * 3
    assert [one.price.minor for one in vouchers] == [4833, 4833, 4834]
    assert done.receipt.total == Money(14_500, "EUR")
    with world.database.read() as work:
        booked = [ledger.of_voucher(work, one.voucher_id) for one in vouchers]
    assert [[entry.amount.minor for entry in entries] for entries in booked] == [[5000]] * 3


def test_a_service_voucher_owes_the_tax_of_what_was_paid(world: World) -> None:
    done = sold(world, basket(voucher_family=1), "GIFTS")
    assert [tax.gross.minor for tax in done.receipt.taxes] == [2400 - 80]
    assert done.vouchers[0].voucher.value == Money(2400, "EUR")


def test_it_follows_the_basket(world: World) -> None:
    sale = world.counter.action_codes.apply(basket(adult=2), "RAIN5")
    assert (sale.total.minor, sale.discount.minor) == (1900, 500)
    below = sale.with_quantity(0, 1)
    assert (below.total.minor, below.discount.minor, below.campaign) == (1200, 0, FIVE)
    again = below.add(CATALOGUE.product("adult"), 3)
    assert (again.total.minor, again.discount.minor) == (4300, 500)
    replaced = world.counter.action_codes.apply(again, "TEN")
    assert (replaced.campaign, replaced.discount.minor) == (TEN_OFF, 480)
    assert without_campaign(replaced) == without_campaign(again)
    assert replaced.with_quantity(0, 0).campaign is None


def test_neither_what_a_voucher_yields_nor_what_was_rung_up_elsewhere_is_discounted(
    world: World,
) -> None:
    elsewhere = Sale.new("EUR").add(OPEN_AMOUNT, 1, Money(3000, "EUR"))
    with pytest.raises(Refused, match="action_for_nothing_here"):
        world.counter.action_codes.apply(elsewhere, "TEN")
    code = world.issue("voucher-family")
    found = world.counter.redemption.look_up(code.text)
    sale = world.counter.redemption.add(basket(mug=1), found)
    sale = world.counter.action_codes.apply(sale, "TEN")
    assert [line.discount for line in sale.lines] == [Money(129, "EUR"), None]
    alone = sale.with_quantity(0, 0)
    assert (alone.due.minor, alone.discount.minor) == (0, 0)
    left = world.counter.redemption.remove(alone, alone.redeemed[0].entry_id)
    assert (left.empty, left.campaign) == (True, None)


def test_a_voucher_code_given_as_an_action_code_is_not_said_again(world: World) -> None:
    code = world.issue()
    with pytest.raises(Refused, match="action_unknown") as refused:
        world.counter.action_codes.apply(basket(adult=1), code.grouped)
    assert refused.value.details == {"typed": f"…{code.last4}"}


@pytest.mark.parametrize(
    ("code", "reason", "key"),
    [
        ("NOBODY", Reason.UNKNOWN, "action_unknown"),
        ("RAIN5", Reason.AMOUNT, "action_below_least"),
        ("GIFTS", Reason.PRODUCT, "action_for_nothing_here"),
        ("OVER", Reason.NOT_IN_FORCE, "action_over"),
        ("SOON", Reason.NOT_IN_FORCE, "action_not_yet"),
    ],
)
def test_what_is_refused_says_why(world: World, code: str, reason: Reason, key: str) -> None:
    over = replace(TEN_OFF, code="OVER", valid_until=date(2020, 1, 1))
    soon = replace(TEN_OFF, code="SOON", valid_from=date(2090, 1, 1))
    know(world, FIVE, VOUCHERS, over, soon)
    with pytest.raises(Refused, match=key) as refused:
        world.counter.action_codes.apply(basket(adult=1), code)
    assert refused.value.reason is reason


def test_a_code_comes_too_late_once_money_was_taken_or_vouchers_gave_it_all(world: World) -> None:
    paid = basket(adult=2).tender(TenderKind.CARD, Money(1000, "EUR"))
    with pytest.raises(Refused, match="action_after_payment"):
        with_campaign(paid, TEN_OFF)
    found = world.counter.redemption.look_up(world.issue().text)
    covered = world.counter.redemption.add(basket(adult=2), found, Money(2400, "EUR"))
    with pytest.raises(Refused, match="tender_voucher_too_much"):
        with_campaign(covered, TEN_OFF)


def test_where_codes_of_other_systems_are_taken_a_known_voucher_comes_first(world: World) -> None:
    with world.database.write() as work:
        settings.catalogue.put(work, replace(CATALOGUE, foreign_codes=True))
    know(world, FIVE, replace(TEN_OFF, code="SUMMER26"))
    look_up = world.counter.action_codes.look_up
    assert look_up("rain5") == FIVE
    assert isinstance(look_up("SUMMER26"), Campaign)
    world.issue()
    ((voucher_id, account),) = world.server.accounts.items()
    digest = code_digest(world.keys.digest_key, VoucherCode("SUMMER26"))
    foreign = replace(account.voucher, code_digest=digest, last4="ER26")
    world.server.accounts[voucher_id] = replace(account, voucher=foreign)
    found = look_up("SUMMER26")
    assert isinstance(found, Found) and found.account.voucher == foreign
    world.follow()
    world.go_offline()
    assert isinstance(look_up("SUMMER26"), Found)
    assert look_up("rain5") == FIVE


def test_receipts_and_sales_from_before_there_were_campaigns_read() -> None:
    sale = basket(adult=1)
    earlier = msgspec.to_builtins(sale)
    del earlier["campaign"], earlier["lines"][0]["discount"]
    assert msgspec.convert(earlier, Sale) == sale
    price = {"amount": 1200, "currency": "EUR"}
    line = {"quantity": 1, "title": "Adult", "unit": price, "total": price}
    assert msgspec.convert(line, ReceiptLine).listed == Money(1200, "EUR")


def test_the_price_of_each_sums_to_the_line() -> None:
    line = SaleLine(
        product=CATALOGUE.product("adult"),
        quantity=3,
        unit=Money(1200, "EUR"),
        discount=Money(500, "EUR"),
    )
    assert [price.minor for price in line.prices] == [1033, 1033, 1034]
    assert total(line.prices, "EUR") == line.total
