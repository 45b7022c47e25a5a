"""A virtual card at a virtual reader, moved by lines on standard input.

    tap                 hold it to the reader
    pull                take it away
    plan before|after|hang N   let that happen at exchange N from the next (or this) tap on
    quit                end

Each line is answered with `ok`, or `failed REASON`; `tapped` and `pulled N` tell what happened.
"""

import argparse
import secrets
import select
import sys
from pathlib import Path
from random import Random

from cardreader.virtual.held import HeldCard
from cardreader.virtual.kinds import KINDS, chip_of_kind
from cardreader.virtual.mishaps import Mishap, Plan


def main() -> None:
    """Hold a card until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m cardreader.virtual", description=__doc__)
    parser.add_argument("--port", type=int, default=35963, help="the slot of vsmartcard-vpcd")
    parser.add_argument("--store", type=Path, help="the file the card lives in")
    parser.add_argument("--uid", type=bytes.fromhex, default=bytes.fromhex("04A1B2C3D4E5F6"))
    parser.add_argument("--kind", choices=sorted(KINDS), default="desfire")
    parser.add_argument("--tap", action="store_true", help="hold it to the reader at once")
    parser.add_argument("--seed", type=int, help="make the card's random numbers repeatable")
    options = parser.parse_args()
    random = secrets.token_bytes if options.seed is None else Random(options.seed).randbytes  # noqa: S311 - asked for
    chip = chip_of_kind(options.kind, options.store, options.uid, random)
    card = HeldCard(chip, options.port, _say)
    if options.tap:
        card.tap()
    while _turn(card):
        pass
    card.pull()


def _turn(card: HeldCard) -> bool:
    """Wait for the reader or for a line, whichever comes first; False ends it."""
    sources = [sys.stdin] if card.socket is None else [card.socket, sys.stdin]
    ready, _, _ = select.select(sources, [], [])
    if card.socket in ready:
        card.serve()
        return True
    line = sys.stdin.readline()
    if not line or line.strip() == "quit":
        return False
    try:
        _obey(card, line.split())
        _say("ok")
    except (OSError, ValueError, IndexError) as problem:
        _say(f"failed {problem}")
    return True


def _obey(card: HeldCard, words: list[str]) -> None:
    match words:
        case ["tap"]:
            card.tap()
        case ["pull"]:
            card.pull()
        case ["plan", mishap, at]:
            card.plan(Plan(Mishap(mishap), int(at)))
        case ["plan"]:
            card.plan(None)
        case _:
            raise ValueError("unknown line")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
