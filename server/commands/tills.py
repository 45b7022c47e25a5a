"""voucher-server till: who may report here."""

import argparse
import json

from server.commands.surroundings import Commands, opened, organisation, say
from server.storage.database import writing


def add(commands: Commands, where: argparse.ArgumentParser) -> None:
    """Offer `till add`, `till list` and `till revoke`."""
    till = commands.add_parser("till", help="add, list or revoke tills")
    tills = till.add_subparsers(required=True, metavar="ACTION")
    new = tills.add_parser("add", parents=[where], help="make an enrolment code")
    new.add_argument("name")
    new.add_argument("--json", action="store_true")
    new.add_argument(
        "--debit-only", action="store_true", help="it may take money from cards, not load them"
    )
    new.set_defaults(command=_add_till)
    lists = tills.add_parser("list", parents=[where], help="show all tills")
    lists.add_argument("--json", action="store_true")
    lists.set_defaults(command=_list_tills)
    revoke = tills.add_parser("revoke", parents=[where], help="shut a till out at once")
    revoke.add_argument("name")
    revoke.set_defaults(command=_revoke_till)


def _add_till(options: argparse.Namespace) -> None:
    from server.tills.directory import add_till

    with writing(opened(options)) as connection:
        whose = organisation(connection, options)
        till = add_till(connection, whose, options.name, debit_only=options.debit_only)
    if options.json:
        say(json.dumps({"till": till.name, "till_id": till.till_id, "code": till.code}))
    else:
        say(f"Till {till.name} may enrol once within a week with this code: {till.code}")


def _list_tills(options: argparse.Namespace) -> None:
    from server.tills.directory import list_tills

    with writing(opened(options)) as connection:
        found = list_tills(connection, options.organisation)
    if options.json:
        fields = ("till_id", "name", "organisation", "state")
        say(json.dumps([{name: getattr(till, name) for name in fields} for till in found]))
        return
    for till in found:
        say(f"{till.name:<24} {till.till_id:<32} {till.organisation:<16} {till.state}")


def _revoke_till(options: argparse.Namespace) -> None:
    from server.tills.directory import revoke_till

    with writing(opened(options)) as connection:
        revoke_till(connection, organisation(connection, options), options.name)
    say(f"Till {options.name} is shut out. What it has reported stays.")
