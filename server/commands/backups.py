"""voucher-server backup and restore: a copy of the database, and back again."""

import argparse
from pathlib import Path

from server.commands.surroundings import Commands, database, opened, say


def add(commands: Commands, where: argparse.ArgumentParser) -> None:
    """Offer `backup` and `restore`."""
    backup = commands.add_parser("backup", parents=[where], help="copy the database, running")
    backup.add_argument("file", type=Path)
    backup.set_defaults(command=_backup)
    back = commands.add_parser("restore", parents=[where], help="put a backup in an empty place")
    back.add_argument("file", type=Path)
    back.set_defaults(command=_restore)


def _backup(options: argparse.Namespace) -> None:
    from server.backup import back_up

    back_up(opened(options), options.file)
    say(f"The backup is in {options.file}. Restore it with: voucher-server restore FILE")


def _restore(options: argparse.Namespace) -> None:
    from server.backup import restore

    restore(database(options), options.file)
    say("The backup is back in place. Every till will load a new snapshot when it returns.")
