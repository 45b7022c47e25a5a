"""Files that only their owner can read, whatever the umask and whoever made them before."""

import glob
import os
import stat
from contextlib import suppress
from pathlib import Path

OWNER_ONLY, OWNER_ONLY_FOLDER = 0o600, 0o700


def keep_to_owner() -> None:
    """Everything this process makes from now on is its owner's only."""
    os.umask(0o077)


def make_private(path: Path) -> None:
    """Make an empty file, or take an old one from everybody else. Raises OSError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY))
    _take(path)


def keep_private(database: Path) -> None:
    """Make sure that a database, and what SQLite keeps beside it, is its owner's only.

    One that is not there yet is made empty, where its folder is: what SQLite makes beside a
    database has the same rights as that. What cannot be changed is left as it is.
    """
    with suppress(OSError):
        if not database.exists() and database.parent.is_dir():
            make_private(database)
    for each in database.parent.glob(glob.escape(database.name) + "*"):
        _take(each)


def _take(path: Path) -> None:
    """Somebody else's file cannot be taken: they have made it, and may have reasons."""
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~OWNER_ONLY & 0o777:
            path.chmod(mode & OWNER_ONLY)
