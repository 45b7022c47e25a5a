"""voucher-server venue and campaigns: what is sold, by whom, and what is off under which code."""

import argparse
from decimal import Decimal
from pathlib import Path

import msgspec

from server.commands.surroundings import Commands, has_database, opened, organisation, say
from server.storage.database import reading, writing
from server.storage.venues import ensure_organisation


def add(commands: Commands, where: argparse.ArgumentParser) -> None:
    """Offer `venue load`, `campaigns show` and `campaigns load`."""
    loading = _loading()
    venue = commands.add_parser("venue", help="load a venue's catalogue and users")
    load = venue.add_subparsers(required=True, metavar="ACTION").add_parser(
        "load", parents=[where, loading], help="put catalogue.toml and users.toml in force"
    )
    load.add_argument("folder", type=Path)
    load.add_argument(
        "--new-organisation", action="store_true", help="make the organisation, if there is none"
    )
    load.set_defaults(command=_load_venue)
    campaigns = commands.add_parser("campaigns", help="discounts under an action code")
    actions = campaigns.add_subparsers(required=True, metavar="ACTION")
    in_force = actions.add_parser("show", parents=[where], help="the campaigns in force")
    in_force.add_argument("--json", action="store_true")
    in_force.set_defaults(command=_show_campaigns)
    put = actions.add_parser("load", parents=[where, loading], help="put a campaigns.toml in force")
    put.add_argument("file", type=Path)
    put.set_defaults(command=_load_campaigns)


def _loading() -> argparse.ArgumentParser:
    """How files are put in force; a parent of every command that does."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--check", action="store_true", help="only say what is wrong; nothing is changed"
    )
    options.add_argument(
        "--even-so", action="store_true", help="although people who hold vouchers would suffer"
    )
    return options


def _load_venue(options: argparse.Namespace) -> None:
    from server.venue_files import check_change, load_venue, read_venue

    venue = read_venue(options.folder)
    if options.check:
        if has_database(options) and not options.even_so:
            with reading(opened(options)) as connection:
                whose = organisation(connection, options, new=options.new_organisation)
                check_change(connection, whose, venue.catalogue)
        say(f"The files of {options.folder} have no faults. Nothing was changed.")
        return
    with writing(opened(options)) as connection:
        whose = organisation(connection, options, new=options.new_organisation)
        ensure_organisation(connection, whose)
        changed = load_venue(connection, whose, venue, even_so=options.even_so)
    say(f"The files of {options.folder} are in force for {whose}. {changed or 'Nothing changed'}.")


def _load_campaigns(options: argparse.Namespace) -> None:
    from server.campaign_files import check_campaign_file, load_campaign_file

    if options.check:
        with reading(opened(options)) as connection:
            whose = organisation(connection, options)
            check_campaign_file(connection, whose, options.file, even_so=options.even_so)
        say(f"{options.file} has no faults. Nothing was changed.")
        return
    with writing(opened(options)) as connection:
        whose = organisation(connection, options)
        count = len(load_campaign_file(connection, whose, options.file, even_so=options.even_so))
    say(f"The campaigns of {options.file} are in force for {whose}, and no others: {count}")


def _show_campaigns(options: argparse.Namespace) -> None:
    from server.storage.venues import load_campaigns

    with reading(opened(options)) as connection:
        found = load_campaigns(connection, organisation(connection, options)) or []
    if options.json:
        say(msgspec.json.encode(found).decode())
        return
    for one in found:
        off = (
            f"{Decimal(one.percent_bp) / 100} %" if one.amount_off is None else str(one.amount_off)
        )
        days = f"{one.valid_from or ''} to {one.valid_until or ''}".strip()
        say(f"{one.code:<12} {off:>12} off   {days:<24} {next(iter(one.title.values()))}")
