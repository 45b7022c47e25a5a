"""The window stays quick while a long outage is being reported."""

import sys
from datetime import UTC, datetime

import pytest

from sync.engine import Engine
from sync.link import Unreachable
from sync.wire.booking import BatchAnswer, EntryAnswer
from tests.till.ui.cashier import Cashier
from tests.till.ui.pulse import PAUSE_MAX_MS, Pulse
from tests.till.ui.world import World
from till.store import ledger
from till.store.sync_store import TillSyncStore
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, EntryKind, LedgerEntry
from vouchers.money import Money

WAITING = 2_000


class SlowLink:
    """A server that takes what is reported and has nothing to tell."""

    def __init__(self, world: World) -> None:
        self._world = world

    def push(self, entries: list[LedgerEntry]) -> BatchAnswer:
        self._world.server._answer()
        answers = [EntryAnswer(entry_id=entry.entry_id, verdict="booked") for entry in entries]
        return BatchAnswer(answers=answers)

    def __getattr__(self, name: str) -> object:
        raise Unreachable(name)


def test_draining_a_long_outage_never_stops_the_window(
    cashier: Cashier, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _sell_offline(world, WAITING)
    world.change()
    cashier.sees(f"{WAITING} waiting")
    world.server.slow_s = 0.05
    pulse = Pulse()
    engine = Engine(
        TillSyncStore(world.database),
        SlowLink(world),  # type: ignore[arg-type]  # only reporting is of interest here
        world.line,
        on_change=world.change,
    )
    engine.start()
    cashier.tap("Voucher €25")
    cashier.sees("Pay 25.00 EUR")
    cashier.sees(" 0 waiting")
    engine.stop()
    with capsys.disabled():
        sys.stdout.write(
            f"\nlongest pause while {WAITING} entries drain: {pulse.longest_ms} ms,"
            f" of which the window's own work {pulse.longest_own_ms} ms\n"
        )
    assert pulse.longest_own_ms < PAUSE_MAX_MS


def _sell_offline(world: World, count: int) -> None:
    voucher_id = new_id()
    with world.database.write() as work:
        for _ in range(count):
            draft = EntryDraft(
                entry_id=new_id(),
                voucher_id=voucher_id,
                kind=EntryKind.REDEEM,
                amount=Money(-1_00, "EUR"),
                occurred_at=datetime.now(UTC),
                actor="c1",
                reference="T1-000001",
                basis=Basis.OFFLINE,
            )
            ledger.append(work, draft)
