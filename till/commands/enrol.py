"""till enrol: trade a one-time code for an identity, then load what the venue sells."""

import argparse
from pathlib import Path

from printing.printers.addresses import parse_address
from sync.http_link import enrol
from till.assembly import open_till
from till.commands.outcome import Outcome
from till.store import settings
from till.store.database import open_database
from till.store.secrets import load_keys, new_keys, save_keys
from till.store.settings import RECEIPT_PRINTER, Identity, PrinterSetting
from vouchers.errors import Reason, Refused


def run(folder: Path, arguments: argparse.Namespace) -> Outcome:
    """Enrol the till in `folder`.

    The keys are on disk before the server hears of them: a lost answer is asked for again with
    the same code and the same keys.
    """
    printers = _printers(arguments)
    database = open_database(folder)
    with database.read() as work:
        if settings.identity.get(work) is not None:
            raise Refused(Reason.DUPLICATE, "enrolled_before", path=folder)
    keys = load_keys(folder) or new_keys()
    save_keys(folder, keys)
    url = arguments.server.rstrip("/")
    told = enrol(url, arguments.code, keys.signer.public_key().public_bytes_raw())
    keys.digest_key = bytes.fromhex(told.digest_key)
    save_keys(folder, keys)
    identity = Identity(
        till_id=told.till_id,
        name=told.name,
        organisation=told.organisation,
        server_urls=[url],
        printers=printers,
    )
    with database.write() as work:
        settings.identity.put(work, identity)
    database.close()
    till = open_till(folder)
    in_step = till.get_in_step()
    till.close()
    return Outcome(
        result={"till": told.name, "organisation": told.organisation, "online": in_step},
        message="enrolled",
        details={"name": told.name, "organisation": told.organisation},
    )


def _printers(arguments: argparse.Namespace) -> dict[str, PrinterSetting]:
    if not arguments.printer:
        return {}
    parse_address(arguments.printer)  # a wrong one is refused before the code is used up
    return {RECEIPT_PRINTER: PrinterSetting(address=arguments.printer)}
