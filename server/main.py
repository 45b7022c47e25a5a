"""voucher-server: run the central server, and look after its tills and venues.

Exit status: 0 done, 2 wrong usage, 3 refused unless it is asked for once more, 4 the world failed;
the reason goes to standard error.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from process import files, output
from process.arguments import CommandLine
from server.commands import audit, backups, cards, running, tills, venues
from server.commands.surroundings import default_folder, where
from server.errors import MachineRefused, NeedsEvenSo, NotPossible
from vouchers.errors import OperatingError

WRONG_USAGE, REFUSED, WORLD_FAILED = 2, 3, 4

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
    "demo_over_venue": "The venue in force is {venue}. It was not replaced by the demo; "
    "start without --demo.",
    "till_name_wrong": "A till needs a name that can stand on receipts: this one {why}. "
    "Nothing was changed.",
    "organisation_unknown": "There is no organisation named {organisation}. Nothing was changed. "
    "To make one: voucher-server venue load FOLDER --organisation {organisation} "
    "--new-organisation",
    "organisation_not_named": "There are several organisations ({known}). "
    "Name one with --organisation.",
    "files_wrong": "{mistakes}\n{count} found. Nothing was changed.",
    "needs_even_so": "{objections}\nNothing was changed. "
    "If that is meant, ask for it once more with --even-so.",
    "folder_unusable": "{folder} cannot be used as a folder: {why}. Name another with --data.",
    "venue_not_loaded": "There is no catalogue for {organisation} yet. Nothing was changed. "
    "Load it first: voucher-server venue load FOLDER",
    "backup_exists": "{file} exists already and was not touched. Name another file.",
    "backup_failed": "The backup could not be made or read: {why}",
    "restore_in_use": "There is a database in {database} already. It was not touched. "
    "Move it away first, or restore elsewhere.",
    "card_key_sets_used_up": "All {most} key sets have been used. Nothing was changed.",
    "folder_missing": "There is no folder {folder}. Make it first, or name another.",
    "file_missing": "There is no file {file}. Nothing was changed.",
    "address_wrong": "{address} is no address to listen on; one is 127.0.0.1:8470.",
    "address_taken": "The server cannot listen on {address}: {why}",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit status."""
    output.make_safe()
    files.keep_to_owner()
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        command: Callable[[argparse.Namespace], None] = options.command
        command(options)
    except OperatingError as error:
        sentence = SENTENCES.get(error.key, str(error))
        output.say(sentence.format(**error.details), sys.stderr)
        return _exit_status(error)
    return 0


def _exit_status(error: OperatingError) -> int:
    match error:
        case NeedsEvenSo():
            return REFUSED
        case MachineRefused():
            return WORLD_FAILED
        case NotPossible():
            return WRONG_USAGE
    return WORLD_FAILED


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = CommandLine(
        prog="voucher-server", description=__doc__, parents=[where()]
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    options = where()
    for family in (running, tills, cards, audit, venues, backups):
        family.add(commands, options)
    parser.set_defaults(database=None, data=default_folder(), organisation=None)
    return parser


if __name__ == "__main__":
    sys.exit(main())
