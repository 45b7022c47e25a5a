"""Commands on what files hold. Each takes what followed the command code."""

from cardreader.virtual.access import find, number, signed
from cardreader.virtual.chip import ENCIPHERED, MACED, DesfireChip
from cardreader.virtual.faults import BOUNDARY, LENGTH, PARAMETER, Fault
from cardreader.virtual.memory import CyclicFile, File, ValueFile


def get_value(chip: DesfireChip, data: bytes) -> bytes:
    """6C: the committed value."""
    file = _value_file(chip, data)
    chip.demand(*_rights(file, "read", "write", "both"))
    chip.received(b"\x6c", data)
    return chip.answered(file.value.to_bytes(4, "little", signed=True), file.mode)


def credit(chip: DesfireChip, data: bytes) -> bytes:
    """0C: pending."""
    return _change_value(chip, b"\x0c", data, 1, "both")


def debit(chip: DesfireChip, data: bytes) -> bytes:
    """DC: pending."""
    return _change_value(chip, b"\xdc", data, -1, "read", "write", "both")


def write_record(chip: DesfireChip, data: bytes) -> bytes:
    """3B: into the one new record of this transaction."""
    if len(data) < 7:
        raise Fault(LENGTH)
    file = _cyclic_file(chip, data[:1])
    chip.demand(*_rights(file, "write", "both"))
    start, length = number(data[1:4]), number(data[4:7])
    if start + length > file.record_bytes:
        raise Fault(BOUNDARY)
    record = _payload(chip, b"\x3b" + data[:7], data[7:], length, file.mode)
    pending = chip.touch(data[0], file)
    if data[0] not in chip.new_records:
        pending.records = [*pending.records, bytes(file.record_bytes)][-(file.places - 1) :]
        chip.new_records.add(data[0])
    newest = pending.records[-1]
    pending.records[-1] = newest[:start] + record + newest[start + length :]
    return chip.answered(b"")


def read_records(chip: DesfireChip, data: bytes) -> bytes:
    """BB: `count` committed records up to the one `offset` places before the newest."""
    if len(data) != 7:
        raise Fault(LENGTH)
    file = _cyclic_file(chip, data[:1])
    chip.demand(*_rights(file, "read", "both"))
    offset, count = number(data[1:4]), number(data[4:7])
    until = len(file.records) - offset
    count = count or until
    if until < 1 or count > until:
        raise Fault(BOUNDARY)
    chip.received(b"\xbb", data)
    return chip.answered(b"".join(file.records[until - count : until]), file.mode)


def _change_value(chip: DesfireChip, command: bytes, data: bytes, sign: int, *rights: str) -> bytes:
    file = _value_file(chip, data[:1])
    chip.demand(*_rights(file, *rights))
    amount = signed(_payload(chip, command + data[:1], data[1:], 4, file.mode))
    pending = chip.touch(data[0], file)
    if amount < 0:
        raise Fault(PARAMETER)
    if not file.lower <= pending.value + sign * amount <= file.upper:
        raise Fault(BOUNDARY)
    pending.value += sign * amount
    return chip.answered(b"")


def _payload(chip: DesfireChip, command: bytes, data: bytes, length: int, mode: int) -> bytes:
    if mode == ENCIPHERED:
        return chip.received_sealed(command, data, length)
    plain = chip.received(command, data, mode if mode == MACED else 0)
    if len(plain) != length:
        raise Fault(LENGTH)
    return plain


def _value_file(chip: DesfireChip, data: bytes) -> ValueFile:
    file = find(chip, data)
    if not isinstance(file, ValueFile):
        raise Fault(PARAMETER)
    return file


def _cyclic_file(chip: DesfireChip, data: bytes) -> CyclicFile:
    file = find(chip, data)
    if not isinstance(file, CyclicFile):
        raise Fault(PARAMETER)
    return file


def _rights(file: File, *names: str) -> list[int]:
    places = {"read": 12, "write": 8, "both": 4}
    return [file.rights >> places[name] & 0xF for name in names]


CONTENT_COMMANDS = {
    0x6C: get_value,
    0x0C: credit,
    0xDC: debit,
    0x3B: write_record,
    0xBB: read_records,
}
