"""What cannot be read is passed over, and told where people look: by the doctor, on X and Z."""

import json
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.main import main
from till.store import damage, tables
from till.store.secrets import save_keys
from vouchers.money import Money
from vouchers.reading import JsonReader, noticing

SUPERVISOR = PEOPLE[1]
WORLD_FAILED = 4


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def sell(world: World) -> str:
    sale = Sale.new("EUR").add(CATALOGUE.product("value-25")).tender(TenderKind.CASH)
    return world.counter.checkout.commit(sale, PEOPLE[0]).receipt.number


def damaged(world: World, number: str) -> None:
    with world.database.write() as work:
        this = sa.update(tables.receipts).where(tables.receipts.c.number == number)
        work.execute(this.values(body=b'{"type": "receipt"'))


def test_x_and_z_name_the_receipts_that_their_sums_have_not(world: World) -> None:
    shifts = world.counter.shifts
    shifts.open(SUPERVISOR, Money(0, "EUR"))
    first, _second = sell(world), sell(world)
    damaged(world, first)
    shown = shifts.print_x(SUPERVISOR)
    assert (shown.receipts, shown.unreadable) == (1, [first])
    assert shifts.close(SUPERVISOR, Money(5000, "EUR")).unreadable == [first]
    again = shifts.reprint_z(SUPERVISOR)
    assert again.unreadable == [first]


def test_what_was_sold_outside_a_shift_is_reported_though_none_of_it_can_be_read(
    world: World,
) -> None:
    number = sell(world)
    damaged(world, number)
    assert world.counter.shifts.report_outside(SUPERVISOR).unreadable == [number]
    assert world.counter.shifts.outside() is None


def test_all_that_is_kept_is_read_for_damage_however_often_it_was_read_before(
    world: World,
) -> None:
    number = sell(world)
    with world.database.read() as work:
        assert damage.left_out(work) == []
    damaged(world, number)
    body = msgspec.json.decode(msgspec.json.encode(CATALOGUE))
    body["products"][0]["price"] = []
    with world.database.write() as work:
        here = sa.update(tables.settings).where(tables.settings.c.name == "catalogue")
        work.execute(here.values(value=msgspec.json.encode(body)))
    world.counter.catalogue()
    with world.database.read() as work:
        found = " ".join(damage.left_out(work))
    assert f"receipt {number}" in found
    assert f"products {CATALOGUE.products[0].product_id}" in found


def test_the_doctor_names_it(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    save_keys(world.folder, world.keys)
    number = sell(world)
    words = ["doctor", "--json", "--language", "en", "--data", str(world.folder)]
    main(words)
    assert json.loads(capsys.readouterr().out)["checks"]["records"]["ok"]
    damaged(world, number)
    assert main(words) == WORLD_FAILED
    records = json.loads(capsys.readouterr().out)["checks"]["records"]
    assert number in records["message"]
    assert len(records["left_out"]) == 1


def test_noticing_ends_where_it_ends(world: World) -> None:
    reader = JsonReader[list[int]](list[int])
    with noticing() as outer:
        with noticing() as inner:
            reader.read_or_none(b"{}", "the numbers")
        assert len(inner) == 1
        assert outer == []
    reader.read_or_none(b"{}", "the numbers")
    assert len(inner) == 1
