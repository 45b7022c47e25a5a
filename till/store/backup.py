"""Copies of the database that are consistent while it is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from process.files import make_private
from till.store.database import DatabaseDamaged, DiskTrouble
from vouchers.errors import OperatingError, WrongUsage


def copy_database(source: Path, target: Path) -> int:
    """Copy the database to a new file with SQLite's own backup; returns its size in bytes.

    Raises OperatingError when the target exists or the source does not, DiskTrouble when the
    disk fails, DatabaseDamaged when the copy does not check out. A failed copy is removed.
    """
    if target.exists():
        raise WrongUsage("backup_exists", path=target)
    if not source.exists():
        raise OperatingError("till_not_enrolled")
    try:
        make_private(target)
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        raise DiskTrouble("backup_failed", path=target, why=str(error)) from error
    if not sound:
        target.unlink()
        raise DatabaseDamaged("database_damaged", path=source)
    return target.stat().st_size
