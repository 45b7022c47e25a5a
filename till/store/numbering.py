"""Numbers that no paper of this venue has had before, whatever becomes of the till's books.

Beside the database, where a backup put back leaves it alone, stands how far the numbers have come.
See docs/decisions/0612-receipt-numbers.md.
"""

import logging
import secrets
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from till.store import receipts, settings, shifts
from till.store.database import Database, Work
from vouchers.codes import ALPHABET

MARK_FILE = "till.numbers"
GENERATION_SIGNS = 5

log = logging.getLogger(__name__)


class Mark(Struct, frozen=True, kw_only=True):
    """The newest receipt and the newest Z report that were given, and what they began with."""

    numbers_as: str
    receipt: int
    z_report: int


def note_numbers(folder: Path, database: Database) -> None:
    """Write down how far the numbers have come. A disk that refuses keeps nobody from selling."""
    with database.read() as work:
        mark = _mark_of(work)
    if mark is None or mark == _read(folder):
        return
    try:
        (folder / MARK_FILE).write_bytes(msgspec.json.encode(mark))
    except OSError as trouble:
        log.warning("how far receipt numbers have come is not written down: %s", trouble)


def number_anew_if_put_back(folder: Path, work: Work) -> None:
    """Let numbers begin with other signs where the books know less than was given."""
    before, now, identity = _read(folder), _mark_of(work), settings.identity.get(work)
    if before is None or now is None or identity is None:
        return
    fewer = now.receipt < before.receipt or now.z_report < before.z_report
    if fewer or now.numbers_as != before.numbers_as:
        fresh = "".join(secrets.choice(ALPHABET) for _ in range(GENERATION_SIGNS)).lower()
        settings.identity.put(work, replace(identity, generation=fresh))


def _mark_of(work: Work) -> Mark | None:
    identity = settings.identity.get(work)
    if identity is None:
        return None
    receipt, z_report = receipts.newest_seq(work), shifts.next_z_number(work) - 1
    return Mark(numbers_as=identity.numbers_as, receipt=receipt, z_report=z_report)


def _read(folder: Path) -> Mark | None:
    try:
        return msgspec.json.decode((folder / MARK_FILE).read_bytes(), type=Mark)
    except (OSError, msgspec.DecodeError):
        return None  # there is none yet, or it was damaged
