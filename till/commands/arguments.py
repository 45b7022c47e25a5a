"""What the till's commands take. Imports nothing slow: the window passes through here too."""

import argparse
import locale
import os
from collections.abc import Sequence
from pathlib import Path

from process.arguments import CommandLine
from till.commands import card_arguments, paper_arguments
from till.commands.paying_arguments import add_paying

LANGUAGES = ("en", "de")
ACCOUNT_ACTIONS = ("block", "unblock")
SETTLEMENTS = ("write_off", "adjust", "block", "unblock", "reenrol", "accept")
COUNTER_COMMANDS = {
    "sell": "sell a voucher or a product",
    "redeem": "redeem vouchers, in part or whole",
    "balance": "what a voucher has left",
    "account": "a voucher account with its entries; block or unblock it (supervisors)",
    "incidents": "what a supervisor has to look at",
    "settle": "settle an incident",
    "reprint": "a receipt again, marked as a copy",
    "statement": "a voucher account with its entries on paper (supervisors)",
}
GROUP_COMMANDS = {
    "paper": "what has not come out of the printers yet",
    "drawer": "the cash drawer",
    "shift": "open, close and report the shift",
    "printer": "which printer prints what",
    "mail": "the venue's outgoing mail",
    "card": "value on cards",
    "unfinished": "sales that took money and have no receipt",
}


def parser() -> argparse.ArgumentParser:
    """The till's command line."""
    common = _common()
    top: argparse.ArgumentParser = CommandLine(
        prog="till",
        description="The voucher till: its window, and its workflows without one.",
        parents=[_common()],  # its own: the defaults set below are not for the commands
    )
    commands = top.add_subparsers(dest="command")
    commands.add_parser("window", parents=[common], help="open the till's window (the default)")
    _add_enrol(commands.add_parser("enrol", parents=[common], help="make this a till of a server"))
    for name, purpose in COUNTER_COMMANDS.items():
        command = commands.add_parser(name, parents=[common], help=purpose)
        command.add_argument("--offline", action="store_true", help="do not even try the server")
        _ARGUMENTS[name](command)
    offline = argparse.ArgumentParser(add_help=False)
    offline.add_argument("--offline", action="store_true", help="do not even try the server")
    for name, purpose in GROUP_COMMANDS.items():
        _GROUPS[name](commands.add_parser(name, help=purpose), [common, offline])
    sync = commands.add_parser("sync", parents=[common], help="report and catch up")
    sync.add_argument("--once", action="store_true", help="once, instead of until interrupted")
    backup = commands.add_parser("backup", parents=[common], help="copy the database while it runs")
    backup.add_argument("file", type=Path, help="where the copy goes; never overwritten")
    commands.add_parser("doctor", parents=[common], help="check database, server, printer, reader")
    top.set_defaults(command="window", data=None, language=_language(), json=False)
    return top


def _common() -> argparse.ArgumentParser:
    """The options of every command, without defaults: those are the topmost parser's."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=argparse.SUPPRESS, help="folder of this till")
    common.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS)
    common.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="one JSON object on standard output",
    )
    return common


def _add_enrol(command: argparse.ArgumentParser) -> None:
    command.add_argument("--server", required=True, help="address of the central server")
    command.add_argument(
        "--code", required=True, help="one-time code: voucher-server till add NAME"
    )
    command.add_argument(
        "--again", action="store_true", help="after a restore: go on as a new till, keep the data"
    )
    command.add_argument(
        "--printer",
        action="append",
        default=[],
        metavar="[KIND=]ADDRESS",
        help="for receipts, or for KIND; for example tcp://192.168.1.50:9100",
    )


def _add_sell(command: argparse.ArgumentParser) -> None:
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--value", help="a value voucher of this amount, for example 50.00")
    what.add_argument("--product", help="a product of the catalogue, by its id")
    command.add_argument("--medium", choices=("receipt", "blank", "card"))
    command.add_argument(
        "--action", metavar="CODE", help="an action code that takes a discount off"
    )
    card_arguments.add_reader(command)
    _add_paying(command)


def _add_redeem(command: argparse.ArgumentParser) -> None:
    command.add_argument("codes", nargs="+", metavar="CODE", help="a voucher code or a scanned QR")
    command.add_argument("--amount", help="how much to redeem, for example 12.50")
    command.add_argument("--product", help="a product to pay for, by its id")
    command.add_argument(
        "--override",
        metavar="REASON",
        help="accept it on a supervisor's word (their PIN in TILL_SUPERVISOR_PIN; above the"
        " venue's amount a second one's name and PIN in TILL_SECOND_USER and TILL_SECOND_PIN)",
    )
    _add_paying(command)


def _add_code(command: argparse.ArgumentParser) -> None:
    command.add_argument("code", metavar="CODE", help="a voucher code or a scanned QR")


class _AccountWords(argparse.Action):
    """CODE, block CODE or unblock CODE: sets `code` and `action`."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[str] | None,
        _option: str | None = None,
    ) -> None:
        words = [values] if isinstance(values, str) else list(values or [])
        action = words.pop(0) if words[:1] and words[0] in ACCOUNT_ACTIONS else "show"
        if len(words) != 1:
            parser.error("name one account: CODE, block CODE or unblock CODE")
        namespace.action, namespace.code = action, words[0]


def _add_account(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "words",
        nargs="+",
        action=_AccountWords,
        metavar="[block|unblock] CODE",
        help="a voucher code, a scanned QR, the last four characters or a receipt number",
    )
    command.add_argument("--reason", default="", help="why it is blocked or unblocked")


def _add_settle(command: argparse.ArgumentParser) -> None:
    command.add_argument("incident", help="its id, see: till incidents --json")
    command.add_argument("action", choices=SETTLEMENTS)
    command.add_argument("--reason", required=True)
    command.add_argument("--amount", help="what adjust books, for example -5.00")


def _add_nothing(_command: argparse.ArgumentParser) -> None:
    """The command takes nothing of its own."""


def _add_paying(command: argparse.ArgumentParser) -> None:
    command.add_argument("--quantity", type=int, default=1)
    add_paying(command, "how it is paid; without an amount exactly what is due")


def _add_unfinished(
    command: argparse.ArgumentParser, common: list[argparse.ArgumentParser]
) -> None:
    actions = command.add_subparsers(dest="action", required=True)
    actions.add_parser("list", parents=common, help="what was taken, and when")
    for name, purpose in {
        "complete": "book it: the visitor has paid and waits for the receipt",
        "back": "the visitor has the money back",
    }.items():
        action = actions.add_parser(name, parents=common, help=purpose)
        action.add_argument("sale", metavar="SALE", help="its id, see: till unfinished list --json")


_GROUPS = {**paper_arguments.GROUPS, "unfinished": _add_unfinished, "card": card_arguments.add_card}
_ARGUMENTS = {
    "sell": _add_sell,
    "redeem": _add_redeem,
    "balance": _add_code,
    "account": _add_account,
    "incidents": _add_nothing,
    "settle": _add_settle,
    "reprint": paper_arguments.add_reprint,
    "statement": _add_code,
}


def _language() -> str:
    asked = os.environ.get("TILL_LANGUAGE") or (locale.getlocale()[0] or "")
    return "de" if asked.lower().startswith(("de", "german")) else "en"
