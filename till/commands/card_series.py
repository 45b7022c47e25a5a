"""till card init --series: many blank cards, one after the other, with a list of what was made."""

import argparse
import sys
from queue import Empty, SimpleQueue

from cardreader.protocols import CardSeen, ReaderEvent
from process import output
from till.card_making import CardMaking
from till.cards import CardDesk
from till.commands.outcome import Exit, Json, Outcome
from till.counter.card_touched import MadeCard
from vouchers.errors import OperatingError
from vouchers.people import User


def make_series(desk: CardDesk, cashier: User, arguments: argparse.Namespace) -> Outcome:
    """Prepare cards as they are held to the reader until there are enough, or none comes.

    A card that left too soon is simply held again. Progress goes to standard error.
    """
    desk.readers.list_readers()
    count: int = arguments.series
    lying: list[CardSeen] = []
    making = CardMaking(desk, lambda: lying[-1])
    events: SimpleQueue[ReaderEvent] = SimpleQueue()
    stop = desk.readers.watch(events.put)
    made: dict[str, MadeCard] = {}
    troubles: list[tuple[str, Json]] = []
    try:
        while len(made) < count:
            event = events.get(timeout=arguments.wait)
            if not isinstance(event, CardSeen) or arguments.reader not in (None, event.reader):
                continue
            lying = [event]
            try:
                card = making.make(cashier, key=arguments.key)
            except OperatingError as trouble:
                troubles.append((trouble.key, trouble.details))
                continue
            made[card.uid] = card
            output.say(f"{len(made)}/{count} {card.last4}", sys.stderr)
    except Empty:
        pass
    finally:
        stop()
    return Outcome(
        result={"made": list(made.values()), "failed": len(troubles)},
        message="card_series_made",
        details={"count": len(made), "wanted": count},
        warnings=troubles,
        exit=Exit.DONE if len(made) == count else Exit.WORLD_FAILED,
    )
