"""Keys, amounts and cards the tests share."""

from pathlib import Path

from cardreader.keys import KeyRing, KeySet, Role
from cardreader.purse.prepare import prepare
from cardreader.virtual.chip import DesfireChip
from cardreader.virtual.kinds import desfire
from tests.cardreader.held import HeldCard
from vouchers.money import Money

UID = bytes.fromhex("04A1B2C3D4E5F6")
LIMIT = Money(150_00, "EUR")


def key_set(number: int, *roles: Role) -> KeySet:
    masters = {role: bytes([number, place]) * 8 for place, role in enumerate(Role)}
    return KeySet(number, {role: masters[role] for role in roles or tuple(Role)})


RING = KeyRing(b"museum", [key_set(1)], 1)
DEBIT_RING = KeyRing(b"museum", [key_set(1, Role.DEBIT)], 1)
NEXT_RING = KeyRing(b"museum", [key_set(1), key_set(2)], 2)
STRANGER = KeyRing(b"theatre", [KeySet(1, {role: bytes(range(16)) for role in Role})], 1)


def blank(path: Path | None = None, uid: bytes = UID) -> DesfireChip:
    return desfire(path, uid)


def purse(path: Path | None = None, uid: bytes = UID) -> DesfireChip:
    chip = blank(path, uid)
    prepare(HeldCard(chip), RING, "EUR")
    return chip


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def on_card(chip: DesfireChip) -> int:
    """The balance as it stands in the chip's own memory, without asking the driver."""
    (application,) = chip.store.memory.applications.values()
    return application.files[1].value  # type: ignore[union-attr]
