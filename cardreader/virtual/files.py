"""Commands on the files of the selected application. Each takes what followed the code."""

from cardreader.virtual.applications import CREATE_FREE, LIST_FREE
from cardreader.virtual.chip import ENCIPHERED, MACED, DesfireChip
from cardreader.virtual.faults import (
    AUTHENTICATION,
    BOUNDARY,
    DUPLICATE,
    LENGTH,
    NO_CHANGES,
    NO_SUCH_FILE,
    PARAMETER,
    Fault,
)
from cardreader.virtual.memory import Application, CyclicFile, File, ValueFile

FILE_TYPES = {ValueFile: 2, CyclicFile: 4}


def create_value_file(chip: DesfireChip, data: bytes) -> bytes:
    """CC: number, mode, rights, lower, upper, value, limited credit (off only)."""
    application = _creating(chip, b"\xcc", data, 17)
    lower, upper, value = (_signed(data[i : i + 4]) for i in (4, 8, 12))
    if not lower <= value <= upper or data[16]:
        raise Fault(BOUNDARY if lower <= upper else PARAMETER)
    application.files[data[0]] = ValueFile(data[1], _number(data[2:4]), lower, upper, value)
    chip.store.save()
    return chip.answered(b"")


def create_cyclic_file(chip: DesfireChip, data: bytes) -> bytes:
    """C0: number, mode, rights, bytes of a record, places."""
    application = _creating(chip, b"\xc0", data, 10)
    record_bytes, places = _number(data[4:7]), _number(data[7:10])
    if places < 2 or not record_bytes:
        raise Fault(PARAMETER)
    rights = _number(data[2:4])
    application.files[data[0]] = CyclicFile(data[1], rights, record_bytes, places)
    chip.store.save()
    return chip.answered(b"")


def file_ids(chip: DesfireChip, data: bytes) -> bytes:
    """6F."""
    if not chip.settings & LIST_FREE:
        chip.demand(0)
    chip.received(b"\x6f", data)
    return chip.answered(bytes(_application(chip).files))


def file_settings(chip: DesfireChip, data: bytes) -> bytes:
    """F5."""
    if not chip.settings & LIST_FREE:
        chip.demand(0)
    file = _file(chip, data)
    chip.received(b"\xf5", data)
    head = bytes([FILE_TYPES[type(file)], file.mode]) + file.rights.to_bytes(2, "little")
    if isinstance(file, ValueFile):
        limits = b"".join(n.to_bytes(4, "little", signed=True) for n in (file.lower, file.upper, 0))
        return chip.answered(head + limits + b"\0")
    sizes = (file.record_bytes, file.places, len(file.records))
    return chip.answered(head + b"".join(n.to_bytes(3, "little") for n in sizes))


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
    start, length = _number(data[1:4]), _number(data[4:7])
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
    offset, count = _number(data[1:4]), _number(data[4:7])
    until = len(file.records) - offset
    count = count or until
    if until < 1 or count > until:
        raise Fault(BOUNDARY)
    chip.received(b"\xbb", data)
    return chip.answered(b"".join(file.records[until - count : until]), file.mode)


def commit(chip: DesfireChip, data: bytes) -> bytes:
    """C7: all that is pending becomes valid at once."""
    application = _application(chip)
    if not chip.pending:
        raise Fault(NO_CHANGES)
    chip.received(b"\xc7", data)
    application.files.update(chip.pending)
    chip.pending, chip.new_records = {}, set()
    chip.store.save()
    return chip.answered(b"")


def abort(chip: DesfireChip, data: bytes) -> bytes:
    """A7."""
    if not chip.pending:
        raise Fault(NO_CHANGES)
    chip.received(b"\xa7", data)
    chip.pending, chip.new_records = {}, set()
    return chip.answered(b"")


def _creating(chip: DesfireChip, command: bytes, data: bytes, length: int) -> Application:
    if len(data) != length:
        raise Fault(LENGTH)
    application = _application(chip)
    if not chip.settings & CREATE_FREE:
        chip.demand(0)
    chip.received(command, data)
    if data[0] in application.files:
        raise Fault(DUPLICATE)
    return application


def _change_value(chip: DesfireChip, command: bytes, data: bytes, sign: int, *rights: str) -> bytes:
    file = _value_file(chip, data[:1])
    chip.demand(*_rights(file, *rights))
    amount = _signed(_payload(chip, command + data[:1], data[1:], 4, file.mode))
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


def _application(chip: DesfireChip) -> Application:
    if chip.selected is None:
        raise Fault(AUTHENTICATION)
    return chip.selected


def _file(chip: DesfireChip, data: bytes) -> File:
    files = _application(chip).files
    if len(data) != 1 or data[0] not in files:
        raise Fault(NO_SUCH_FILE)
    return files[data[0]]


def _value_file(chip: DesfireChip, data: bytes) -> ValueFile:
    file = _file(chip, data)
    if not isinstance(file, ValueFile):
        raise Fault(PARAMETER)
    return file


def _cyclic_file(chip: DesfireChip, data: bytes) -> CyclicFile:
    file = _file(chip, data)
    if not isinstance(file, CyclicFile):
        raise Fault(PARAMETER)
    return file


def _rights(file: File, *names: str) -> list[int]:
    places = {"read": 12, "write": 8, "both": 4}
    return [file.rights >> places[name] & 0xF for name in names]


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


FILE_COMMANDS = {
    0xCC: create_value_file,
    0xC0: create_cyclic_file,
    0x6F: file_ids,
    0xF5: file_settings,
    0x6C: get_value,
    0x0C: credit,
    0xDC: debit,
    0x3B: write_record,
    0xBB: read_records,
    0xC7: commit,
    0xA7: abort,
}
