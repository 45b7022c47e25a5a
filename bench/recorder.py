"""The same bytes once more, without us."""

import time
from dataclasses import dataclass, field

from cardreader.pcsc import scard
from cardreader.protocols import Card


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


def sent_bare(handle: int, sent: list[bytes]) -> float:
    """Seconds the same bytes take through pyscard alone."""
    api = scard()
    lists = [list(apdu) for apdu in sent]
    begun = time.perf_counter()
    for apdu in lists:
        _, answer = api.SCardTransmit(handle, api.SCARD_PCI_T1, apdu)
    seconds = time.perf_counter() - begun
    assert answer[-2:] == [0x91, 0x00], "the recorded run does not fit this card"
    return seconds
