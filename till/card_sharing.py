"""After a tap: other tills may wait for what this card said, and this one for what others saw."""

from cardreader.protocols import CardSeen
from sync.link import NotSignedIn, Unreachable
from till.card_doubts import settle_elsewhere, tell_never_happened, tell_seen
from till.card_shown import CardShown
from till.cards import CardDesk
from vouchers.errors import OperatingError


def share(desk: CardDesk, seen: CardSeen, shown: CardShown) -> None:
    """Exchange with the server what is known of a purse card that may still lie on the reader.

    Best effort: whatever does not get through comes up again at the next tap.
    """
    counter, card = desk.counter, shown.voucher.voucher_id
    if not counter.desk.line.state.online:
        return
    try:
        doubts = tell_seen(counter, card, shown.view.records)
        if doubts:
            again = _look_again(desk, seen)
            if again is not None and again.voucher.voucher_id == card:
                tell_never_happened(counter, card, doubts, again.view.records)
        settle_elsewhere(counter)
    except (Unreachable, NotSignedIn) as away:
        counter.desk.line.failed(away)


def _look_again(desk: CardDesk, seen: CardSeen) -> CardShown | None:
    """The card as it is now, None when it has gone meanwhile."""
    try:
        with desk.purse(seen) as card:
            return desk.show(card)
    except OperatingError:
        return None
