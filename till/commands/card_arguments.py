"""What `till card` takes, and the card it waits for."""

import argparse
from typing import TYPE_CHECKING

from till.commands.paying_arguments import add_paying

if TYPE_CHECKING:
    from cardreader.protocols import CardReader, CardSeen

WAIT_S = 15.0
TENDERS = "how a load is paid (cash without one); beside a payment what else pays"

Common = list[argparse.ArgumentParser]


def add_card(command: argparse.ArgumentParser, common: Common) -> None:
    """till card."""
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, purpose in {
        "init": "make a purse of a blank DESFire card, or a key card of it",
        "link": "tie a key card to a voucher",
        "unlink": "a key card opens nothing any more",
        "show": "what is on a card, and whether its account agrees",
        "load": "sell value onto a card, or move a voucher from paper to it",
        "pay": "pay an amount from a card",
        "paper": "move what is on a card onto a voucher on paper",
        "settle": "tap a card again after it was taken away too soon",
        "open": "movements whose cards have not been seen again",
        "block": "block a lost card by the code or receipt it is known by (supervisors)",
        "replace": "move a lost card's value to a new card (supervisors)",
    }.items():
        action = actions.add_parser(name, parents=common, help=purpose)
        if name != "open":
            add_reader(action)
        if name == "init":
            action.add_argument("--series", type=int, metavar="COUNT", help="as many cards")
            action.add_argument(
                "--key", action="store_true", help="cards that are keys (NTAG 424 too)"
            )
        if name == "link":
            action.add_argument("code", metavar="CODE", help="a voucher code or a scanned QR")
        if name == "load":
            action.add_argument("what", metavar="CODE_OR_AMOUNT")
            add_paying(action, TENDERS)
        if name == "pay":
            action.add_argument("amount", metavar="AMOUNT")
            add_paying(action, TENDERS)
        if name in ("block", "replace"):
            action.add_argument("account", metavar="ACCOUNT", help="four signs or a receipt number")
            action.add_argument("--reason", required=True)


def add_reader(command: argparse.ArgumentParser) -> None:
    """Which reader, and how long to wait for a card."""
    command.add_argument("--reader", metavar="NAME", help="needed only when there are several")
    command.add_argument(
        "--wait", type=float, default=WAIT_S, metavar="SECONDS", help="for a card (%(default)s)"
    )


def tap(readers: "CardReader", arguments: argparse.Namespace) -> "CardSeen":
    """The card that is held to the reader. Raises what wait_for_card raises."""
    from cardreader.waiting import wait_for_card  # late: see till.commands.arguments

    return wait_for_card(readers, arguments.reader, int(arguments.wait * 1000))
