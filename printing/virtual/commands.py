"""The commands a receipt printer knows, read off a stream of bytes.

Written from the Epson ESC/POS command reference, not from our renderer: what is not in here is
refused. Each command is told with its parameters; parameters of variable length follow the length
that the reference gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass

ESC, GS, FS, DLE = 0x1B, 0x1D, 0x1C, 0x10


class NotInReference(Exception):
    """Bytes that the command reference does not know."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name in the reference, or `text` for printable bytes."""

    name: str
    data: bytes = b""


FIXED = {
    (ESC, ord("@")): ("ESC @", 0),
    (ESC, ord("t")): ("ESC t", 1),
    (ESC, ord("3")): ("ESC 3", 1),
    (ESC, ord("2")): ("ESC 2", 0),
    (ESC, ord("J")): ("ESC J", 1),
    (ESC, ord("d")): ("ESC d", 1),
    (ESC, ord("a")): ("ESC a", 1),
    (ESC, ord("E")): ("ESC E", 1),
    (ESC, ord("M")): ("ESC M", 1),
    (ESC, ord("-")): ("ESC -", 1),
    (ESC, ord("R")): ("ESC R", 1),
    (ESC, ord("p")): ("ESC p", 3),
    (GS, ord("!")): ("GS !", 1),
    (GS, ord("B")): ("GS B", 1),
    (GS, ord("r")): ("GS r", 1),
    (GS, ord("L")): ("GS L", 2),
    (GS, ord("W")): ("GS W", 2),
    (GS, 0x0C): ("GS FF", 0),
    (GS, 0xE7): ("GS E7", 2),
    (GS, 0xF6): ("GS F6", 0),
    (GS, 0xF8): ("GS F8", 0),
    (ESC, ord("i")): ("ESC i", 0),
}
"""Two bytes, then a fixed number of parameters. The last four: Custom VKP80II commands manual."""

REAL_TIME = {0x04: 1, 0x05: 1}
"""DLE EOT n and DLE ENQ n: carried out as they are received."""

MEANINGFUL = {
    "ESC t": frozenset(range(256)),
    "ESC a": frozenset((0, 1, 2, 48, 49, 50)),
    "ESC E": frozenset(range(256)),
    "ESC M": frozenset((0, 1, 48, 49)),
    "ESC -": frozenset((0, 1, 2, 48, 49, 50)),
    "GS !": frozenset(width << 4 | height for width in range(8) for height in range(8)),
    "GS r": frozenset((1, 2, 49, 50)),
}
"""What a first parameter may be."""


FUNCTIONS = {"GS ( H": frozenset({48}), "FS ( L": frozenset({65, 66, 67})}
"""The functions of commands that carry their length."""


class Reader:
    """Cuts a stream into commands; keeps what is not complete yet."""

    def __init__(self) -> None:
        self._held = b""

    @property
    def incomplete(self) -> bool:
        """Whether a command has begun that has not ended."""
        return bool(self._held)

    def feed(self, data: bytes) -> Iterator[Command]:
        """The commands completed by `data`. Raises NotInReference."""
        self._held += data
        while self._held:
            length, command = _first(self._held)
            if command is None:
                return
            self._held = self._held[length:]
            yield command


def real_time(data: bytes) -> Iterator[tuple[str, int]]:
    """The real-time commands in a run of received bytes, wherever they stand: even in a raster."""
    for i in range(len(data) - 2):
        if data[i] == DLE and data[i + 1] in REAL_TIME and 1 <= data[i + 2] <= 8:
            yield ("DLE EOT" if data[i + 1] == 0x04 else "DLE ENQ"), data[i + 2]


def _first(held: bytes) -> tuple[int, Command | None]:
    lead = held[0]
    if lead >= 0x20 and lead != 0x7F:
        end = next((i for i, byte in enumerate(held) if byte < 0x20 or byte == 0x7F), len(held))
        return end, Command("text", held[:end])
    if lead in {0x00, 0x0A}:
        return 1, Command("LF" if lead else "NUL")
    if lead == DLE:
        return _real_time(held)
    if lead in {ESC, GS, FS}:
        return _escape(held) if len(held) > 1 else (0, None)
    raise NotInReference(f"byte {lead:02x}")


def _real_time(held: bytes) -> tuple[int, Command | None]:
    if len(held) < 3:
        return 0, None
    if held[1] not in REAL_TIME:
        raise NotInReference(f"DLE {held[1]:02x}")
    return 3, Command("DLE", held[1:3])


def _escape(held: bytes) -> tuple[int, Command | None]:
    lead, second = held[0], held[1]
    if (lead, second) in FIXED:
        name, parameters = FIXED[lead, second]
        if len(held) < 2 + parameters:
            return 0, None
        data = held[2 : 2 + parameters]
        if name in MEANINGFUL and data[0] not in MEANINGFUL[name]:
            raise NotInReference(f"{name} {data.hex(' ')}")
        return 2 + parameters, Command(name, data)
    if lead == GS and second == ord("V"):
        return _cut(held)
    if lead == GS and second == ord("v"):
        return _raster(held)
    if second == ord("("):
        return _function(held)
    raise NotInReference(held[:2].hex(" "))


def _cut(held: bytes) -> tuple[int, Command | None]:
    """GS V m, or GS V 65/66 n that feeds first."""
    if len(held) < 3:
        return 0, None
    if held[2] in {0, 1, 48, 49}:
        return 3, Command("GS V", held[2:3])
    if held[2] not in {65, 66}:
        raise NotInReference(f"GS V {held[2]:02x}")
    return (4, Command("GS V", held[2:4])) if len(held) >= 4 else (0, None)


def _raster(held: bytes) -> tuple[int, Command | None]:
    """GS v 0 m xL xH yL yH d1...dk: k = x * y bytes."""
    if len(held) < 8:
        return 0, None
    if held[2] != ord("0") or held[3] not in {0, 48}:
        raise NotInReference(f"GS v {held[2:4].hex(' ')}")
    columns, rows = held[4] | held[5] << 8, held[6] | held[7] << 8
    if not columns or not 1 <= rows <= 2303:
        raise NotInReference(f"GS v 0 with {columns} x {rows}")
    length = 8 + columns * rows
    return (length, Command("GS v 0", held[4:length])) if len(held) >= length else (0, None)


def _function(held: bytes) -> tuple[int, Command | None]:
    """GS ( x pL pH ... and FS ( x pL pH ...: the length stands in the command."""
    if len(held) < 5:
        return 0, None
    length = 5 + (held[3] | held[4] << 8)
    name = f"{'GS' if held[0] == GS else 'FS'} ( {chr(held[2])}"
    data = held[5:length]
    if name not in FUNCTIONS:
        raise NotInReference(name)
    if len(held) < length:
        return 0, None
    if data[0] not in FUNCTIONS[name]:
        raise NotInReference(f"{name} {data.hex(' ')}")
    return length, Command(name, data)
