"""Finding applications and files, and reading numbers, for the commands on files."""

from cardreader.virtual.chip import DesfireChip
from cardreader.virtual.faults import AUTHENTICATION, NO_SUCH_FILE, Fault
from cardreader.virtual.memory import Application, File


def inside(chip: DesfireChip) -> Application:
    """The selected application. Raises Fault outside of one."""
    if chip.selected is None:
        raise Fault(AUTHENTICATION)
    return chip.selected


def find(chip: DesfireChip, data: bytes) -> File:
    """A file by the one byte that names it. Raises Fault."""
    files = inside(chip).files
    if len(data) != 1 or data[0] not in files:
        raise Fault(NO_SUCH_FILE)
    return files[data[0]]


def number(data: bytes) -> int:
    """Little-endian."""
    return int.from_bytes(data, "little")


def signed(data: bytes) -> int:
    """Little-endian, with a sign."""
    return int.from_bytes(data, "little", signed=True)
