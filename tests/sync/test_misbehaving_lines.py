"""Whatever answers in the server's place: the till sells on, loses nothing, and is back soon."""

import json
import time
from collections.abc import Iterator

import pytest

from sync import engine as engine_module
from sync.engine import Engine
from sync.link import Fault, Unreachable
from tests.cardreader.waiting import eventually
from tests.server_process import ServerProcess
from tests.sync.front import Front, Misbehaviour
from tests.sync.misbehaviour import ways
from tests.sync.tills import enrolled, redeemed, sold
from till.assembly import Till
from till.commands import run
from till.commands.arguments import parser
from vouchers.ledger import Basis

BACK_WITHIN_S = 5.0
COUNTER_MS = 400
WAYS = list(ways())


class Running:
    """A till that keeps in step by itself, and what stands between it and its server."""

    def __init__(self, till: Till, front: Front) -> None:
        self.till, self.front = till, front
        self.engine = Engine(till.books, till.link, till.line)
        self.sales: list[str] = []

    def sell(self) -> str:
        new = sold(self.till).vouchers[0]
        self.sales.append(new.voucher.code_digest)
        self.engine.nudge()
        return new.code.text

    def wait_until_online(self) -> None:
        till = self.till
        eventually(lambda: till.line.state.online and till.books.counts() == (0, 0), seconds=9)


@pytest.fixture(scope="module")
def running(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch, Front(server.port) as front:
        patch.setenv("TILL_DEADLINE_MS", "3000")
        folder = tmp_path_factory.mktemp("till") / "till"
        till = enrolled(folder, front.url, server.add_till("rim"), patience_s=(1.0, 2.0))
        patch.setattr(
            till.conversation, "_counter_patience_s", (COUNTER_MS / 2000, COUNTER_MS / 1000)
        )
        patch.setattr(engine_module, "RETRY_MIN_S", 0.1)  # the promise's own times: see the soak
        patch.setattr(engine_module, "RETRY_MAX_S", 0.4)
        patch.setattr(run, "PATIENCE_S", (0.5, 0.5))
        running = Running(till, front)
        running.engine.start()
        running.wait_until_online()
        yield running
        running.engine.stop()
        till.close()


@pytest.mark.parametrize(("name", "way", "faults"), WAYS, ids=[name for name, *_ in WAYS])
def test_the_till_sells_on_and_is_back(
    running: Running,
    name: str,
    way: Misbehaviour,
    faults: set[Fault],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    till, front = running.till, running.front
    code = running.sell()
    running.wait_until_online()
    front.misbehave(way)
    asked_at = time.monotonic()
    done = redeemed(till, code)  # the counter finds out first
    assert time.monotonic() - asked_at < 3 * COUNTER_MS / 1000 + 0.5
    assert done.basis is Basis.OFFLINE
    running.sell()
    eventually(lambda: _fault(till) in faults, lambda: str(till.line.state), seconds=9)
    assert _sell_by_command(till, monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["receipt"]
    front.behave()
    well_at = time.monotonic()
    running.wait_until_online()
    assert time.monotonic() - well_at < BACK_WITHIN_S
    balances = [till.link.find(code_digest=digest).accounts for digest in running.sales[-2:]]
    assert [found[0].balance.minor for found in balances] == [4000, 5000]
    assert till.counter.incidents.open() == []


def _fault(till: Till) -> Fault | None:
    trouble = till.line.state.trouble
    return trouble.fault if isinstance(trouble, Unreachable) else None


def _sell_by_command(till: Till, monkeypatch: pytest.MonkeyPatch) -> int:
    for name, value in {"TILL_USER": "cashier", "TILL_PIN": "1234"}.items():
        monkeypatch.setenv(name, value)
    words = ["sell", "--value", "10.00", "--tender", "cash", "--json"]
    return run.run_command(parser().parse_args(words), till.folder)
