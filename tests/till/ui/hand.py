"""A hand that holds cards to a simulated reader beside a till's window, and takes them away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cardreader.errors import NoAnswer
from cardreader.purse.prepare import prepare
from cardreader.virtual.chip import Chip
from cardreader.virtual.kinds import desfire
from cardreader.virtual.reader import SimulatedReader
from cardreader.virtual.window import SlippingChip
from resources.texts import Texts
from tests.cardreader.held import HeldCard
from tests.cardreader.venue import RING, UID
from tests.till.ui.world import World
from till.card_table import ReaderTable
from till.cards import CardDesk
from till.store.secrets import TillKeys, save_keys

COMMIT = 0xC7


class Hand:
    """Holds the card to the reader, and takes it away."""

    def __init__(self, reader: SimulatedReader) -> None:
        self.reader = reader
        self.chip = desfire(None, UID)
        prepare(HeldCard(self.chip), RING, "EUR")

    def tap(self) -> None:
        self.reader.tap(self.chip)

    def slip(self) -> None:
        self.reader.tap(SlippingChip(self.chip))

    def leave_at_once(self) -> None:
        self.reader.tap(Leaving(self.chip))

    def lose(self) -> None:
        self.reader.tap(Losing(self.chip))

    def tap_other(self, number: int) -> None:
        """Another card, as it comes from the factory."""
        self.reader.tap(desfire(None, bytes.fromhex("04") + number.to_bytes(6, "big")))


class Leaving:
    """A chip that answers its Commit and is gone before anything else is asked of it."""

    def __init__(self, chip: Chip) -> None:
        self._chip, self._gone = chip, False
        self.atr = chip.atr

    def power(self) -> None:
        self._chip.power()

    def exchange(self, apdu: bytes) -> bytes:
        if self._gone:
            raise NoAnswer("gone")
        answer = self._chip.exchange(apdu)
        self._gone = apdu[1] == COMMIT
        return answer


class Losing(Leaving):
    """A chip that is gone before its Commit reaches it."""

    def exchange(self, apdu: bytes) -> bytes:
        if apdu[1] == COMMIT:
            raise NoAnswer("gone")
        return self._chip.exchange(apdu)


@contextmanager
def reader_beside(world: World, texts: Callable[[], Texts] = lambda: Texts("en")) -> Iterator[Hand]:
    """A reader beside the till of `world`, until it is left; before anybody signs in."""
    folder = world.folder / "keys"
    save_keys(folder, TillKeys(signing_key=world.keys.signing_key, card_keys=RING.sealed()))
    reader = SimulatedReader()
    desk = CardDesk(world.counter, folder, reader)
    table = ReaderTable(desk, reader, texts, world.change)
    table.start()
    world.cards = table
    yield Hand(reader)
    table.stop()
