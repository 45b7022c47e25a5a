"""No text from outside stops a till: what cannot be read is left out or parked."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sync import outbox
from sync.link import Fault, Unreachable
from sync.wire.booking import BatchAnswer
from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.store import settings as kept
from till.store import tables
from till.store.sync_store import TillSyncStore
from vouchers.catalogue import Product
from vouchers.errors import OperatingError, Refused
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.reading import JsonReader

LONG = "x" * 227
MUG = CATALOGUE.product("mug")
SHARED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def sell(world: World, product_id: str = "value-25") -> str:
    product = world.counter.catalogue().product(product_id)
    sale = Sale.new("EUR").add(product).tender(TenderKind.CASH)
    return world.counter.checkout.commit(sale, PEOPLE[0]).receipt.number


def poison(world: World, table: sa.Table, column: str, value: Any) -> None:
    with world.database.write() as work:
        first = (
            sa.select(sa.func.min(sa.literal_column("rowid"))).select_from(table).scalar_subquery()
        )
        work.execute(
            sa.update(table).where(sa.literal_column("rowid") == first).values({column: value})
        )


def test_a_title_of_227_signs_takes_no_money_and_stops_nothing(world: World) -> None:
    wrong = [replace(each, title={"de": LONG}) for each in CATALOGUE.products[:1]]
    with world.database.write() as work:
        products = [*wrong, *CATALOGUE.products[1:]]
        kept.catalogue.put(work, replace(CATALOGUE, products=products))
    with pytest.raises(Refused, match="product_wrong"):
        sell(world, "value-25")
    sell(world, "value-50")
    world.report()
    assert TillSyncStore(world.database).counts() == (0, 0)


def test_what_nobody_could_read_again_is_not_booked(world: World) -> None:
    sale = Sale.new("EUR").add(CATALOGUE.product("value-25")).tender(TenderKind.CASH)
    with pytest.raises(Refused, match="entry_unwritable"):
        world.counter.checkout.commit(sale, replace(PEOPLE[0], user_id=LONG))
    assert TillSyncStore(world.database).counts() == (0, 0)
    assert sell(world) == "T1-000001"


def test_a_poisoned_entry_is_parked_and_the_others_go_on(world: World) -> None:
    for _ in range(3):
        sell(world)
    poison(world, tables.entries, "body", b'{"entry_id": 7}')
    world.report()
    assert TillSyncStore(world.database).counts() == (0, 1)
    assert len(world.server.ledger) == 2
    assert world.counter.status().parked == 1
    sell(world)
    world.report()
    assert TillSyncStore(world.database).counts() == (0, 1)


def test_what_the_server_cannot_read_is_parked_and_tried_again_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        sell(world)
    store = TillSyncStore(world.database)
    second = store.waiting(3)[1]
    push = world.server.push

    def picky(entries: list[LedgerEntry]) -> BatchAnswer:
        if second in entries:
            raise Unreachable("400", Fault.MISUNDERSTOOD)
        return push(entries)

    link = world.counter.desk.server
    monkeypatch.setattr(world.server, "push", picky)
    outbox.drain(store, link)
    assert store.counts() == (0, 1)
    assert len(world.server.ledger) == 2
    monkeypatch.setattr(world.server, "push", push)
    store.try_parked_again()
    outbox.drain(store, link)
    assert store.counts() == (0, 0)


def test_a_server_without_a_word_on_any_entry_is_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(world)
    monkeypatch.setattr(world.server, "push", lambda _entries: BatchAnswer(answers=[]))
    with pytest.raises(Unreachable):
        outbox.drain(TillSyncStore(world.database), world.counter.desk.server)


def test_a_catalogue_that_is_damaged_as_a_whole_is_asked_for_anew(world: World) -> None:
    with world.database.write() as work:
        kept.feed_position.put(work, 7)
        kept.snapshot_after.put(work, "")
    store = TillSyncStore(world.database)
    assert store.snapshot_progress().complete
    _damage_setting(world, "catalogue", b"\xff")
    assert not store.snapshot_progress().started


def _damage_setting(world: World, name: str, body: bytes) -> None:
    with world.database.write() as work:
        here = tables.settings.c.name == name
        work.execute(sa.update(tables.settings).where(here).values(value=body))


garbage = (
    st.binary(max_size=40)
    | st.sampled_from([b"null", b"[]", b"{}", b"7", b'"x"', b"[[[[", b'[{"a": 1}]', b"9" * 400])
    | st.integers(1, 60).map(lambda depth: b"[" * depth * 1_000)
)
SETTINGS = ("catalogue", "campaigns", "users", "issuer_keys", "taste", "mail", "blocks_to_tell")
COUNTS = ("last_contact", "clock_skew_ms", "life_start", "kinds_followed", "unanswered_settlements")


@SHARED
@given(st.sampled_from(SETTINGS + COUNTS), garbage)
def test_whatever_stands_in_a_setting_the_till_goes_on(
    world: World, name: str, body: bytes
) -> None:
    with world.database.write() as work:
        row = tables.settings.c.name == name
        before = work.execute(sa.select(tables.settings.c.value).where(row)).scalar()
        work.execute(sa.delete(tables.settings).where(row))
        work.execute(sa.insert(tables.settings).values(name=name, value=body))
    try:
        _goes_on(world)
    finally:
        with world.database.write() as work:
            work.execute(sa.delete(tables.settings).where(row))
            if before is not None:
                work.execute(sa.insert(tables.settings).values(name=name, value=before))
    sell(world)


ROWS: list[tuple[sa.Table, str]] = [
    (tables.entries, "body"),
    (tables.accounts, "terms"),
    (tables.receipts, "body"),
]


@SHARED
@given(st.sampled_from(ROWS), garbage)
def test_whatever_stands_in_a_row_the_till_goes_on(
    world: World, where: tuple[sa.Table, str], body: bytes
) -> None:
    if world.counter.shifts.figures() is None:
        world.counter.shifts.open(PEOPLE[1], Money(0, "EUR"))
    sell(world)
    poison(world, *where, body)
    _goes_on(world)
    sell(world)


def _goes_on(world: World) -> None:
    """All that a day asks of a till; what is refused is told."""
    store = TillSyncStore(world.database)
    counter = world.counter
    code = world.issue()
    steps: list[Callable[[], object]] = [
        counter.sign_in.users,
        counter.status,
        lambda: counter.redemption.look_up(code.text),
        lambda: counter.accounts.find("T1-000001"),
        counter.incidents.open,
        counter.shifts.figures,
        counter.handover.open,
        store.snapshot_progress,
        store.blocks_to_tell,
        lambda: sell(world),
        world.report,
    ]
    for step in steps:
        with suppress(OperatingError):  # it is told
            step()
    assert store.counts()[0] == 0


@given(st.data())
def test_of_a_document_only_what_cannot_be_read_is_left_out(data: st.DataObject) -> None:
    body = msgspec.json.decode(msgspec.json.encode(CATALOGUE))
    wrong = data.draw(st.sets(st.integers(0, len(body["products"]) - 1)))
    for index in wrong:
        field = data.draw(st.sampled_from(["product_id", "title", "price", "kind"]))
        body["products"][index][field] = data.draw(st.sampled_from([7, [], {"x": 1}, True]))
    text = msgspec.json.encode(body)
    read: Any = JsonReader[Any](type(CATALOGUE), "products").read(text)
    kept_ids = [one.product_id for one in read.products]
    right = [one for index, one in enumerate(CATALOGUE.products) if index not in wrong]
    assert {one.product_id for one in right} <= set(kept_ids)


texts = st.text(max_size=300) | st.sampled_from(["", LONG, "\x00", "\ud7ff", "Z\u0308" * 120])
years = st.none() | st.integers(-5, 12_000)


@SHARED
@given(texts, texts, years, st.integers(-1, 20_000))
def test_whatever_a_catalogue_says_a_till_sells_on(
    world: World, product_id: str, title: str, valid_years: int | None, tax_bp: int
) -> None:
    odd = replace(
        CATALOGUE.product("value-25"),
        product_id=product_id,
        title={"de": title},
        valid_years=valid_years,
        tax_bp=tax_bp,
    )
    family = replace(CATALOGUE.product("family"), title={"de": title})
    rest = [each for each in CATALOGUE.products if each.product_id != "family"]
    _load(world, [odd, family, *rest])
    for wanted in (product_id, "voucher-family", "value-50"):
        try:
            sell(world, wanted)
        except Refused as refusal:
            assert refusal.key in {"product_wrong", "refused_product"}
    world.report()
    assert TillSyncStore(world.database).counts() == (0, 0)


def _load(world: World, products: list[Product]) -> None:
    with world.database.write() as work:
        kept.catalogue.put(work, replace(CATALOGUE, products=products))
