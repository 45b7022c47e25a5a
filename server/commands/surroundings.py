"""What all commands share: which database, which organisation, and where the answer goes."""

import argparse
from pathlib import Path
from typing import TypeAlias

import platformdirs
import sqlalchemy as sa

from server.storage.database import open_engine, sqlite_url, writing
from server.storage.migrate import migrate
from server.storage.venues import DEFAULT_ORGANISATION, ensure_organisation

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def where() -> argparse.ArgumentParser:
    """The options that say where the server keeps things; a parent of every command."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--database", metavar="URL", help="PostgreSQL or SQLite; default: a file")
    options.add_argument(
        *("--data", "-d"),
        type=Path,
        metavar="DIR",
        default=Path(platformdirs.user_data_dir("voucher-server")),
        help="folder of the embedded database (default: %(default)s)",
    )
    options.add_argument("--organisation", metavar="ID", help="needed only when there are several")
    return options


def database(options: argparse.Namespace) -> str:
    """The URL of the database; the folder of an embedded one is made."""
    if options.database:
        return str(options.database)
    options.data.mkdir(parents=True, exist_ok=True)
    return sqlite_url(options.data)


def opened(options: argparse.Namespace) -> sa.Engine:
    """The database, brought up to date. Raises OperatingError when it cannot be used."""
    engine = open_engine(database(options))
    migrate(engine)
    with writing(engine) as connection:
        ensure_organisation(connection, DEFAULT_ORGANISATION)
    return engine


def organisation(connection: sa.Connection, options: argparse.Namespace) -> str:
    """Whose tills and venue are meant. Raises OperatingError when nobody can tell."""
    from server.tills.directory import only_organisation

    return options.organisation or only_organisation(connection)


def say(text: str) -> None:
    """A command's answer, on standard output."""
    print(text)  # noqa: T201 - a command's answer
