"""Taps at a till through real pcscd: connect, recognise, settle, move, book, print job, let go.

The bare side sends the very bytes just sent, on a connection of its own, to a twin of the card.
"""

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from bench.recorder import Recorder, sent_bare
from cardreader.pcsc import context_of_its_own, scard
from cardreader.protocols import Card, CardSeen
from cardreader.readers import PcscReaders
from cardreader.virtual.kinds import desfire
from tests.cardreader.held import HeldCard
from tests.cardreader.pcscd import Daemon
from tests.cardreader.slot import slot
from tests.cardreader.venue import UID, eur
from tests.till.cards.venue import CASHIER, Ledger, LivingTill, enrol, living
from till import card_sales
from till.counter.basket import OPEN_AMOUNT
from till.counter.card_purpose import card_load
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from vouchers.voucher import Medium

Row = tuple[str, str]
ROUNDS = 40
SEED = 7


class RecordingReaders(PcscReaders):
    """Keeps what was sent to the card connected last."""

    last: Recorder

    def connect(self, reader: str) -> Card:
        self.last = Recorder(super().connect(reader))
        return self.last


@dataclass
class Tap:
    """One tap and its bare exchanges, seconds."""

    exchanges: int
    ours: float
    bare: float


def taps(daemon: Daemon, folder: Path) -> Iterator[Row]:
    """Loads and payments in turns, as a cashier makes them."""
    stores = [folder / "tapped.json", folder / "twin.json"]
    server = Ledger(folder / "server")
    readers = RecordingReaders()
    with living(enrol(folder / "till", "till", server), server, readers) as till:
        till.cards.initialise(HeldCard(desfire(stores[0], UID)), CASHIER)
        shutil.copy(*stores)
        cards = [slot(daemon, stores[at], at, uid=UID.hex(), seed=SEED) for at in (0, 1)]
        with cards[0] as ours, cards[1] as twin:
            ours.tap()
            twin.tap()
            done = [
                _tap(till, readers, ours.reader, twin.reader, loading=at % 2 == 0)
                for at in range(2 * ROUNDS)
            ]
            ours.pull()
            twin.pull()
    for name, begin in (("load", 0), ("payment", 1)):
        yield _row(name, done[begin::2])


def _tap(
    till: LivingTill, readers: RecordingReaders, reader: str, twin: str, *, loading: bool
) -> Tap:
    seen = CardSeen(reader, desfire(None, UID).atr)
    sale = Sale.new("EUR").add(OPEN_AMOUNT, 1, eur(1_00))
    loaded = replace(Sale.new("EUR"), medium=Medium.CARD).add(card_load(eur(1_00)))
    begun = time.perf_counter()
    with till.cards.purse(seen) as card:
        if loading:
            card_sales.load(till.cards, card, loaded.tender(TenderKind.CASH), CASHIER)
        else:
            card_sales.pay(till.cards, card, sale, CASHIER)
    ours = time.perf_counter() - begun
    sent = readers.last.sent
    begun = time.perf_counter()
    with _bare_connection(twin) as handle:
        sent_bare(handle, sent)
    return Tap(len(sent), ours, time.perf_counter() - begun)


@contextmanager
def _bare_connection(reader: str) -> Iterator[int]:
    api = scard()
    with context_of_its_own() as context:
        _, handle, _ = api.SCardConnect(
            context, reader, api.SCARD_SHARE_EXCLUSIVE, api.SCARD_PROTOCOL_T1
        )
        yield handle
        api.SCardDisconnect(handle, api.SCARD_RESET_CARD)


def _row(name: str, done: list[Tap]) -> Row:
    ours, bare = (
        statistics.median(getattr(tap, side) for tap in done) for side in ("ours", "bare")
    )
    ratio = statistics.median(tap.ours / tap.bare for tap in done)
    return (
        f"tap at the till, {name}, {done[0].exchanges} exchanges, booked / bare exchanges",
        f"{ratio:.2f} ({ours * 1e3:.1f} ms / {bare * 1e3:.1f} ms)",
    )
