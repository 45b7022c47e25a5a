"""Cards through real pcscd: a load and a tap payment against their own bare exchanges.

The bare side sends the very bytes of a recorded run through pyscard, to a card restored to the
same memory and random numbers: what is left of the difference is ours (cryptography, threads,
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
from dataclasses import dataclass, field
from pathlib import Path

from cardreader.pcsc import context_of_its_own, scard
from cardreader.protocols import Card, CardSeen, ReaderEvent
from cardreader.purse.desk import PurseDesk
from cardreader.readers import PcscReaders
from tests.cardreader.journal import SqliteJournal
from tests.cardreader.pcscd import SOCKET, Daemon
from tests.cardreader.slot import Slot, slot
from tests.cardreader.venue import LIMIT, RING, eur, purse

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
            return [*_movements(daemon, Path(folder)), *_watching(daemon, Path(folder))]
    finally:
        daemon.close()


@dataclass
class Recorder:
    """Passes exchanges on and keeps what was sent."""

    card: Card
    sent: list[bytes] = field(default_factory=list)

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu)
        return self.card.transmit(apdu)

    def close(self) -> None:
        self.card.close()


@dataclass
class Run:
    """One operation: what it sent and how long it took."""

    sent: list[bytes]
    seconds: float


def _movements(daemon: Daemon, folder: Path) -> Iterator[Row]:
    fresh, worn = folder / "fresh.json", folder / "worn.json"
    purse(fresh)
    shutil.copy(fresh, worn)
    with slot(daemon, worn, seed=SEED) as card, card.tapped() as held:
        desk = PurseDesk(
            RING,
            SqliteJournal(folder / "till.sqlite"),
            LIMIT,
            random=random.Random(SEED).randbytes,
        )
        runs = [_run(desk, held, loading=at % 2 == 0) for at in range(2 * ROUNDS)]
    bare = _bare(daemon, fresh, runs)
    for name, first in (("load", 0), ("tap payment", 1)):
        ours = statistics.median(run.seconds for run in runs[first::2])
        wire = statistics.median(bare[first::2])
        count = len(runs[first].sent)
        yield (
            f"{name}, {count} exchanges, journal durable / bare exchanges",
            f"{ours / wire:.2f} ({ours * 1e3:.2f} ms / {wire * 1e3:.2f} ms)",
        )


def _run(desk: PurseDesk, held: Card, *, loading: bool) -> Run:
    recorder = Recorder(held)
    begun = time.perf_counter()
    if loading:
        desk.load(recorder, eur(1_00))
    else:
        desk.pay(recorder, eur(1_00))
    return Run(recorder.sent, time.perf_counter() - begun)


def _bare(daemon: Daemon, store: Path, runs: list[Run]) -> list[float]:
    """Seconds the same bytes take without us."""
    api = scard()
    seconds = []
    with slot(daemon, store, seed=SEED) as card, card.tapped() as held:
        held.close()
        time.sleep(0.1)
        with context_of_its_own() as context:
            _, handle, _ = api.SCardConnect(
                context, card.reader, api.SCARD_SHARE_EXCLUSIVE, api.SCARD_PROTOCOL_T1
            )
            for run in runs:
                lists = [list(apdu) for apdu in run.sent]
                begun = time.perf_counter()
                for apdu in lists:
                    _, answer = api.SCardTransmit(handle, api.SCARD_PCI_T1, apdu)
                seconds.append(time.perf_counter() - begun)
                assert answer[-2:] == [0x91, 0x00], "the recorded run does not fit this card"
            api.SCardDisconnect(handle, api.SCARD_LEAVE_CARD)
    return seconds


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
