"""What a virtual card remembers without power: its keys, applications and files."""

from pathlib import Path

import msgspec
from msgspec import Struct, field

UNSET_KEY = bytes(16)


class Key(Struct):
    """An AES key, or with `des` the 8 bytes a factory-blank card comes with."""

    secret: bytes
    version: int = 0
    des: bool = False


class ValueFile(Struct, tag="value"):
    """A number between two limits."""

    mode: int
    rights: int
    lower: int
    upper: int
    value: int


class CyclicFile(Struct, tag="cyclic"):
    """The newest records, oldest first; one place of `places` is kept for the next."""

    mode: int
    rights: int
    record_bytes: int
    places: int
    records: list[bytes] = field(default_factory=list)


File = ValueFile | CyclicFile


class Application(Struct):
    """A folder with its own keys."""

    settings: int
    keys: list[Key]
    files: dict[int, File] = field(default_factory=dict)


class Memory(Struct):
    """A whole card. Without anything done to it: as it comes from the factory."""

    uid: bytes
    settings: int = 0x0F
    master: Key = field(default_factory=lambda: Key(bytes(8), des=True))
    applications: dict[str, Application] = field(default_factory=dict)


class Store:
    """Keeps a memory in a file, so that the card outlives its process; None keeps nothing."""

    def __init__(self, path: Path | None, uid: bytes) -> None:
        self._path = path
        if path is not None and path.exists():
            self.memory = msgspec.json.decode(path.read_bytes(), type=Memory)
        else:
            self.memory = Memory(uid)

    def save(self) -> None:
        """All or nothing, as the chip's own tear protection does it."""
        if self._path is None:
            return
        beside = self._path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(self.memory))
        beside.replace(self._path)
