"""till printer and till mail: where paper and mail leave this till."""

import argparse
import os
from pathlib import Path

from msgspec.structs import replace

from printing.printers import Outcome as Became
from till.assembly import Till
from till.commands.outcome import Exit, Json, Outcome
from till.printer_setup import set_printer, try_printer
from till.store import settings
from till.store.secrets import load_keys, save_keys
from till.store.settings import Identity, MailSetting, PrinterSetting
from vouchers.errors import OperatingError, WrongUsage

PASSWORD = "TILL_MAIL_PASSWORD"  # noqa: S105 the name of the variable


def printer(till: Till, arguments: argparse.Namespace) -> Outcome:
    """Set up, list, find or try the printers of this till."""
    match arguments.action:
        case "set":
            return _set(till, arguments)
        case "remove":
            return _remove(till, arguments.kind)
        case "find":
            from printing.printers.discovery import discover  # slow: only where it is needed

            found = [
                {"name": each.name, "address": each.address, "model": each.model}
                for each in discover(arguments.seconds, arguments.on)
            ]
            return Outcome(
                result={"found": found}, message="printers_found", details={"count": len(found)}
            )
        case "test":
            return _test(till, arguments.kind)
    return _listed(till.identity)


def mail(till: Till, arguments: argparse.Namespace) -> Outcome:
    """Say which server takes the venue's mail; its password stands in TILL_MAIL_PASSWORD."""
    with till.database.write() as work:
        if arguments.action == "off":
            settings.mail.clear(work)
            return Outcome(result={"mail": None}, message="mail_off")
        setting = MailSetting(
            host=arguments.host,
            port=arguments.port,
            sender=arguments.sender,
            user=arguments.user,
            security=arguments.security,
        )
        settings.mail.put(work, setting)
    _keep_password(till.folder, os.environ.get(PASSWORD, ""))
    result = {"host": setting.host, "port": setting.port, "sender": setting.sender}
    return Outcome(result=result, message="mail_set", details={"host": setting.host})


def _set(till: Till, arguments: argparse.Namespace) -> Outcome:
    setting = PrinterSetting(address=arguments.address)
    if arguments.profile:
        setting = replace(setting, profile=arguments.profile)
    setting = replace(setting, layout=arguments.layout)
    return _listed(set_printer(till.database, till.folder, arguments.kind, setting))


def _remove(till: Till, kind: str) -> Outcome:
    return _listed(set_printer(till.database, till.folder, kind, None))


def _listed(identity: Identity) -> Outcome:
    printers: Json = {
        kind: {"address": each.address, "profile": each.profile, "layout": each.layout}
        for kind, each in identity.printers.items()
    }
    return Outcome(
        result={"printers": printers}, message="printers_set", details={"count": len(printers)}
    )


def _test(till: Till, kind: str) -> Outcome:
    setting = till.identity.printers.get(kind)
    if setting is None:
        raise WrongUsage("printer_unknown", printer=kind)
    became = try_printer(till.database, till.folder, kind, setting)
    if became.outcome is Became.DOUBT:
        raise became.cause or OperatingError("printer_unconfirmed", printer=kind)
    return Outcome(
        result={"printer": kind, "outcome": became.outcome},
        message=f"printer_test_{became.outcome.value}",
        details={"printer": kind},
        exit=Exit.DONE,
    )


def _keep_password(folder: Path, password: str) -> None:
    keys = load_keys(folder)
    if keys is not None:
        keys.mail_password = password
        save_keys(folder, keys)
