"""A virtual card held without a reader, to be pulled before or after any exchange."""

from dataclasses import dataclass

from cardreader.errors import NoAnswer
from cardreader.virtual.chip import Chip


@dataclass(frozen=True)
class Pull:
    """Take the card away before, or after, it worked on exchange `at` (counted from 1)."""

    at: int
    after: bool


class HeldCard:
    """Fulfils the Card protocol. Each instance is one tap; power is gone when it ends."""

    def __init__(self, chip: Chip, pull: Pull | None = None) -> None:
        self.chip = chip
        self._pull = pull
        self._gone = False
        self.exchanges = 0
        chip.power()

    def transmit(self, apdu: bytes) -> bytes:
        if self._gone:
            raise NoAnswer("pulled")
        self.exchanges += 1
        if self._pull is None or self._pull.at != self.exchanges:
            return self.chip.exchange(apdu)
        if self._pull.after:
            self.chip.exchange(apdu)
        self.close()
        raise NoAnswer("pulled")

    def close(self) -> None:
        self._gone = True
        self.chip.power()
