"""Commands on the card, its applications and keys. Each takes what followed the command code."""

from cardreader.virtual.chip import ENCIPHERED, DesfireChip
from cardreader.virtual.faults import (
    AUTHENTICATION,
    DUPLICATE,
    LENGTH,
    NO_SUCH_APPLICATION,
    NO_SUCH_KEY,
    PARAMETER,
    Fault,
)
from cardreader.virtual.memory import UNSET_KEY, Application, Key
from cardreader.virtual.secure import INTEGRITY_ERROR, CardSession, checksum

LIST_FREE, CREATE_FREE, SETTINGS_OPEN = 0x02, 0x04, 0x08
MASTER_OPEN = 0x01
AES = 0x80


def get_version(chip: DesfireChip, data: bytes) -> bytes:
    """60: hardware, software and production data of an EV3 with 8 kB; one answer, not three."""
    _expect(data, 0)
    chip.received(b"\x60", data)
    told = bytes.fromhex("04010133001805" + "04010103001805") + chip.store.memory.uid
    return chip.answered(told + bytes(5) + bytes.fromhex("4224"))


def select(chip: DesfireChip, data: bytes) -> bytes:
    """5A."""
    _expect(data, 3)
    chip.drop()
    if data == bytes(3):
        chip.selected = None
    elif data.hex() in chip.store.memory.applications:
        chip.selected = chip.store.memory.applications[data.hex()]
    else:
        raise Fault(NO_SUCH_APPLICATION)
    chip.selected_id = data
    return b""


def get_uid(chip: DesfireChip, data: bytes) -> bytes:
    """51: told only inside a session, enciphered."""
    _expect(data, 0)
    if chip.session is None:
        raise Fault(AUTHENTICATION)
    chip.received(b"\x51", data)
    return chip.answered(chip.store.memory.uid, ENCIPHERED)


def application_ids(chip: DesfireChip, data: bytes) -> bytes:
    """6A."""
    _expect(data, 0)
    _on_card(chip)
    if not chip.settings & LIST_FREE:
        chip.demand(0)
    chip.received(b"\x6a", data)
    return chip.answered(b"".join(bytes.fromhex(a) for a in chip.store.memory.applications))


def create_application(chip: DesfireChip, data: bytes) -> bytes:
    """CA: AES applications only."""
    _expect(data, 5)
    _on_card(chip)
    if not chip.settings & CREATE_FREE:
        chip.demand(0)
    chip.received(b"\xca", data)
    if data[4] & 0xC0 != AES or not 1 <= data[4] & 0x0F <= 14 or data[:3] == bytes(3):
        raise Fault(PARAMETER)
    if data[:3].hex() in chip.store.memory.applications:
        raise Fault(DUPLICATE)
    keys = [Key(UNSET_KEY) for _ in range(data[4] & 0x0F)]
    chip.store.memory.applications[data[:3].hex()] = Application(data[3], keys)
    chip.store.save()
    return chip.answered(b"")


def delete_application(chip: DesfireChip, data: bytes) -> bytes:
    """DA, with the card's key."""
    _expect(data, 3)
    _on_card(chip)
    chip.demand(0)
    chip.received(b"\xda", data)
    if chip.store.memory.applications.pop(data.hex(), None) is None:
        raise Fault(NO_SUCH_APPLICATION)
    chip.store.save()
    return chip.answered(b"")


def get_key_settings(chip: DesfireChip, data: bytes) -> bytes:
    """45."""
    _expect(data, 0)
    if not chip.settings & LIST_FREE:
        chip.demand(0)
    chip.received(b"\x45", data)
    count = 1 if chip.selected is None else len(chip.selected.keys)
    return chip.answered(bytes([chip.settings, count | (0 if chip.key(0).des else AES)]))


def change_key_settings(chip: DesfireChip, data: bytes) -> bytes:
    """54."""
    chip.demand(0)
    if not chip.settings & SETTINGS_OPEN:
        raise Fault(AUTHENTICATION)
    settings = chip.received_sealed(b"\x54", data, 1)[0]
    if chip.selected is None:
        chip.store.memory.settings = settings
    else:
        chip.selected.settings = settings
    chip.store.save()
    return chip.answered(b"")


def get_key_version(chip: DesfireChip, data: bytes) -> bytes:
    """64: asks for no session."""
    _expect(data, 1)
    version = chip.key(data[0]).version
    chip.received(b"\x64", data)
    return chip.answered(bytes([version]))


def change_key(chip: DesfireChip, data: bytes) -> bytes:
    """C4: to an AES key, under the master key of the application (or of the card)."""
    if len(data) < 2 or chip.session is None:
        raise Fault(LENGTH if len(data) < 2 else AUTHENTICATION)
    chip.demand(0)
    number = data[0] & 0x0F
    if chip.selected is None and data[0] != AES:
        raise Fault(NO_SUCH_KEY)
    if number == 0 and not chip.settings & MASTER_OPEN:
        raise Fault(AUTHENTICATION)
    key = chip.key(number)
    own = number == chip.session.key_number
    key.secret, key.version = _new_key(chip.session, data, None if own else key)
    key.des = False
    chip.store.save()
    if own:
        chip.drop()
    return chip.answered(b"")


def _new_key(session: CardSession, data: bytes, other: Key | None) -> tuple[bytes, int]:
    """Secret and version from the cryptogram; `other` is the key replaced, if not our own."""
    plain = session.open(data[1:])
    sent, crc, rest = plain[:17], plain[17:21], plain[21:]
    secret = sent[:16]
    if other is not None:
        secret = bytes(a ^ b for a, b in zip(secret, other.secret, strict=True))
        crc_of_key, rest = rest[:4], rest[4:]
        if crc_of_key != checksum(secret):
            raise Fault(INTEGRITY_ERROR)
    if crc != checksum(b"\xc4" + data[:1] + sent) or any(rest):
        raise Fault(INTEGRITY_ERROR)
    return secret, sent[16]


def _expect(data: bytes, length: int) -> None:
    if len(data) != length:
        raise Fault(LENGTH)


def _on_card(chip: DesfireChip) -> None:
    if chip.selected is not None:
        raise Fault(PARAMETER)


APPLICATION_COMMANDS = {
    0x60: get_version,
    0x5A: select,
    0x51: get_uid,
    0x6A: application_ids,
    0xCA: create_application,
    0xDA: delete_application,
    0x45: get_key_settings,
    0x54: change_key_settings,
    0x64: get_key_version,
    0xC4: change_key,
}
