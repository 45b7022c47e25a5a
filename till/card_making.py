"""Cards that are made, and tied to vouchers: no value moves."""

from collections.abc import Callable

from cardreader.kinds import CardKind
from cardreader.protocols import CardSeen
from till import key_cards
from till.card_shown import CardShown
from till.cards import CardDesk
from till.counter.card_touched import CardTouched, MadeCard
from vouchers.errors import Reason, Refused
from vouchers.people import User
from vouchers.voucher import Account


class CardMaking:
    """Works on the card that `lying` names. Every method raises OperatingError.

    A card that was left half-way is finished, a finished one stays as it is; one that left too
    soon is simply held to the reader again.
    """

    def __init__(self, desk: CardDesk, lying: Callable[[], CardSeen]) -> None:
        self._desk = desk
        self._keys = desk.counter.key_cards
        self._lying = lying

    def make(self, cashier: User, *, key: bool) -> MadeCard:
        """Make a purse of a blank card, or a card that is a key."""
        if not key:
            return self.make_purse(cashier).made
        with self._desk.card(self._lying()) as (card, kind):
            known = key_cards.make(self._desk, card, kind, cashier)
        return MadeCard(known.uid, self._keys.name(known))

    def make_purse(self, cashier: User) -> CardShown:
        """Make a purse of a blank card."""
        with self._desk.card(self._lying()) as (card, _kind):
            return self._desk.initialise(card, cashier)

    def link(self, account: Account, cashier: User) -> CardTouched:
        """Tie the card to a voucher's account, as its key; a blank one is made a key first."""
        with self._desk.card(self._lying()) as (card, kind):
            known = key_cards.make(self._desk, card, kind, cashier)
        tie = self._keys.link(known, account, cashier)
        return CardTouched(last4=tie.last4, balance=account.balance, cap=known.cap)

    def unlink(self, cashier: User) -> str:
        """The card opens nothing any more; its name."""
        with self._desk.card(self._lying()) as (card, kind):
            if kind is CardKind.PURSE:
                raise Refused(Reason.NOT_ALLOWED, "card_is_a_purse")
            known = key_cards.who(self._desk, card, kind)
        return self._keys.unlink(known, cashier).last4
