"""What the rest asks of a reader and of a card, whatever carries the bytes."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct


class CardSeen(Struct, frozen=True):
    """A card came into the field of `reader`; `atr` is what it said on power-up."""

    reader: str
    atr: bytes


class CardTaken(Struct, frozen=True):
    """The card left the field of `reader`, or the reader left with it."""

    reader: str


class ReadersChanged(Struct, frozen=True):
    """The readers that can take cards now; none with `service` false when the service is away."""

    readers: tuple[str, ...]
    service: bool = True


ReaderEvent = CardSeen | CardTaken | ReadersChanged


class Card(Protocol):
    """A card in the field, ours alone until it is closed."""

    def transmit(self, apdu: bytes) -> bytes:
        """Send one command, return the whole answer with its two status bytes.

        Raises NoAnswer whenever the answer is missing, whatever the cause. Returns or raises
        within the deadline it was opened with; after a NoAnswer it never sends again.
        """

    def close(self) -> None:
        """Power the card down, which drops all that it has not committed; never raises."""


class CardReader(Protocol):
    """All readers of this machine."""

    def list_readers(self) -> list[str]:
        """Names of the readers that take visitors' cards. Raises OperatingError."""

    def connect(self, reader: str) -> Card:
        """The card on `reader`, exclusively. Raises ReaderGone, NoCard, CardInUse."""

    def watch(self, on_event: Callable[[ReaderEvent], None]) -> Callable[[], None]:
        """Report events, from a thread of its own, until the returned function is called."""
