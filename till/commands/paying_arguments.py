"""What every command takes that is paid for."""

import argparse


def add_paying(command: argparse.ArgumentParser, tender_help: str) -> None:
    """How it is paid, and the word for: it is meant, however unusual."""
    command.add_argument(
        "--tender",
        action="append",
        default=[],
        metavar="cash[:AMOUNT]|card[:AMOUNT]",
        help=tender_help,
    )
    command.add_argument(
        "--even-so",
        action="store_true",
        help="it is meant, although it is out of the ordinary: so much sold, so much cash",
    )
