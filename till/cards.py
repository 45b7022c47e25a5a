"""The till's card desk: purse cards on a reader, with the counter's books behind them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from cardreader.key_cards import refusal_as_key
from cardreader.keys import KeyRing
from cardreader.kinds import CardKind
from cardreader.protocols import Card, CardReader, CardSeen
from cardreader.purse.desk import NothingMoved, PurseDesk
from cardreader.purse.journal import CardMovement
from cardreader.purse.open_purse import PurseView
from cardreader.purse.prepare import Step, prepare
from cardreader.recognition import recognise
from sync.link import NotSignedIn, Unreachable
from till.counter.card_purpose import CardPurpose, card_load
from till.counter.cards import CardOutcome
from till.counter.checkout import Committed
from till.counter.counter import Counter
from till.counter.redemption import Found
from till.counter.sale import Redeemed, Sale
from till.store.card_journal import OpenMovement, TillCardJournal, unsettled
from till.store.card_keys import load_ring, renew_ring
from vouchers.errors import InvariantError, Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import EntryKind
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import Account, Medium, Voucher, VoucherKind

T = TypeVar("T")
Purposes = Callable[[CardMovement], CardPurpose]


class CardShown(Struct, frozen=True, kw_only=True):
    """A purse card as it lies on the reader, beside what this till knows of its account.

    `earlier` is what became of this till's own open movements on it, told by the card just now.
    """

    view: PurseView
    voucher: Voucher
    account: Account | None
    earlier: list[CardOutcome]

    @property
    def agrees(self) -> bool:
        """Whether card and account say the same; movements on their way make them differ."""
        known = self.account.balance if self.account else Money.zero(self.view.balance.currency)
        return known == self.view.balance


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
        self._counter = counter
        self.folder = folder
        self.readers = readers
        self._ring: KeyRing | None = None

    @contextmanager
    def purse(self, seen: CardSeen) -> Iterator[Card]:
        """The purse card on a reader, ours alone. Raises Refused for any other kind."""
        with self.card(seen) as (card, kind):
            if kind is not CardKind.PURSE:
                raise Refused(Reason.NOT_ALLOWED, _not_a_purse(kind))
            yield card

    @contextmanager
    def card(self, seen: CardSeen) -> Iterator[tuple[Card, CardKind]]:
        """Whatever card lies on a reader, ours alone, and its kind."""
        card = self.readers.connect(seen.reader)
        try:
            yield card, recognise(card, seen.atr)
        finally:
            card.close()

    def initialise(
        self, card: Card, cashier: User, on_step: Callable[[Step], None] = lambda _step: None
    ) -> CardShown:
        """Make a purse of a blank card, or of one that was left half-way. A balance stays."""
        uid = prepare(card, self._keys(), self._counter.cards.limit().currency, on_step)
        shown = self.show(card)
        self._counter.cards.note(cashier, "card made", shown.voucher.last4)
        if shown.view.uid != uid:
            raise InvariantError("the card changed its UID")
        return shown

    def show(self, card: Card) -> CardShown:
        """What is on the card, and whether its account agrees."""
        with self._settling() as earlier:
            view = self._purse_desk(_no_purpose).show(card)
        cards = self._counter.cards
        with self._counter.desk.database.read() as work:
            voucher = cards.terms(work, view.uid)
        return CardShown(
            view=view, voucher=voucher, account=cards.account(view.uid), earlier=earlier
        )

    def pay(self, card: Card, sale: Sale, cashier: User, *, partly: bool = False) -> Paid:
        """Take what is due from the card; `partly` takes what there is of it."""
        return self._take(card, sale, cashier, EntryKind.REDEEM, partly=partly)

    def to_paper(self, card: Card, cashier: User) -> Paid:
        """Move all that is on the card onto a new voucher, which comes with the receipt."""
        catalogue = self._counter.catalogue()
        balance = self.show(card).view.balance
        product = replace(catalogue.free_voucher(), price=balance)
        sale = Sale.new(catalogue.currency)
        if balance:
            sale = sale.add(product)
        return self._take(card, sale, cashier, EntryKind.TRANSFER_OUT, partly=True)

    def load(
        self, card: Card, sale: Sale, cashier: User, kind: EntryKind = EntryKind.TOP_UP
    ) -> Committed:
        """Load what a paid sale puts onto a card; the sale is committed with it."""
        sale.check_settled()
        self._counter.cards.check_free(sale)
        if not sale.onto_card:
            raise Refused(Reason.AMOUNT, "amount_not_positive", amount=sale.onto_card)
        movement_id = new_id()

        def purpose(_movement: CardMovement) -> CardPurpose:
            return CardPurpose(kind=kind, cashier=cashier, sale=sale, completes=True)

        self._purse_desk(purpose).load(card, sale.onto_card, movement_id)
        return self._committed(movement_id)

    def load_from(self, card: Card, found: Found, cashier: User) -> Committed:
        """Move a value voucher's whole balance onto the card."""
        account = found.account
        if account.voucher.kind is not VoucherKind.VALUE:
            raise Refused(Reason.PRODUCT, "card_value_only")
        sale = replace(Sale.new(account.balance.currency), medium=Medium.CARD)
        sale = sale.add(card_load(account.balance))
        sale = self._counter.redemption.add(sale, found, account.balance)
        try:
            return self.load(card, sale, cashier, EntryKind.TRANSFER_IN)
        except (Refused, NothingMoved):
            self._counter.redemption.give_up(sale)
            raise

    def settle(self, card: Card) -> tuple[list[CardOutcome], Sequence[CardMovement]]:
        """What became of this till's open movements on the card, and what is open even so."""
        with self._settling() as earlier:
            still_open = self._purse_desk(_no_purpose).settle(card)
        return earlier, still_open

    def doubts(self) -> list[OpenMovement]:
        """Movements of this till whose cards have not been seen again."""
        with self._counter.desk.database.read() as work:
            return unsettled(work)

    def _take(
        self, card: Card, sale: Sale, cashier: User, kind: EntryKind, *, partly: bool
    ) -> Paid:
        self._counter.cards.check_free(sale)
        movement_id = new_id()
        purposes: list[CardPurpose] = []

        def purpose(movement: CardMovement) -> CardPurpose:
            purposes.append(self._counter.cards.payment(sale, cashier, movement, kind))
            return purposes[-1]

        self._purse_desk(purpose).pay(card, sale.rest, movement_id, partly=partly)
        told = purposes[-1]
        outcome = self._counter.cards.outcome(movement_id)
        return Paid(
            redeemed=told.sale.redeemed[-1],
            sale=told.sale,
            committed=outcome.committed if outcome else None,
        )

    def _committed(self, movement_id: UUID) -> Committed:
        outcome = self._counter.cards.outcome(movement_id)
        if outcome is None or outcome.committed is None:
            raise InvariantError("a load is done and its sale is not")
        self._counter.desk.reported()
        return outcome.committed

    @contextmanager
    def _settling(self) -> Iterator[list[CardOutcome]]:
        """Filled, on leaving, with what became of movements that were open before."""
        before = [one.movement.movement_id for one in self.doubts()]
        found: list[CardOutcome] = []
        yield found
        outcomes = (self._counter.cards.outcome(movement_id) for movement_id in before)
        found += [outcome for outcome in outcomes if outcome is not None]
        if found:
            self._counter.desk.reported()

    def _purse_desk(self, purpose: Purposes) -> PurseDesk:
        desk, cards = self._counter.desk, self._counter.cards
        journal = TillCardJournal(
            desk.database, cards, lambda movement: purpose(movement).packed(), desk.clock.now
        )
        return PurseDesk(self._keys(), journal, cards.limit(), cards.admit)

    def _keys(self) -> KeyRing:
        if self._ring is None:
            self._renew_keys()
            self._ring = load_ring(self.folder)
        return self._ring

    def _renew_keys(self) -> None:
        """Fetch the key sets in force by now; without the server the known ones do."""
        desk = self._counter.desk
        if desk.line.state.online:
            try:
                renew_ring(self.folder, desk.server.card_keys())
            except (Unreachable, NotSignedIn):
                desk.line.failed()


def _no_purpose(_movement: CardMovement) -> CardPurpose:
    raise InvariantError("nothing is to be moved")


def _not_a_purse(kind: CardKind) -> str:
    if kind is CardKind.BANK:
        return "card_is_bank_card"
    if kind is CardKind.DESFIRE:
        return "card_not_a_purse"
    return refusal_as_key(kind)
