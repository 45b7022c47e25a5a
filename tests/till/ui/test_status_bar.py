"""The status bar: how wrong the clock is, and how far the first load has come."""

from datetime import UTC, datetime

import pytest

from tests.till.ui.cashier import Cashier, wait_until
from tests.till.ui.world import World
from till.store.sync_store import TillSyncStore


def skew(world: World, seconds: int) -> None:
    TillSyncStore(world.database).contact(datetime.now(UTC), seconds * 1000)
    world.change()


@pytest.mark.parametrize(
    ("seconds", "said"), [(180, "Clock 3 minutes ahead"), (-86_400 * 3, "Clock 3 days behind")]
)
def test_a_wrong_clock_is_said_and_a_right_one_is_not(
    cashier: Cashier, world: World, seconds: int, said: str
) -> None:
    skew(world, 20)
    cashier.sees("Online")
    assert "Clock" not in cashier.reads()
    skew(world, seconds)
    cashier.sees(said)
    skew(world, 0)
    wait_until(lambda: "Clock" not in cashier.reads(), "the clock: ", cashier.reads)


def test_the_first_load_is_said_until_it_is_done(cashier: Cashier, world: World) -> None:
    world.load = (250_000, 1_000_000)
    world.change()
    wait_until(
        lambda: any(
            text in cashier.reads()
            for text in ("Loading accounts 250,000 of 1,000,000", "Loading 25 %")
        ),
        "the load: ",
        cashier.reads,
    )
    world.load = (5, 0)
    world.change()
    wait_until(
        lambda: (
            "Loading" in cashier.reads() and "25" not in cashier.reads().split("Loading")[1][:9]
        ),
        "the load: ",
        cashier.reads,
    )
    world.load = None
    world.change()
    wait_until(lambda: "Loading" not in cashier.reads(), "the load: ", cashier.reads)


def test_what_waits_is_counted(cashier: Cashier, world: World) -> None:
    world.go_offline()
    cashier.tap("Voucher €25")
    cashier.tap("Pay 25.00 EUR")
    cashier.tap("Exact: 25.00")
    cashier.sees("1 waiting")
