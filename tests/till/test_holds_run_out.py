"""A hold that runs out while its sale stays open: asked for again before anybody pays beside it."""

from pathlib import Path

import pytest

from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.counter.renewal import HoldsLost
from till.counter.sale import Sale
from till.counter.tenders import TenderKind, tendered
from till.store import holds
from vouchers.codes import VoucherCode
from vouchers.ledger import Basis
from vouchers.money import Money

CASHIER = PEOPLE[0]
SHORT_S = 60


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A till whose server holds amounts for a minute only."""
    world = World(tmp_path)
    world.server.holds_s = SHORT_S
    return world


def tickets(world: World, code: VoucherCode, count: int = 2) -> Sale:
    """So many tickets of 12.00; the voucher pays for as much as it can."""
    sale = Sale.new("EUR").add(CATALOGUE.product("adult"), count)
    redemption = world.counter.redemption
    return redemption.add(sale, redemption.look_up(code.text))


def set_aside(world: World, sale: Sale) -> list[bool]:
    with world.database.read() as work:
        return [holds.stands(work, given.entry_id) for given in sale.redeemed]


def test_before_money_is_taken_it_is_held_anew(world: World) -> None:
    sale = tickets(world, world.issue(balance_minor=1000))
    (old,) = sale.redeemed
    taken = world.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)
    (new,) = taken.redeemed
    assert new.entry_id != old.entry_id and new.amount == old.amount
    assert list(world.server.held) == [new.entry_id]  # and the old one is let go of
    assert set_aside(world, taken) == [True] and set_aside(world, sale) == [False]
    (kept,) = world.counter.open_sales.every()
    assert kept.sale == taken


def test_a_hold_that_lasts_is_left_alone(world: World) -> None:
    world.server.holds_s = 600
    sale = tickets(world, world.issue(balance_minor=1000))
    taken = world.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)
    assert taken.redeemed == sale.redeemed


def test_what_is_gone_is_told_and_no_cash_is_taken(world: World) -> None:
    code = world.issue(balance_minor=1000)
    sale = tickets(world, code)
    world.server.use_up()
    with pytest.raises(HoldsLost) as told:
        world.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)
    assert (told.value.details["last4"], told.value.details["amount"]) == (code.last4, eur(1000))
    assert told.value.sale.rest == eur(2400) and not told.value.sale.tenders
    assert world.counter.open_sales.every() == [] and set_aside(world, sale) == [False]


def test_what_a_terminal_has_taken_is_on_disk_all_the_same(world: World) -> None:
    sale = tickets(world, world.issue(balance_minor=1000))
    world.server.use_up()
    with pytest.raises(HoldsLost) as told:
        world.counter.open_sales.tender(sale, TenderKind.CARD, None, CASHIER)
    (kept,) = world.counter.open_sales.every()
    assert kept.sale == told.value.sale
    assert tendered(kept.sale.tenders, "EUR", TenderKind.CARD) == eur(1400)
    assert kept.sale.rest == eur(1000)


def test_cash_of_before_stays_when_more_is_refused(world: World) -> None:
    sale = tickets(world, world.issue(balance_minor=1000))
    sale = world.counter.open_sales.tender(sale, TenderKind.CASH, eur(400), CASHIER)
    world.server.use_up()
    with pytest.raises(HoldsLost) as told:
        world.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)
    assert told.value.sale.rest == eur(2000) and told.value.details["rest"] == eur(2000)


def test_a_sale_that_vouchers_pay_alone_is_asked_about_before_it_is_booked(world: World) -> None:
    code = world.issue(balance_minor=2400)
    done = world.counter.checkout.commit(tickets(world, code), CASHIER)
    assert [given.entry_id for given in done.redeemed] == list(world.server.held)
    sale = tickets(world, world.issue(balance_minor=2400))
    world.server.use_up()
    with pytest.raises(HoldsLost):
        world.counter.checkout.commit(sale, CASHIER)


def test_money_that_was_taken_is_not_refused_afterwards(world: World) -> None:
    sale = tickets(world, world.issue(balance_minor=1000))
    sale = world.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)
    world.server.use_up()
    assert world.counter.checkout.commit(sale, CASHIER).receipt.total == eur(2400)


def test_without_the_server_the_till_decides_under_the_same_id(world: World) -> None:
    world.server.holds_s = 0
    code = world.issue(balance_minor=1000)
    world.follow()
    sale = tickets(world, code)
    world.go_offline()
    taken = world.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)
    (given,) = taken.redeemed
    assert given.entry_id == sale.redeemed[0].entry_id
    assert given.basis is Basis.OFFLINE and set_aside(world, taken) == [True]


def test_without_the_server_a_hold_is_good_until_it_runs_out(world: World) -> None:
    sale = tickets(world, world.issue(balance_minor=1000))  # no till has heard of it
    world.go_offline()
    taken = world.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)
    assert taken.redeemed == sale.redeemed


def test_without_the_server_what_exceeds_the_limits_is_told(world: World) -> None:
    world.server.holds_s = 0
    sale = tickets(world, world.issue(balance_minor=1000))
    world.go_offline()
    with pytest.raises(HoldsLost):
        world.counter.open_sales.tender(sale, TenderKind.CASH, None, CASHIER)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")
