"""voucher-server: run the central server, and look after its tills and venues.

Exit status: 0 done, 2 wrong usage, 4 the world failed; the reason goes to standard error.
"""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import platformdirs
import sqlalchemy as sa

from server.storage.database import open_engine, reading, sqlite_url, writing
from server.storage.migrate import migrate
from server.storage.venues import DEFAULT_ORGANISATION, ensure_organisation
from vouchers.errors import OperatingError

WORLD_FAILED = 4

SENTENCES = {
    "database_url_wrong": "{url} is no database URL this server knows: use sqlite:///FILE or "
    "postgresql://USER@HOST/NAME.",
    "database_newer": "The database {database} was written by a newer version of this server. "
    "It was not touched. Install that version or newer.",
    "database_foreign": "The database {database} holds tables that are not this server's. "
    "It was not touched. Name another database.",
    "database_damaged": "The file {database} is damaged or is no database. It was not touched. "
    "Restore the last backup, or name another folder.",
    "database_unavailable": "The database does not answer ({why}). Nothing was changed.",
    "disk_full": "The disk is full. Nothing was changed. Free some space and try again.",
    "till_enrolled_already": "A till named {name} is enrolled and working. "
    "Revoke it first, or choose another name.",
    "till_unknown": "There is no till named {name}.",
    "organisation_unknown": "There is no organisation named {organisation}. "
    "Load its venue first: voucher-server venue load FOLDER --organisation {organisation}",
    "organisation_not_named": "There are several organisations ({known}). "
    "Name one with --organisation.",
    "venue_file_wrong": "{file} cannot be used: {why}",
    "venue_not_loaded": "There is no catalogue for {organisation} yet. Nothing was changed. "
    "Load it first: voucher-server venue load FOLDER",
    "backup_exists": "{file} exists already and was not touched. Name another file.",
    "backup_failed": "The backup could not be made or read: {why}",
    "restore_in_use": "There is a database in {database} already. It was not touched. "
    "Move it away first, or restore elsewhere.",
    "card_key_sets_used_up": "All {most} key sets have been used. Nothing was changed.",
    "address_taken": "The server cannot listen on {address}: {why}",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        command: Callable[[argparse.Namespace], None] = options.command
        command(options)
    except OperatingError as error:
        sentence = SENTENCES.get(error.key, str(error))
        print(sentence.format(**error.details), file=sys.stderr)  # noqa: T201 - the answer
        return WORLD_FAILED
    return 0


def _run(options: argparse.Namespace) -> None:
    from server.serve import listen, serve
    from server.venue_files import load_demo

    engine = _open(options)
    with writing(engine) as connection:
        ensure_organisation(connection, DEFAULT_ORGANISATION)
        if options.demo:
            load_demo(connection, DEFAULT_ORGANISATION)
    engine.dispose()
    serve(_database(options), listen(options.listen), options.workers)


def _add_till(options: argparse.Namespace) -> None:
    from server.tills.directory import add_till

    with writing(_open(options)) as connection:
        organisation = _organisation(connection, options)
        till = add_till(connection, organisation, options.name, debit_only=options.debit_only)
    if options.json:
        _say(json.dumps({"till": till.name, "till_id": till.till_id, "code": till.code}))
    else:
        _say(f"Till {till.name} may enrol once within a week with this code: {till.code}")


def _list_tills(options: argparse.Namespace) -> None:
    from server.tills.directory import list_tills

    with writing(_open(options)) as connection:
        found = list_tills(connection, options.organisation)
    if options.json:
        fields = ("till_id", "name", "organisation", "state")
        _say(json.dumps([{name: getattr(till, name) for name in fields} for till in found]))
        return
    for till in found:
        _say(f"{till.name:<24} {till.till_id:<32} {till.organisation:<16} {till.state}")


def _revoke_till(options: argparse.Namespace) -> None:
    from server.tills.directory import revoke_till

    with writing(_open(options)) as connection:
        revoke_till(connection, _organisation(connection, options), options.name)
    _say(f"Till {options.name} is shut out. What it has reported stays.")


def _rotate_card_keys(options: argparse.Namespace) -> None:
    from server.storage.card_keys import rotate_card_keys

    with writing(_open(options)) as connection:
        number = rotate_card_keys(connection, _organisation(connection, options))
    _say(f"Key set {number} is in force. Tills fetch it; each card gets it when it is prepared.")


def _load_venue(options: argparse.Namespace) -> None:
    from server.venue_files import load_venue

    organisation = options.organisation or DEFAULT_ORGANISATION
    with writing(_open(options)) as connection:
        load_venue(connection, organisation, options.folder)
    _say(f"The files of {options.folder} are in force for {organisation}.")


def _load_campaigns(options: argparse.Namespace) -> None:
    from server.campaign_files import load_campaign_file

    with writing(_open(options)) as connection:
        organisation = _organisation(connection, options)
        count = len(load_campaign_file(connection, organisation, options.file))
    _say(f"The campaigns of {options.file} are in force for {organisation}, and no others: {count}")


def _show_campaigns(options: argparse.Namespace) -> None:
    from server.storage.venues import load_campaigns

    with reading(_open(options)) as connection:
        found = load_campaigns(connection, _organisation(connection, options)) or []
    if options.json:
        _say(msgspec.json.encode(found).decode())
        return
    for one in found:
        off = (
            f"{Decimal(one.percent_bp) / 100} %" if one.amount_off is None else str(one.amount_off)
        )
        days = f"{one.valid_from or ''} to {one.valid_until or ''}".strip()
        _say(f"{one.code:<12} {off:>12} off   {days:<24} {next(iter(one.title.values()))}")


def _show_audit(options: argparse.Namespace) -> None:
    from server.storage.audit import noted

    with reading(_open(options)) as connection:
        found = noted(connection, _organisation(connection, options), options.last)
    if options.json:
        _say(msgspec.json.encode(found).decode())
        return
    for one in found:
        at = datetime.fromtimestamp(one.at_ms / 1000, UTC).isoformat(" ", "seconds")
        _say(f"{at} {one.till_id} {one.actor} {one.action} {one.subject}: {one.reason}")


def _backup(options: argparse.Namespace) -> None:
    from server.backup import back_up

    back_up(_open(options), options.file)
    _say(f"The backup is in {options.file}. Restore it with: voucher-server restore FILE")


def _restore(options: argparse.Namespace) -> None:
    from server.backup import restore

    restore(_database(options), options.file)
    _say("The backup is back in place. Every till will load a new snapshot when it returns.")


def _open(options: argparse.Namespace) -> sa.Engine:
    engine = open_engine(_database(options))
    migrate(engine)
    with writing(engine) as connection:
        ensure_organisation(connection, DEFAULT_ORGANISATION)
    return engine


def _database(options: argparse.Namespace) -> str:
    if options.database:
        return str(options.database)
    options.data.mkdir(parents=True, exist_ok=True)
    return sqlite_url(options.data)


def _organisation(connection: sa.Connection, options: argparse.Namespace) -> str:
    from server.tills.directory import only_organisation

    return options.organisation or only_organisation(connection)


def _say(text: str) -> None:
    print(text)  # noqa: T201 - a command's answer


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="voucher-server", description=__doc__)
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--database", metavar="URL", help="PostgreSQL or SQLite; default: a file")
    where.add_argument(
        *("--data", "-d"),
        type=Path,
        metavar="DIR",
        default=Path(platformdirs.user_data_dir("voucher-server")),
        help="folder of the embedded database (default: %(default)s)",
    )
    where.add_argument("--organisation", metavar="ID", help="needed only when there are several")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", parents=[where], help="serve the tills")
    run.add_argument("--listen", metavar="HOST:PORT", default="127.0.0.1:8470")
    run.add_argument("--workers", type=_count, default=1, metavar="N", help="processes")
    run.add_argument("--demo", action="store_true", help="load the demo venue")
    run.set_defaults(command=_run)

    till = commands.add_parser("till", help="add, list or revoke tills")
    tills = till.add_subparsers(required=True, metavar="ACTION")
    add = tills.add_parser("add", parents=[where], help="make an enrolment code")
    add.add_argument("name")
    add.add_argument("--json", action="store_true")
    add.add_argument(
        "--debit-only", action="store_true", help="it may take money from cards, not load them"
    )
    add.set_defaults(command=_add_till)
    lists = tills.add_parser("list", parents=[where], help="show all tills")
    lists.add_argument("--json", action="store_true")
    lists.set_defaults(command=_list_tills)
    revoke = tills.add_parser("revoke", parents=[where], help="shut a till out at once")
    revoke.add_argument("name")
    revoke.set_defaults(command=_revoke_till)

    cards = commands.add_parser("cards", help="look after the keys of the venue's cards")
    rotate = cards.add_subparsers(required=True, metavar="ACTION").add_parser(
        "rotate", parents=[where], help="begin a new key set"
    )
    rotate.set_defaults(command=_rotate_card_keys)

    audit = commands.add_parser("audit", parents=[where], help="who blocked what, and why")
    audit.add_argument("--last", type=int, default=100, metavar="N")
    audit.add_argument("--json", action="store_true")
    audit.set_defaults(command=_show_audit)

    venue = commands.add_parser("venue", help="load a venue's catalogue and users")
    load = venue.add_subparsers(required=True, metavar="ACTION").add_parser(
        "load", parents=[where], help="put catalogue.toml and users.toml in force"
    )
    load.add_argument("folder", type=Path)
    load.set_defaults(command=_load_venue)
    campaigns = commands.add_parser("campaigns", help="discounts under an action code")
    actions = campaigns.add_subparsers(required=True, metavar="ACTION")
    in_force = actions.add_parser("show", parents=[where], help="the campaigns in force")
    in_force.add_argument("--json", action="store_true")
    in_force.set_defaults(command=_show_campaigns)
    put = actions.add_parser("load", parents=[where], help="put a campaigns.toml in force")
    put.add_argument("file", type=Path)
    put.set_defaults(command=_load_campaigns)
    backup = commands.add_parser("backup", parents=[where], help="copy the database, running")
    backup.add_argument("file", type=Path)
    backup.set_defaults(command=_backup)
    back = commands.add_parser("restore", parents=[where], help="put a backup in an empty place")
    back.add_argument("file", type=Path)
    back.set_defaults(command=_restore)
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 64:
        raise argparse.ArgumentTypeError("between 1 and 64")
    return number


if __name__ == "__main__":
    sys.exit(main())
