"""The till's card desk: cards on a reader, with the counter's books behind them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from cardreader.key_cards import refusal_as_key
from cardreader.keys import KeyRing
from cardreader.kinds import CardKind
from cardreader.protocols import Card, CardReader, CardSeen
from cardreader.purse.desk import PurseDesk
from cardreader.purse.journal import CardMovement
from cardreader.purse.prepare import prepare
from cardreader.recognition import recognise
from sync.link import NotSignedIn, Unreachable
from till.card_shown import CardShown
from till.counter.card_purpose import CardPurpose
from till.counter.cards import CARD_MADE
from till.counter.checkout import Committed
from till.counter.counter import Counter
from till.counter.redeemed import Redeemed
from till.counter.sale import Sale
from till.store.card_journal import OpenMovement, TillCardJournal, unsettled
from till.store.card_keys import load_ring, renew_ring
from vouchers.errors import InvariantError, OperatingError, Reason, Refused
from vouchers.money import Money
from vouchers.people import User

Purposes = Callable[[CardMovement], CardPurpose]


class Paid(Struct, frozen=True, kw_only=True):
    """What a card has paid: `sale` with its part, `committed` when that was all that was due."""

    redeemed: Redeemed
    sale: Sale
    committed: Committed | None


class CardDesk:
    """Works with cards on `readers`. Every call settles what this till left open on that card.

    Raises what PurseDesk raises: Refused and NothingMoved with nothing booked, CardInDoubt with
    the duty to tap the same card again.
    """

    def __init__(self, counter: Counter, folder: Path, readers: CardReader) -> None:
        self.counter = counter
        self.readers = readers
        self._folder = folder
        self._ring: KeyRing | None = None

    @contextmanager
    def purse(self, seen: CardSeen) -> Iterator[Card]:
        """The purse card on a reader, ours alone. Raises Refused for any other kind."""
        with self.card(seen) as (card, kind):
            if kind is not CardKind.PURSE:
                raise Refused(Reason.NOT_ALLOWED, not_a_purse(kind))
            yield card

    @contextmanager
    def card(self, seen: CardSeen) -> Iterator[tuple[Card, CardKind]]:
        """Whatever card lies on a reader, ours alone, and its kind."""
        card = self.readers.connect(seen.reader)
        try:
            yield card, recognise(card, seen.atr)
        finally:
            card.close()

    def initialise(self, card: Card, cashier: User) -> CardShown:
        """Make a purse of a blank card, or of one that was left half-way. A balance stays."""
        uid = prepare(card, self.keys(), self.counter.cards.limit().currency)
        shown = self.show(card)
        self.counter.cards.note(cashier, CARD_MADE, shown.voucher.last4)
        if shown.view.uid != uid:
            raise InvariantError("the card changed its UID")
        return shown

    def show(self, card: Card) -> CardShown:
        """What is on the card, and whether its account agrees."""
        view = self.purse_desk(_no_purpose).show(card)
        earlier = self.counter.card_books.outcomes(view.uid)
        if earlier:
            self.counter.desk.reported()
        cards = self.counter.cards
        with self.counter.desk.database.read() as work:
            voucher = cards.terms(work, view.uid)
        return CardShown(
            view=view, voucher=voucher, account=cards.account(view.uid), earlier=earlier
        )

    def show_again(self, card: Card, before: CardShown, moved: Money) -> CardShown:
        """The card after `moved` is booked, which stays so when the card is gone by now."""
        try:
            return self.show(card)
        except OperatingError:
            return before.moved(moved)

    def settle(self, card: Card) -> tuple[CardShown, list[CardMovement]]:
        """The card, which tells what became of open movements, and what is open even so."""
        shown = self.show(card)
        with self.counter.desk.database.read() as work:
            still_open = [one.movement for one in unsettled(work, shown.view.uid)]
        return shown, still_open

    def doubts(self) -> list[OpenMovement]:
        """Movements of this till whose cards have not been seen again."""
        with self.counter.desk.database.read() as work:
            return unsettled(work)

    def purse_desk(self, purpose: Purposes) -> PurseDesk:
        """What moves value; `purpose` says of a movement that begins what it is for."""
        desk, cards = self.counter.desk, self.counter.cards
        journal = TillCardJournal(
            desk.database,
            self.counter.card_books,
            lambda movement: purpose(movement).packed(),
            desk.clock.now,
        )
        return PurseDesk(self.keys(), journal, cards.limit(), cards.admit)

    def keys(self) -> KeyRing:
        """The keys of the venue's cards. Raises NoCardKeys."""
        if self._ring is None:
            self._renew_keys()
            self._ring = load_ring(self._folder)
        return self._ring

    def _renew_keys(self) -> None:
        """Fetch the key sets in force by now; without the server the known ones do."""
        desk = self.counter.desk
        if desk.line.state.online:
            try:
                renew_ring(self._folder, desk.server.card_keys())
            except (Unreachable, NotSignedIn) as away:
                desk.line.failed(away)


def not_a_purse(kind: CardKind) -> str:
    """The sentence why a card of this kind holds no money."""
    if kind is CardKind.BANK:
        return "card_is_bank_card"
    if kind in (CardKind.DESFIRE_KEY, CardKind.NTAG_424):
        return "card_is_key"
    if kind is CardKind.DESFIRE:
        return "card_not_a_purse"
    return refusal_as_key(kind)


def _no_purpose(_movement: CardMovement) -> CardPurpose:
    raise InvariantError("nothing is to be moved")
