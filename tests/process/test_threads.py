"""No thread of the program ends in silence: whatever its work raises, it is begun again."""

import ast
import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from cardreader import watcher as card_watcher
from cardreader import worker as card_worker
from printing.spool.worker import Worker as PrintWorker
from printing.virtual.mechanism import Mechanism
from printing.virtual.printer import VirtualPrinter
from process import threads
from process.threads import LastingThread, ThreadFailure, listen
from server import serve
from server.feed import watch
from server.ledger.booking import Booking
from sync.engine import Engine
from sync.http_link import PageAhead
from tests.cardreader.waiting import eventually
from till import card_doubts
from till.mailing import PostRound
from till.ui.runner import Runner

ROOT = Path(__file__).parents[2]
PRODUCT = ("cardreader", "printing", "process", "server", "sync", "till", "vouchers")
Begin = Callable[[], object]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PAUSE_FIRST_S", 0.01)


@pytest.fixture
def told() -> Iterator[list[ThreadFailure]]:
    failures: list[ThreadFailure] = []
    forget = listen(failures.append)
    yield failures
    forget()


class FailsOnce:
    """Raises what nobody has thought of at its first call; `again` is set by the next, and no
    more comes of it.
    """

    def __init__(self) -> None:
        self.failed, self.again = threading.Event(), threading.Event()

    def __call__(self, *_: object, **__: object) -> Any:
        if not self.failed.is_set():
            self.failed.set()
            raise ValueError("nobody has thought of this")
        self.again.set()
        threading.Event().wait()  # the thread has shown what it was to show


def reporting(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    return engine(patch, _report=step, _follow=lambda *_: None)


def following(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    return engine(patch, _report=lambda *_: None, _follow=step)


def engine(patch: pytest.MonkeyPatch, **work: Callable[..., object]) -> Begin:
    for name, step in work.items():
        patch.setattr(Engine, name, step)
    nothing: Any = None
    return Engine(nothing, nothing, nothing).start


def page_ahead(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(PageAhead, "_run", step)
    nothing: Any = None
    return lambda: PageAhead(nothing).fetch(nothing, ())


def doubts(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(card_doubts, "ROUND_S", 0.01)
    patch.setattr(card_doubts.DoubtRound, "go_round", step)
    nothing: Any = None
    return card_doubts.DoubtRound(nothing).start


def post(_patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    return PostRound(step, lambda: None).start


def runner(_patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    at_work = Runner()

    def begin() -> None:
        for _ in range(2):
            at_work._queue("counter").put(step)

    return begin


def card_job(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(card_worker._Job, "run", step)

    def begin() -> None:
        worker = card_worker.Worker("card")
        for _ in range(2):
            worker._jobs.put(card_worker._Job(lambda: None))

    return begin


def readers(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(card_watcher, "context_of_its_own", contextlib.nullcontext)
    patch.setattr(card_watcher.ReaderWatch, "_watch", step)
    return card_watcher.ReaderWatch(lambda _: None).start


def printer(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    nothing: Any = SimpleNamespace(name="receipt")
    patch.setattr(PrintWorker, "_print_next", step)
    return PrintWorker(
        nothing, nothing, nothing, lambda _: None, retry_s=0.01, turn=threading.Lock()
    ).start


def switched_off() -> VirtualPrinter:
    made = VirtualPrinter()
    made._listener.close()
    return made


def virtual_port(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(VirtualPrinter, "_serve", step)
    return switched_off()._thread.start


def virtual_printer(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(Mechanism, "_run", step)
    return switched_off()._mechanism.start


def booking(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(Booking, "_book_taken", step)
    nothing: Any = None
    return Booking(nothing, nothing).start


def feed_on_sqlite(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    made = sa.create_engine("sqlite://")
    patch.setattr(made, "raw_connection", step)
    return watch.SqliteWatcher(made, lambda *_: None).start


def feed_on_postgres(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(watch.PostgresWatcher, "_keep", lambda _self, _work: step())
    nothing: Any = None
    return watch.PostgresWatcher(nothing, lambda *_: None).start


def ready(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    return LastingThread("ready", step).start


def with_parent(patch: pytest.MonkeyPatch, step: FailsOnce) -> Begin:
    patch.setattr(serve, "_end_with_parent", step)
    patch.setattr(serve, "make_app", lambda _: None)
    patch.setattr(serve, "open_engine", lambda _: None)
    patch.setenv(serve.DATABASE_VARIABLE, "sqlite://")
    return serve.worker_app


THREADS: dict[str, Callable[[pytest.MonkeyPatch, FailsOnce], Begin]] = {
    "sync/engine.py": reporting,
    "sync/engine.py that follows": following,
    "sync/http_link.py": page_ahead,
    "till/card_doubts.py": doubts,
    "till/mailing.py": post,
    "till/ui/runner.py": runner,
    "cardreader/worker.py": card_job,
    "cardreader/watcher.py": readers,
    "printing/spool/worker.py": printer,
    "printing/virtual/printer.py": virtual_port,
    "printing/virtual/mechanism.py": virtual_printer,
    "server/ledger/booking.py": booking,
    "server/feed/watch.py": feed_on_sqlite,
    "server/feed/watch.py on PostgreSQL": feed_on_postgres,
    "server/serve.py": with_parent,
    "server/serve.py when ready": ready,
}


def made_in(what: str) -> dict[str, int]:
    """How often each file of the product makes a thread by that name."""
    found: dict[str, int] = {}
    for file in (each for folder in PRODUCT for each in (ROOT / folder).rglob("*.py")):
        calls = [
            node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)
        ]
        names = [getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls]
        if what in names:
            found[str(file.relative_to(ROOT))] = names.count(what)
    return found


def test_every_thread_is_a_lasting_one_and_in_the_table() -> None:
    assert made_in("Thread") == {"process/threads.py": 1}
    assert set(made_in("LastingThread")) == {place.split(" ")[0] for place in THREADS}


@pytest.mark.parametrize("place", THREADS)
def test_whatever_its_work_raises_it_is_begun_again_and_told(
    place: str, monkeypatch: pytest.MonkeyPatch, told: list[ThreadFailure]
) -> None:
    step = FailsOnce()
    THREADS[place](monkeypatch, step)()
    assert step.again.wait(10)
    eventually(lambda: told)
    assert told[0].why == "ValueError: nobody has thought of this"


def test_work_that_returns_is_done(told: list[ThreadFailure]) -> None:
    done = LastingThread("done", lambda: None)
    done.start()
    done.join(10)
    assert not done.alive and told == []


def test_work_that_always_fails_ends_when_it_is_told_to(
    told: list[ThreadFailure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "PAUSE_FIRST_S", 30.0)

    def fail() -> None:
        raise KeyError("always")

    failing = LastingThread("failing", fail)
    failing.start()
    failing.end()
    failing.join(10)
    assert not failing.alive and len(told) == 1


def test_a_listener_that_fails_stops_nobody(told: list[ThreadFailure]) -> None:
    forget = listen(FailsOnce())
    step = FailsOnce()
    LastingThread("poor", step).start()
    assert step.again.wait(10)
    forget()
