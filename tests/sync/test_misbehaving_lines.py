"""Whatever answers in the server's place: the till sells on, loses nothing, and is back soon."""

import json
import time
from collections.abc import Iterator

import pytest
from msgspec import Struct

from sync import engine as engine_module
from sync.conversation import PATIENCE_S, Conversation
from sync.engine import Engine
from sync.http_link import HttpLink
from sync.link import Fault, ServerLink, Unreachable
from tests.cardreader.waiting import eventually
from tests.server_process import ServerProcess
from tests.sync.front import Front, Misbehaviour
from tests.sync.misbehaviour import ways
from tests.sync.tills import enrol, redeemed, sold
from till.assembly import COUNTER_DEADLINE_MS, DEADLINE_MS, Till, open_till
from till.commands import run
from till.commands.arguments import parser
from vouchers.ledger import Basis

BACK_WITHIN_S = 5.0
WAYS = list(ways())


class Times(Struct):
    """How long the till waits at the counter, and for all else (to connect, for all of it)."""

    counter_ms: int
    patience_s: tuple[float, float]


OWN = Times(COUNTER_DEADLINE_MS, PATIENCE_S)
SHORT = Times(400, (1.0, 2.0))


class Running:
    """A till that keeps in step by itself, and what stands between it and its server."""

    def __init__(self, till: Till, front: Front, times: Times, server: ServerLink) -> None:
        self.till, self.front, self.times, self.server = till, front, times, server
        self.engine = Engine(till.books, till.link, till.line)
        self.sales: list[str] = []

    def sell(self) -> str:
        new = sold(self.till).vouchers[0]
        self.sales.append(new.voucher.code_digest)
        self.engine.nudge()
        return new.code.text

    def wait_until_online(self, seconds: float = 20.0) -> None:
        eventually(self._is_in_step, lambda: str(self.till.line.state), seconds)

    def _is_in_step(self) -> bool:
        return self.till.line.state.online and self.till.books.counts() == (0, 0)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SHORT, id="short times"),
        pytest.param(OWN, id="its own times", marks=pytest.mark.soak),
    ],
)
def running(
    request: pytest.FixtureRequest, server: ServerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    times: Times = request.param
    folder = tmp_path_factory.mktemp("till") / "till"
    with pytest.MonkeyPatch.context() as patch, Front(server.port) as front:
        patch.setenv(DEADLINE_MS, "3000")
        assert enrol(folder, front.url, server.add_till(f"rim{times.counter_ms}")) == 0
        patch.setenv(DEADLINE_MS, str(times.counter_ms))
        if times is SHORT:
            patch.setattr(engine_module, "RETRY_MIN_S", 0.05)
            patch.setattr(engine_module, "RETRY_MAX_S", 0.3)
            patch.setattr(engine_module, "PAUSE_MIN_S", 0.05)
            patch.setattr(run, "PATIENCE_S", (0.5, 0.5))
        till = open_till(folder, patience_s=times.patience_s)
        till_id, key = till.identity.till_id, till.desk.keys.signer
        straight = Conversation([server.url], till_id, key, deadline_ms=5000)
        running = Running(till, front, times, HttpLink(straight))
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
    assert time.monotonic() - asked_at < 3 * running.times.counter_ms / 1000 + 0.5
    assert done.basis is Basis.OFFLINE
    running.sell()
    eventually(lambda: _fault(till) in faults, lambda: str(till.line.state), seconds=9)
    assert _sell_by_command(till, monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["receipt"]
    front.behave()
    running.wait_until_online(BACK_WITHIN_S)
    balances = [running.server.find(code_digest=each).accounts for each in running.sales[-2:]]
    assert [found[0].balance.minor for found in balances] == [4000, 5000]
    assert till.counter.incidents.open() == []


@pytest.mark.soak
@pytest.mark.parametrize("dead_s", [0.2, 2.0, 6.0])
def test_a_line_that_dies_without_a_word_while_the_till_reports(
    running: Running, dead_s: float
) -> None:
    """Stream and report hang on connections that nobody serves any more: no deadline is near."""
    running.sell()
    running.wait_until_online()
    running.front.die()
    running.sell()
    time.sleep(dead_s)
    running.front.behave()
    running.wait_until_online(BACK_WITHIN_S)


def _fault(till: Till) -> Fault | None:
    trouble = till.line.state.trouble
    return trouble.fault if isinstance(trouble, Unreachable) else None


def _sell_by_command(till: Till, monkeypatch: pytest.MonkeyPatch) -> int:
    for name, value in {"TILL_USER": "cashier", "TILL_PIN": "1234"}.items():
        monkeypatch.setenv(name, value)
    words = ["sell", "--value", "10.00", "--tender", "cash", "--json"]
    return run.run_command(parser().parse_args(words), till.folder)
