"""What the commands around paper, drawer and shift take."""

import argparse
from collections.abc import Callable

from till.printer_kinds import KINDS

Common = list[argparse.ArgumentParser]


def add_paper(command: argparse.ArgumentParser, common: Common) -> None:
    """till paper."""
    actions = _actions(command)
    _action(actions, "list", "what has not come out yet", common)
    for name, purpose in {
        "whole": "the paper of a job in doubt came out whole",
        "spoiled": "it did not: its vouchers get new codes, and are printed anew",
    }.items():
        _action(actions, name, purpose, common).add_argument("job", metavar="JOB")
    give = _action(actions, "give", "let another printer have a waiting job", common)
    give.add_argument("job", metavar="JOB")
    give.add_argument("printer", metavar="KIND")
    send = _action(actions, "mail", "send a waiting job by e-mail instead", common)
    send.add_argument("job", metavar="JOB")
    send.add_argument("address", metavar="ADDRESS")


def add_drawer(command: argparse.ArgumentParser, common: Common) -> None:
    """till drawer."""
    actions = _actions(command)
    opening = _action(actions, "open", "open it without a sale", common)
    opening.add_argument("--reason", required=True)
    _action(actions, "state", "whether it is open, where it has a sensor", common)


def add_shift(command: argparse.ArgumentParser, common: Common) -> None:
    """till shift."""
    actions = _actions(command)
    _action(actions, "open", "start with a float", common).add_argument("amount", metavar="FLOAT")
    close = _action(actions, "close", "end with the cash that was counted (Z report)", common)
    close.add_argument("amount", metavar="COUNTED")
    _action(actions, "outside", "close what was sold outside any shift (Z report)", common)
    report = _action(actions, "report", "how the open shift stands (X report)", common)
    report.add_argument(
        "--z",
        type=int,
        nargs="?",
        const=0,
        metavar="NUMBER",
        help="instead a closed shift's report again, as a copy; the last one without a number",
    )


def add_printer(command: argparse.ArgumentParser, common: Common) -> None:
    """till printer."""
    actions = _actions(command)
    _action(actions, "list", "which printer prints what", common)
    setting = _action(actions, "set", "use a printer for a kind of document", common)
    setting.add_argument("kind", choices=KINDS)
    setting.add_argument("address", metavar="ADDRESS", help="for example tcp://192.168.1.50:9100")
    setting.add_argument("--profile", help="what the printer can, for example epson-tm-t88v")
    setting.add_argument("--layout", default="", help="the blank that lies in it: a layout's file")
    for name, purpose in {
        "remove": "use none of its own for a kind of document",
        "test": "print a test page and read back what became of it",
    }.items():
        _action(actions, name, purpose, common).add_argument("kind", choices=KINDS)
    find = _action(actions, "find", "printers that announce themselves on the network", common)
    find.add_argument("--seconds", type=float, default=6.0)
    find.add_argument(
        "--on",
        action="append",
        metavar="ADDRESS",
        help="listen on the network card with this address only; all where none is given",
    )


def add_mail(command: argparse.ArgumentParser, common: Common) -> None:
    """till mail."""
    actions = _actions(command)
    setting = _action(actions, "set", "the server that takes the venue's mail", common)
    setting.add_argument("--host", required=True)
    setting.add_argument("--port", type=int, default=587)
    setting.add_argument("--sender", required=True, metavar="ADDRESS")
    setting.add_argument("--user", default="", help="its password: TILL_MAIL_PASSWORD")
    setting.add_argument("--security", choices=("starttls", "tls", "none"), default="starttls")
    _action(actions, "off", "send no mail", common)


def add_reprint(command: argparse.ArgumentParser) -> None:
    """till reprint."""
    command.add_argument("receipt", metavar="NUMBER", help="the receipt's number")


GROUPS: dict[str, Callable[[argparse.ArgumentParser, Common], None]] = {
    "paper": add_paper,
    "drawer": add_drawer,
    "shift": add_shift,
    "printer": add_printer,
    "mail": add_mail,
}


def _actions(
    command: argparse.ArgumentParser,
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    return command.add_subparsers(dest="action", required=True)


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    purpose: str,
    common: Common,
) -> argparse.ArgumentParser:
    return actions.add_parser(name, parents=common, help=purpose)
