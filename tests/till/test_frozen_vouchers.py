"""A paid voucher outlives the catalogue: it yields what was sold, whoever decides about it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from printing.documents import Ticket
from sync.wire.feed import IssuerKey
from tests.till.test_service_vouchers import check_sums, eur
from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.counter.checkout import Committed
from till.counter.issuing import NewVoucher
from till.counter.papers import papers_of
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.store import settings, tables
from vouchers.catalogue import Product
from vouchers.ledger import Basis
from vouchers.proof import key_id
from vouchers.voucher import Voucher

UMLAUT = replace(CATALOGUE.product("voucher-family"), product_id="führung-für-alle")
OLD_WORLD = [*CATALOGUE.products, UMLAUT]
GONE = [each for each in OLD_WORLD if each.category == "shop"]
RENAMED = [
    replace(each, product_id=f"new-{each.product_id}", title={"de": "Neu"}, price=eur(99_00))
    for each in OLD_WORLD
    if each.price is not None
]
DEARER = [
    replace(each, price=eur(99_00), tax_bp=1900) if each.product_id == "family" else each
    for each in OLD_WORLD
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    sells(world, OLD_WORLD)
    public = world.keys.signer.public_key().public_bytes_raw()
    mine = IssuerKey(
        key_id=key_id(public), public_key=public.hex(), till_id="till-1", name="Entrance"
    )
    with world.database.write() as work:
        settings.issuer_keys.put(work, [mine])
    return world


def sells(world: World, products: list[Product]) -> None:
    with world.database.write() as work:
        limits = replace(CATALOGUE.offline_limits, unknown_signed=eur(5000))
        catalogue = replace(CATALOGUE, products=products, offline_limits=limits)
        settings.catalogue.put(work, catalogue)


def bought(world: World, product_id: str = "führung-für-alle") -> NewVoucher:
    sale = Sale.new("EUR").add(world.counter.catalogue().product(product_id))
    done = world.counter.checkout.commit(sale.tender(TenderKind.CARD), PEOPLE[0])
    world.report()
    return done.vouchers[0]


def by_rule(world: World, new: NewVoucher) -> Sale:
    found = world.counter.redemption.look_up(new.proof)
    return world.counter.redemption.add(Sale.new("EUR"), found)


def by_word(world: World, new: NewVoucher) -> Sale:
    with world.database.write() as work:
        catalogue = settings.catalogue.get(work)
        assert catalogue is not None
        limits = replace(catalogue.offline_limits, per_voucher=eur(1), unknown_signed=eur(0))
        settings.catalogue.put(work, replace(catalogue, offline_limits=limits))
    return world.counter.override.add(
        Sale.new("EUR"), new.proof, None, supervisor=PEOPLE[1], reason="has the receipt"
    )


def committed(world: World, sale: Sale) -> Committed:
    done = world.counter.checkout.commit(sale, PEOPLE[0])
    check_sums(done.receipt)
    assert done.receipt.taxes == []
    return done


def forget(world: World, voucher: Voucher) -> None:
    """As if another till had sold it while this one was away."""
    with world.database.write() as work:
        work.execute(tables.accounts.delete())
        work.execute(tables.outbox.delete())
        work.execute(tables.entries.delete())
    world.server.accounts.pop(voucher.voucher_id, None)


@pytest.mark.parametrize("products", [GONE, RENAMED, DEARER], ids=["gone", "renamed", "dearer"])
@pytest.mark.parametrize("take", [by_rule, by_word], ids=["by rule", "on a word"])
@pytest.mark.parametrize("away", [False, True], ids=["online", "offline"])
def test_it_yields_what_was_sold(
    world: World, products: list[Product], take: Callable[[World, NewVoucher], Sale], away: bool
) -> None:
    new = bought(world)
    sells(world, products)
    if away or take is by_word:
        world.go_offline()
    done = committed(world, take(world, new))
    (line,) = done.receipt.lines
    assert (line.title, line.total) == ("Familienkarte", eur(2400))
    assert done.redeemed[0].amount == eur(2400)


def test_what_it_yields_is_still_a_pass_for_a_year(world: World) -> None:
    new = bought(world, "voucher-annual-pass")
    sells(world, GONE)
    sale = by_rule(world, new)
    done = committed(world, sale)
    with world.database.read() as work:
        identity = world.counter.desk.identity(work)
        today = world.counter.desk.today(work)
    prints = replace(identity, printers={"pass": next(iter(PRINTER.values()))})
    papers = papers_of(sale, [], done.receipt, prints, today)
    (ticket,) = [each for each in papers if isinstance(each, Ticket)]
    assert (ticket.kind, ticket.title, ticket.price) == ("pass", "Jahreskarte", "45,00 EUR")


PRINTER = {"pass": settings.PrinterSetting(address="tcp://127.0.0.1:1")}


@pytest.mark.parametrize("products", [OLD_WORLD, GONE], ids=["there", "gone"])
def test_never_heard_of_and_offline_its_qr_is_enough(world: World, products: list[Product]) -> None:
    new = bought(world)
    forget(world, new.voucher)
    sells(world, products)
    world.go_offline()
    sale = by_rule(world, new)
    assert sale.redeemed[0].basis is Basis.OFFLINE
    assert committed(world, sale).receipt.total == eur(2400)


@pytest.mark.parametrize("products", [OLD_WORLD, GONE], ids=["there", "gone"])
def test_sold_by_an_older_till_it_goes_by_the_catalogue_or_by_its_own_words(
    world: World, products: list[Product]
) -> None:
    code = world.issue("voucher-family")
    sells(world, products)
    sale = world.counter.redemption.add(
        Sale.new("EUR"), world.counter.redemption.look_up(code.text)
    )
    (line,) = committed(world, sale).receipt.lines
    assert line.total == eur(2400)
    assert line.title in ("Familienkarte", "Family ticket voucher")


def test_a_value_voucher_whose_product_is_gone_pays_offline(world: World) -> None:
    new = bought(world, "value-25")
    forget(world, new.voucher)
    sells(world, GONE)
    world.go_offline()
    found = world.counter.redemption.look_up(new.proof)
    sale = Sale.new("EUR").add(CATALOGUE.product("mug"))
    sale = world.counter.redemption.add(sale, found)
    assert sale.due == eur(0)
    assert sale.redeemed[0].balance == eur(2500 - 1290)
