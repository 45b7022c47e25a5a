"""till card init --series: many blank cards, one after the other, with a list of what was made."""

import sys
from queue import Empty, SimpleQueue

from cardreader.protocols import CardSeen, ReaderEvent
from till.cards import CardDesk, CardShown
from till.commands.outcome import Exit, Json, Outcome
from vouchers.errors import OperatingError
from vouchers.people import User


def make_series(
    desk: CardDesk, cashier: User, count: int, *, reader: str | None, wait_s: float
) -> Outcome:
    """Prepare cards as they are held to the reader until there are `count`, or none comes.

    A card that left too soon is simply held again. Progress goes to standard error.
    """
    desk.readers.list_readers()
    events: SimpleQueue[ReaderEvent] = SimpleQueue()
    stop = desk.readers.watch(events.put)
    made: dict[str, CardShown] = {}
    troubles: list[tuple[str, Json]] = []
    try:
        while len(made) < count:
            event = events.get(timeout=wait_s)
            if not isinstance(event, CardSeen) or reader not in (None, event.reader):
                continue
            try:
                with desk.card(event) as (card, _kind):
                    shown = desk.initialise(card, cashier)
            except OperatingError as trouble:
                troubles.append((trouble.key, trouble.details))
                continue
            made[shown.view.uid] = shown
            sys.stderr.write(f"{len(made)}/{count} {shown.voucher.last4}\n")
    except Empty:
        pass
    finally:
        stop()
    listed = [
        {"id": one.voucher.voucher_id, "uid": uid, "last4": one.voucher.last4}
        for uid, one in made.items()
    ]
    return Outcome(
        result={"made": listed, "failed": len(troubles)},
        message="card_series_made",
        details={"count": len(made), "wanted": count},
        warnings=troubles,
        exit=Exit.DONE if len(made) == count else Exit.WORLD_FAILED,
    )
