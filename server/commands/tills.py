"""voucher-server till: who may report here."""

import argparse
import json

from server.commands.surroundings import Commands, opened, organisation, say
from server.storage.audit import note_operator
from server.storage.database import reading, writing


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
        what = "takes money from cards only" if options.debit_only else "may enrol"
        note_operator(connection, whose, action="till add", subject=till.name, reason=what)
    if options.json:
        say(json.dumps({"till": till.name, "till_id": till.till_id, "code": till.code}))
    else:
        say(f"Till {till.name} may enrol once within a week with this code: {till.code}")


def _list_tills(options: argparse.Namespace) -> None:
    from server.tills.directory import list_tills

    with reading(opened(options)) as connection:
        whose = organisation(connection, options) if options.organisation else None
        found = list_tills(connection, whose)
    if options.json:
        fields = ("till_id", "name", "organisation", "state")
        say(json.dumps([{name: getattr(till, name) for name in fields} for till in found]))
        return
    for till in found:
        say(f"{till.name:<24} {till.till_id:<32} {till.organisation:<16} {till.state}")


def _revoke_till(options: argparse.Namespace) -> None:
    from server.tills.directory import revoke_till

    with writing(opened(options)) as connection:
        whose = organisation(connection, options)
        revoke_till(connection, whose, options.name)
        note_operator(
            connection, whose, action="till revoke", subject=options.name, reason="shut out"
        )
    say(f"Till {options.name} is shut out. What it has reported stays.")
