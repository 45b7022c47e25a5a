"""A card that only knows one recorded conversation, byte for byte."""

from pathlib import Path

DATA = Path(__file__).parent / "data"

Exchange = tuple[bytes, bytes]


def recorded_lines(name: str, first: int = 1, last: int | None = None) -> list[Exchange]:
    """What was sent (command and data) and answered (status and data), line by line."""
    lines = (DATA / f"{name}.replay").read_text().splitlines()[first - 1 : last]
    sent_answered = (line.split() for line in lines)
    return [(bytes.fromhex(sent), bytes.fromhex(answer)) for sent, answer in sent_answered]


def recorded_payload(name: str, first: int, last: int) -> bytes:
    """What was sent after the command byte in those lines."""
    return b"".join(sent[1:] for sent, _ in recorded_lines(name, first, last))


class RecordedCard:
    """Answers the recorded frames from line `first` to `last`, fails on one that differs."""

    def __init__(self, name: str, first: int = 1, last: int | None = None) -> None:
        self._lines = recorded_lines(name, first, last)

    def transmit(self, apdu: bytes) -> bytes:
        sent, answered = self._lines.pop(0)
        length = apdu[4] if len(apdu) > 5 else 0
        native = apdu[1:2] + apdu[5 : 5 + length]
        assert native.hex() == sent.hex()
        return answered[1:] + b"\x91" + answered[:1]

    def close(self) -> None:
        assert not self._lines, "the recording has more to say"
