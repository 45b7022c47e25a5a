"""What all commands share: which database, which organisation, and where the answer goes."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import platformdirs
import sqlalchemy as sa

from process import output
from process.files import OWNER_ONLY_FOLDER
from server.errors import NotPossible
from server.storage.database import DATABASE_FILE, open_engine, sqlite_url, writing
from server.storage.migrate import migrate
from server.storage.venues import (
    DEFAULT_ORGANISATION,
    digest_key,
    ensure_organisation,
    only_organisation,
)

_ORGANISATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def where() -> argparse.ArgumentParser:
    """The options that say where the server keeps things; a parent of every command.

    Their defaults are the topmost parser's: see process.arguments.
    """
    options = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument("--database", metavar="URL", help="PostgreSQL or SQLite; default: a file")
    options.add_argument(
        *("--data", "-d"),
        type=Path,
        metavar="DIR",
        help=f"folder of the embedded database (default: {default_folder()})".replace("%", "%%"),
    )
    options.add_argument(
        "--organisation", type=_name, metavar="ID", help="needed only when there are several"
    )
    return options


def default_folder() -> Path:
    """Where the embedded database is unless --data says otherwise."""
    return Path(platformdirs.user_data_dir("voucher-server"))


def between(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds, for argparse."""

    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} to {most}")
        return int(text)

    return number


def has_database(options: argparse.Namespace) -> bool:
    """Whether there is a database, or one is named: nothing is made to find out."""
    return bool(options.database) or (options.data / DATABASE_FILE).exists()


def database(options: argparse.Namespace) -> str:
    """The URL of the database; the folder of an embedded one is made. Raises NotPossible."""
    if options.database:
        return str(options.database)
    try:
        options.data.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
    except OSError as error:
        raise NotPossible("folder_unusable", folder=options.data, why=error.strerror) from error
    return sqlite_url(options.data)


def opened(options: argparse.Namespace) -> sa.Engine:
    """The database, brought up to date. Raises OperatingError when it cannot be used."""
    engine = open_engine(database(options))
    migrate(engine)
    with writing(engine) as connection:
        ensure_organisation(connection, DEFAULT_ORGANISATION)
    return engine


def organisation(
    connection: sa.Connection, options: argparse.Namespace, *, new: bool = False
) -> str:
    """Whose tills and venue are meant; only a `new` one may be named that does not exist.

    Raises NotPossible when nobody can tell.
    """
    if options.organisation is None:
        return only_organisation(connection)
    if not new:
        digest_key(connection, options.organisation)  # which every organisation has
    return str(options.organisation)


def say(text: str) -> None:
    """A command's answer, on standard output."""
    output.say(text)


def _name(text: str) -> str:
    if not _ORGANISATION.fullmatch(text):
        raise argparse.ArgumentTypeError("1 to 40 letters A to Z, digits, dots, _ and -")
    return text
