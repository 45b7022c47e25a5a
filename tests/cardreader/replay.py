"""A card that only knows one recorded conversation, byte for byte."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


class RecordedCard:
    """Answers the recorded frames from line `first` to `last`, fails on one that differs."""

    def __init__(self, name: str, first: int = 1, last: int | None = None) -> None:
        lines = (DATA / f"{name}.replay").read_text().splitlines()
        self._lines = [line.split() for line in lines[first - 1 : last]]

    def transmit(self, apdu: bytes) -> bytes:
        sent, answered = (bytes.fromhex(part) for part in self._lines.pop(0))
        length = apdu[4] if len(apdu) > 5 else 0
        native = apdu[1:2] + apdu[5 : 5 + length]
        assert native.hex() == sent.hex()
        return answered[1:] + b"\x91" + answered[:1]

    def close(self) -> None:
        assert not self._lines, "the recording has more to say"


def recorded_payload(name: str, first: int, last: int) -> bytes:
    """What was sent after the command byte in those lines."""
    lines = (DATA / f"{name}.replay").read_text().splitlines()[first - 1 : last]
    return b"".join(bytes.fromhex(line.split()[0])[1:] for line in lines)
