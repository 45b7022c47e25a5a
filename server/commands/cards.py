"""voucher-server cards: the keys of the venue's cards."""

import argparse

from server.commands.surroundings import Commands, opened, organisation, say
from server.storage.audit import note_operator
from server.storage.database import writing


def add(commands: Commands, where: argparse.ArgumentParser) -> None:
    """Offer `cards rotate`."""
    cards = commands.add_parser("cards", help="look after the keys of the venue's cards")
    rotate = cards.add_subparsers(required=True, metavar="ACTION").add_parser(
        "rotate", parents=[where], help="begin a new key set"
    )
    rotate.set_defaults(command=_rotate_card_keys)


def _rotate_card_keys(options: argparse.Namespace) -> None:
    from server.storage.card_keys import rotate_card_keys

    with writing(opened(options)) as connection:
        whose = organisation(connection, options)
        number = rotate_card_keys(connection, whose)
        note_operator(
            connection, whose, action="cards rotate", subject=f"key set {number}", reason="in force"
        )
    say(f"Key set {number} is in force. Tills fetch it; each card gets it when it is prepared.")
