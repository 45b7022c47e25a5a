"""Files that only their owner can read, whatever the umask and whoever made them before."""

import os
import stat
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700


def keep_to_owner() -> None:
    """Everything this process makes from now on is its owner's only."""
    os.umask(0o077)


def make_private(path: Path) -> None:
    """Make the file if it is missing; nobody but its owner can read it at any moment.

    Raises OSError. What SQLite makes beside a database has the same rights as that.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY))
    put_right(path)


def put_right(path: Path) -> None:
    """Take the file, or the folder with all that is in it, from everybody else.

    What belongs to another user is left as it is: they have made it and may have reasons.
    """
    for each in [path, *(path.rglob("*") if path.is_dir() else [])]:
        with suppress(OSError):
            mode = each.lstat().st_mode
            wanted = OWNER_ONLY_FOLDER if stat.S_ISDIR(mode) else OWNER_ONLY
            if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) & 0o077:
                each.chmod(stat.S_IMODE(mode) & wanted)
