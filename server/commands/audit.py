"""voucher-server audit: who blocked what and why, and who changed what at the server."""

import argparse
from datetime import UTC, datetime

import msgspec

from server.commands.surroundings import Commands, between, opened, organisation, say
from server.storage.database import reading


def add(commands: Commands, where: argparse.ArgumentParser) -> None:
    """Offer `audit`."""
    audit = commands.add_parser(
        "audit", parents=[where], help="who blocked or loaded what, and why"
    )
    audit.add_argument("--last", type=between(1, 10_000), default=100, metavar="N")
    audit.add_argument("--json", action="store_true")
    audit.set_defaults(command=_show_audit)


def _show_audit(options: argparse.Namespace) -> None:
    from server.storage.audit import noted

    with reading(opened(options)) as connection:
        found = noted(connection, organisation(connection, options), options.last)
    if options.json:
        say(msgspec.json.encode(found).decode())
        return
    for one in found:
        at = datetime.fromtimestamp(one.at_ms / 1000, UTC).isoformat(" ", "seconds")
        say(f"{at} {one.till_id} {one.actor} {one.action} {one.subject}: {one.reason}")
