"""Cards made in series: blank cards held to a reader one after the other."""

from cardreader.protocols import CardSeen
from till import key_cards
from till.cards import CardDesk
from till.counter.card_touched import MadeCard
from vouchers.people import User


def make_next(desk: CardDesk, seen: CardSeen, cashier: User, *, key: bool) -> MadeCard:
    """Make a purse, or a key card, of the card on a reader.

    A card that was left half-way is finished, a finished one stays as it is. Raises
    OperatingError; a card that left too soon is simply held to the reader again.
    """
    with desk.card(seen) as (card, kind):
        if key:
            known = key_cards.make(desk, card, kind, cashier)
            return MadeCard(known.uid, desk.counter.key_cards.name(known))
        shown = desk.initialise(card, cashier)
        return MadeCard(shown.view.uid, shown.voucher.last4)
