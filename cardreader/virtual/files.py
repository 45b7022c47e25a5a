"""Commands that make, list and commit files. Each takes what followed the command code."""

from cardreader.virtual.access import find, inside, number, signed
from cardreader.virtual.applications import CREATE_FREE, LIST_FREE
from cardreader.virtual.chip import DesfireChip
from cardreader.virtual.faults import BOUNDARY, DUPLICATE, LENGTH, NO_CHANGES, PARAMETER, Fault
from cardreader.virtual.memory import Application, CyclicFile, ValueFile

FILE_TYPES = {ValueFile: 2, CyclicFile: 4}


def create_value_file(chip: DesfireChip, data: bytes) -> bytes:
    """CC: number, mode, rights, lower, upper, value, limited credit (off only)."""
    application = _creating(chip, b"\xcc", data, 17)
    lower, upper, value = (signed(data[i : i + 4]) for i in (4, 8, 12))
    if not lower <= value <= upper or data[16]:
        raise Fault(BOUNDARY if lower <= upper else PARAMETER)
    application.files[data[0]] = ValueFile(data[1], number(data[2:4]), lower, upper, value)
    chip.store.save()
    return chip.answered(b"")


def create_cyclic_file(chip: DesfireChip, data: bytes) -> bytes:
    """C0: number, mode, rights, bytes of a record, places."""
    application = _creating(chip, b"\xc0", data, 10)
    record_bytes, places = number(data[4:7]), number(data[7:10])
    if places < 2 or not record_bytes:
        raise Fault(PARAMETER)
    rights = number(data[2:4])
    application.files[data[0]] = CyclicFile(data[1], rights, record_bytes, places)
    chip.store.save()
    return chip.answered(b"")


def file_ids(chip: DesfireChip, data: bytes) -> bytes:
    """6F."""
    if not chip.settings & LIST_FREE:
        chip.demand(0)
    chip.received(b"\x6f", data)
    return chip.answered(bytes(inside(chip).files))


def file_settings(chip: DesfireChip, data: bytes) -> bytes:
    """F5."""
    if not chip.settings & LIST_FREE:
        chip.demand(0)
    file = find(chip, data)
    chip.received(b"\xf5", data)
    head = bytes([FILE_TYPES[type(file)], file.mode]) + file.rights.to_bytes(2, "little")
    if isinstance(file, ValueFile):
        limits = b"".join(n.to_bytes(4, "little", signed=True) for n in (file.lower, file.upper, 0))
        return chip.answered(head + limits + b"\0")
    sizes = (file.record_bytes, file.places, len(file.records))
    return chip.answered(head + b"".join(n.to_bytes(3, "little") for n in sizes))


def commit(chip: DesfireChip, data: bytes) -> bytes:
    """C7: all that is pending becomes valid at once."""
    application = inside(chip)
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
    application = inside(chip)
    if not chip.settings & CREATE_FREE:
        chip.demand(0)
    chip.received(command, data)
    if data[0] in application.files:
        raise Fault(DUPLICATE)
    return application


FILE_COMMANDS = {
    0xCC: create_value_file,
    0xC0: create_cyclic_file,
    0x6F: file_ids,
    0xF5: file_settings,
    0xC7: commit,
    0xA7: abort,
}
