"""till enrol: trade a one-time code for an identity, then load what the venue sells."""

import argparse
from contextlib import suppress
from pathlib import Path

from printing.printers.addresses import parse_address
from sync.conversation import Conversation
from sync.enrolling import enrol
from sync.wire.admission import Enrolment, EnrolRequest
from till.assembly import open_till
from till.commands.outcome import Outcome
from till.printer_kinds import KINDS
from till.store import settings
from till.store.card_keys import with_card_keys
from till.store.database import Database, open_database
from till.store.numbering import note_numbers
from till.store.secrets import (
    PENDING_NAME,
    TillKeys,
    load_keys,
    new_keys,
    save_keys,
    successor_keys,
)
from till.store.settings import RECEIPT_PRINTER, Identity, PrinterSetting
from vouchers.errors import OperatingError, Reason, Refused

FIRST_PAGES = 3
"""A large venue's accounts are loaded on by the window and by every later command."""


def run(folder: Path, arguments: argparse.Namespace) -> Outcome:
    """Enrol the till in `folder`.

    The keys are on disk before the server hears of them: a lost answer is asked for again with
    the same code and the same keys.
    """
    chosen = _printers(arguments.printer)  # a wrong one is refused before the code is used up
    database = open_database(folder)
    try:
        if arguments.again:
            _say_goodbye(folder, database)
        told = _enrol(folder, database, arguments, chosen)
    finally:
        database.close()
    till = open_till(folder)
    try:
        in_step = till.get_in_step(FIRST_PAGES)
    finally:
        till.close()
    return Outcome(
        result={"till": told.name, "organisation": told.organisation, "online": in_step},
        message="enrolled",
        details={"name": told.name, "organisation": told.organisation},
    )


def _enrol(
    folder: Path,
    database: Database,
    arguments: argparse.Namespace,
    chosen: dict[str, PrinterSetting],
) -> Enrolment:
    with database.read() as work:
        before = settings.identity.get(work)
    if before is not None and not arguments.again:
        raise Refused(Reason.DUPLICATE, "enrolled_before", path=folder)
    keys = _keys(folder, before)
    url = arguments.server.rstrip("/")
    public_key = keys.signer.public_key().public_bytes_raw().hex()
    told = enrol(
        url, EnrolRequest(code=arguments.code, public_key=public_key, earlier=keys.earlier)
    )
    if before is not None and told.organisation != before.organisation:
        raise Refused(Reason.NOT_ALLOWED, "enrolled_elsewhere", path=folder)
    keys.till_id = told.till_id
    keys.digest_key = bytes.fromhex(told.digest_key)
    if told.card_keys is not None:
        keys = with_card_keys(folder, keys, told.card_keys)
    save_keys(folder, keys)
    printers = {**(before.printers if before else {}), **chosen}
    with database.write() as work:
        settings.identity.put(
            work,
            Identity(
                till_id=told.till_id,
                name=told.name,
                organisation=told.organisation,
                server_urls=[url],
                printers=printers,
                generation=_generation(told, before),
            ),
        )
        settings.revoked.clear(work)
        settings.feed_position.clear(work)
    note_numbers(folder, database)
    (folder / PENDING_NAME).unlink()
    return told


def _generation(told: Enrolment, before: Identity | None) -> str:
    """What keeps its numbers apart from those of an earlier till of its name, or of itself."""
    return told.till_id.rpartition("-")[2] if before or told.name_used_before else ""


def _say_goodbye(folder: Path, database: Database) -> None:
    """A till that was shut out tells the server that it knows, while it still has its old key."""
    with database.read() as work:
        before = settings.identity.get(work)
    keys = load_keys(folder)
    if before is not None and keys is not None:
        old = Conversation(before.server_urls, before.till_id, keys.signer)
        with suppress(OperatingError):
            old.token()


def _printers(asked: list[str]) -> dict[str, PrinterSetting]:
    """The printers asked for as [KIND=]ADDRESS. Raises AddressUnreadable."""
    found: dict[str, PrinterSetting] = {}
    for each in asked:
        kind, equals, address = each.partition("=")
        if not equals or kind not in KINDS:
            kind, address = RECEIPT_PRINTER, each
        parse_address(address)
        found[kind] = PrinterSetting(address=address)
    return found


def _keys(folder: Path, before: Identity | None) -> TillKeys:
    """The keys to enrol with: new ones, unless an enrolment was begun and its answer lost.

    The old keys vouch for the new ones while both are here, so that what the till owes under its
    earlier identity is taken from it under the next.
    """
    keys = load_keys(folder, PENDING_NAME)
    if keys is None:
        old = load_keys(folder)
        if before is not None and old is not None:
            old.till_id = old.till_id or before.till_id
            keys = successor_keys(old)
        else:
            keys = new_keys()
        save_keys(folder, keys, PENDING_NAME)
    return keys
