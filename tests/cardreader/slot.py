"""A virtual card and the slot it belongs to, as a cashier sees them: tap, and it is there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cardreader.errors import CardServiceAway
from cardreader.pcsc import context_of_its_own, reader_names, scard
from cardreader.pcsc_card import PcscCard, connect
from cardreader.readers import list_readers
from tests.cardreader.card_process import CardProcess
from tests.cardreader.pcscd import Daemon
from tests.cardreader.waiting import eventually

REST_S = 0.5  # vpcd looks every 0.4 s and can miss a card that comes back sooner
STALLED_S = 1.5
HANGING_DEADLINE_MS, DEADLINE_MS = 700, 5_000
"""Short only where the card is to hang: elsewhere a busy machine must not pass for a dead card."""


class Slot:
    """One virtual card at one of the two slots."""

    def __init__(
        self,
        daemon: Daemon,
        number: int,
        store: Path | None,
        *,
        uid: str = "",
        kind: str = "desfire",
        seed: int | None = None,
    ) -> None:
        self._daemon = daemon
        self._number = number
        self.process = CardProcess(
            daemon.port + number, store, uid=uid or f"04A1B2C3D4E5F{number}", kind=kind, seed=seed
        )

    @property
    def reader(self) -> str:
        eventually(lambda: len(list_readers()) == 2, self._daemon.trouble)
        return list_readers()[self._number]

    @contextmanager
    def tapped(self, mishap: str = "", at: int = 0) -> Iterator[PcscCard]:
        """The card on the reader for as long as the block lasts, with a mishap on the way."""
        reader = self.reader
        self.process.say("plan")
        self.tap()
        card = connect(reader, HANGING_DEADLINE_MS if mishap == "hang" else DEADLINE_MS)
        if mishap:
            self.process.plan(mishap, at)
        try:
            yield card
        finally:
            card.close()
            self.pull()

    @contextmanager
    def lying(self, mishap: str = "", at: int = 0) -> Iterator[None]:
        """On the reader for a till that connects by itself; its first exchange is number 1."""
        self.process.say("plan")
        if mishap:
            self.process.plan(mishap, at)
        self.tap()
        try:
            yield
        finally:
            self.pull()

    def pull(self) -> None:
        """Gone when the service knows it: it looks every 0.4 s."""
        self.process.pull()
        self._daemon.pulled_at[self._number] = time.monotonic()
        eventually(lambda: not _is_present(self._number), self._daemon.trouble)

    def tap(self) -> None:
        """There when the service knows it."""
        for _ in range(3):
            rested = time.monotonic() - self._daemon.pulled_at.get(self._number, 0.0)
            time.sleep(max(0.0, REST_S - rested))
            self.process.tap()
            with suppress(AssertionError):
                eventually(lambda: _is_present(self._number), seconds=STALLED_S)
                return
            self.pull()
        raise AssertionError(self._daemon.trouble())

    def close(self) -> None:
        self.process.close()


def _is_present(number: int) -> bool:
    """Whether the service sees a card in that slot; no service, no slot: no card."""
    api = scard()
    try:
        with context_of_its_own() as context:
            asked = [(reader_names(context)[number], api.SCARD_STATE_UNAWARE)]
            _, states = api.SCardGetStatusChange(context, 0, asked)
    except (CardServiceAway, IndexError):
        return False
    return bool(states[0][1] & api.SCARD_STATE_PRESENT)


@contextmanager
def slot(
    daemon: Daemon,
    store: Path | None,
    number: int = 0,
    *,
    uid: str = "",
    kind: str = "desfire",
    seed: int | None = None,
) -> Iterator[Slot]:
    """A card in its own process for as long as the block lasts."""
    held = Slot(daemon, number, store, uid=uid, kind=kind, seed=seed)
    try:
        yield held
    finally:
        held.close()
