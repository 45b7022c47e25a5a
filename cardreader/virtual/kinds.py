"""The cards that can be held to the virtual reader, by name."""

import secrets
from collections.abc import Callable
from pathlib import Path

from cardreader.virtual.applications import APPLICATION_COMMANDS
from cardreader.virtual.chip import Chip, DesfireChip
from cardreader.virtual.contents import CONTENT_COMMANDS
from cardreader.virtual.files import FILE_COMMANDS
from cardreader.virtual.memory import Store
from cardreader.virtual.tag import TagChip

Random = Callable[[int], bytes]
MakeChip = Callable[[Path | None, bytes, Random], Chip]

_STORAGE = "3B8F8001804F0CA000000306{standard}{name}00000000"


class StorageChip:
    """A card whose memory the till never touches: it tells its UID and nothing else."""

    def __init__(self, atr: bytes, uid: bytes) -> None:
        self.atr = atr
        self._uid = uid

    def power(self) -> None:
        """Nothing lives on power alone."""

    def exchange(self, apdu: bytes) -> bytes:
        """The reader's UID request; all else is not understood."""
        return self._uid + b"\x90\x00" if apdu.startswith(b"\xff\xca") else b"\x6a\x81"


class BankChip(StorageChip):
    """A payment card: knows the payment directory by name."""

    def exchange(self, apdu: bytes) -> bytes:
        """Select of 2PAY.SYS.DDF01 succeeds."""
        return b"\x6f\x00\x90\x00" if b"2PAY.SYS.DDF01" in apdu else super().exchange(apdu)


def desfire(store: Path | None, uid: bytes, random: Random = secrets.token_bytes) -> DesfireChip:
    """A factory-blank card, or what the file at `store` remembers."""
    return DesfireChip(
        Store(store, uid), APPLICATION_COMMANDS | FILE_COMMANDS | CONTENT_COMMANDS, random
    )


def storage_atr(name: str) -> bytes:
    """The ATR PC/SC part 3 builds for an ISO 14443 A storage card called `name` (4 digits)."""
    body = bytes.fromhex(_STORAGE.format(standard="03", name=name))
    check = 0
    for byte in body[1:]:
        check ^= byte
    return body + bytes([check])


def _storage(name: str) -> MakeChip:
    return lambda _store, uid, _random: StorageChip(storage_atr(name), uid)


KINDS: dict[str, MakeChip] = {
    "desfire": desfire,
    "ntag424": lambda store, uid, random: TagChip(Store(store, uid), random),
    "classic": _storage("0001"),
    "ultralight": _storage("0003"),
    "bank": lambda _store, uid, _random: BankChip(bytes.fromhex("3B8580018073C821100E"), uid),
}


def chip_of_kind(
    kind: str, store: Path | None, uid: bytes, random: Random = secrets.token_bytes
) -> Chip:
    """A chip to hold to the reader."""
    return KINDS[kind](store, uid, random)
