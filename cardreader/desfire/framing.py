"""Native DESFire commands in ISO 7816-4 clothes: `90 CMD 00 00 [Lc data] 00`, `data 91 ST`."""

from cardreader.errors import NoAnswer

FRAME_DATA_MAX = 55
"""Data bytes of one frame: with its clothes it fits the 61 bytes a card of FSC 64 takes whole."""

_CLASS, _ANSWERED = 0x90, 0x91


class NotDesfire(NoAnswer):
    """The answer is not in native DESFire statuses: another kind of card."""


def wrap(command: int, data: bytes) -> bytes:
    """The APDU that carries one native frame."""
    body = bytes([len(data)]) + data if data else b""
    return bytes([_CLASS, command, 0, 0]) + body + b"\0"


def unwrap(answer: bytes) -> tuple[int, bytes]:
    """Status and data of one answered frame.

    Raises NotDesfire, which is a NoAnswer: in mid-talk it is not the card we were talking to.
    """
    if len(answer) < 2 or answer[-2] != _ANSWERED:
        raise NotDesfire(answer[-2:].hex())
    return answer[-1], answer[:-2]


def frames(data: bytes, size_max: int) -> list[bytes]:
    """`data` cut into frames."""
    return [data[i : i + size_max] for i in range(0, len(data), size_max)]
