"""Cards through real pcscd: a load and a tap payment against their own bare exchanges.

The bare side sends the very bytes just sent once more through pyscard, to a twin of the card with
the same memory and random numbers: what is left of the difference is ours (cryptography, threads,
and three durable journal writes).
"""

import os
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.card_taps import taps
from bench.recorder import Recorder, sent_bare
from cardreader.pcsc import context_of_its_own, scard
from cardreader.protocols import Card, CardSeen, ReaderEvent
from cardreader.purse.desk import PurseDesk
from cardreader.readers import PcscReaders
from tests.cardreader.journal import SqliteJournal
from tests.cardreader.pcscd import SOCKET, Daemon
from tests.cardreader.slot import Slot, slot
from tests.cardreader.venue import LIMIT, RING, UID, eur, purse

Row = tuple[str, str]
ROUNDS = 60
TAPS = 7
IDLE_S = 3.0
SEED = 5


def ratios() -> list[Row]:
    if shutil.which("pcscd") is None:
        return [("cards through pcscd", "not measured: pcscd is not installed")]
    os.environ["PCSCLITE_CSOCK_NAME"] = str(SOCKET)
    daemon = Daemon()
    daemon.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            return [*_movements(daemon, here), *taps(daemon, here), *_watching(daemon, here)]
    finally:
        daemon.close()


class TimedJournal(SqliteJournal):
    """Counts the seconds spent on durable writes."""

    seconds = 0.0

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        begun = time.perf_counter()
        super()._write(statement, values)
        self.seconds += time.perf_counter() - begun


@dataclass
class Pair:
    """One operation, what of it went to disk, and its bare exchanges, seconds."""

    exchanges: int
    ours: float
    disk: float
    bare: float


def _movements(daemon: Daemon, folder: Path) -> Iterator[Row]:
    """Both sides take turns, so that what else the machine does meets both."""
    stores = [folder / "ours.json", folder / "bare.json"]
    purse(stores[0])
    shutil.copy(*stores)
    journal = TimedJournal(folder / "till.sqlite")
    desk = PurseDesk(RING, journal, LIMIT, random=random.Random(SEED).randbytes)
    cards = [slot(daemon, stores[at], at, uid=UID.hex(), seed=SEED) for at in (0, 1)]
    with cards[0] as first, cards[1] as second, first.tapped() as held, second.tapped() as freed:
        freed.close()
        time.sleep(0.1)
        with _bare_connection(second.reader) as handle:
            pairs = [_pair(desk, journal, held, handle, at % 2 == 0) for at in range(2 * ROUNDS)]
    for name, begin in (("load", 0), ("tap payment", 1)):
        yield _row(name, pairs[begin::2])


def _row(name: str, pairs: list[Pair]) -> Row:
    ours = statistics.median(pair.ours for pair in pairs)
    bare = statistics.median(pair.bare for pair in pairs)
    disk = statistics.median(pair.disk for pair in pairs)
    ratio = statistics.median(pair.ours / pair.bare for pair in pairs)
    return (
        f"{name}, {pairs[0].exchanges} exchanges, journal durable / bare exchanges",
        f"{ratio:.2f} ({ours * 1e3:.2f} ms, {disk * 1e3:.2f} of it on disk / {bare * 1e3:.2f} ms)",
    )


def _pair(desk: PurseDesk, journal: TimedJournal, held: Card, handle: int, loading: bool) -> Pair:
    recorder = Recorder(held)
    journal.seconds = 0.0
    begun = time.perf_counter()
    if loading:
        desk.load(recorder, eur(1_00))
    else:
        desk.pay(recorder, eur(1_00))
    ours = time.perf_counter() - begun
    return Pair(len(recorder.sent), ours, journal.seconds, sent_bare(handle, recorder.sent))


@contextmanager
def _bare_connection(reader: str) -> Iterator[int]:
    api = scard()
    with context_of_its_own() as context:
        _, handle, _ = api.SCardConnect(
            context, reader, api.SCARD_SHARE_EXCLUSIVE, api.SCARD_PROTOCOL_T1
        )
        yield handle
        api.SCardDisconnect(handle, api.SCARD_LEAVE_CARD)


def _watching(daemon: Daemon, folder: Path) -> Iterator[Row]:
    with slot(daemon, folder / "watched.json") as card:
        taps = [_tap(card) for _ in range(TAPS)]
    told = statistics.median(ours - bare for ours, bare in taps)
    whole = statistics.median(ours for ours, _ in taps)
    yield (
        "tap to event, our watch after a bare wait for the same tap",
        f"{told * 1e3:+.1f} ms (whole {whole * 1e3:.0f} ms: vpcd looks every 400 ms)",
    )
    yield "processor time of the watch while idle", _idle()


def _tap(card: Slot) -> tuple[float, float]:
    """Seconds from the tap until our event, and until a bare SCardGetStatusChange returned."""
    seen, told = threading.Event(), []
    bare: list[float] = []

    def on_event(event: ReaderEvent) -> None:
        if isinstance(event, CardSeen):
            told.append(time.perf_counter())
            seen.set()

    reader = card.reader
    stop = PcscReaders().watch(on_event)
    waiting = threading.Thread(target=_wait_bare, args=(reader, bare))
    waiting.start()
    time.sleep(0.6)
    begun = time.perf_counter()
    card.process.tap()
    seen.wait(10)
    waiting.join(10)
    stop()
    card.pull()
    return told[0] - begun, bare[0] - begun


def _wait_bare(reader: str, told: list[float]) -> None:
    api = scard()
    with context_of_its_own() as context:
        state = [(reader, api.SCARD_STATE_UNAWARE)]
        while not state[0][1] & api.SCARD_STATE_PRESENT:
            _, states = api.SCardGetStatusChange(context, 10_000, state)
            state = [(reader, states[0][1])]
        told.append(time.perf_counter())


def _idle() -> str:
    stop = PcscReaders().watch(lambda _event: None)
    time.sleep(0.5)
    spent = time.process_time()
    time.sleep(IDLE_S)
    spent = time.process_time() - spent
    stop()
    return f"{spent / IDLE_S:.3%} of one core"
