"""What the end of a movement on a card means for the books.

The card decides what happened, not the till: entries of a card are written when it has the
movement, and what else the sale needs is booked or undone with them.
"""

from collections import OrderedDict
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from till.counter import open_sales
from till.counter.card_doubt import as_it_waits, check_no_doubt, check_open
from till.counter.card_purpose import CardPurpose, Movement, unpacked
from till.counter.cards import Cards
from till.counter.checkout import Checkout, Committed
from till.counter.desk import Desk
from till.counter.payable import check_payable
from till.counter.receipt import loaded_card
from till.counter.redeemed import Redeemed
from till.counter.sale import Sale
from till.store import accounts, holds, ledger, receipts, settings
from till.store.database import Work
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, EntryKind
from vouchers.money import Money
from vouchers.voucher import Voucher

RESULTS_KEPT = 20


class CardOutcome(Struct, frozen=True, kw_only=True):
    """What became of a movement of `sale` on card `uid`. `committed` is that sale, if this
    completed it.

    `corrects` is the payment that the card was to have back, `given_back` are the vouchers of the
    sale that were booked while it was in doubt and have their amounts again.
    """

    movement_id: UUID
    uid: str
    amount: Money
    done: bool
    sale: Sale
    committed: Committed | None = None
    corrects: UUID | None = None
    given_back: tuple[UUID, ...] = ()


def after_card(sale: Sale, outcome: CardOutcome) -> Sale:
    """The sale at the counter after its card told what became of the movement in doubt.

    What else has happened to the sale before stays: money may have been taken for it.
    """
    sale = replace(sale, waits_for_card=None)
    if outcome.corrects is not None:
        return sale.without_voucher(outcome.corrects) if outcome.done else sale
    if outcome.done:
        known = {given.entry_id for given in sale.redeemed}
        for given in outcome.sale.redeemed:
            if given.entry_id == outcome.movement_id and given.entry_id not in known:
                sale = sale.with_voucher(given)
    for entry_id in outcome.given_back:
        sale = sale.without_voucher(entry_id)
    return sale


class CardBooks:
    """Fulfils till.store.card_journal.CardBooks."""

    def __init__(self, desk: Desk, checkout: Checkout, cards: Cards) -> None:
        self._desk = desk
        self._checkout = checkout
        self._cards = cards
        self._untold: OrderedDict[UUID, CardOutcome] = OrderedDict()

    def check_free(self, sale: Sale) -> None:
        """Raise Refused (duplicate, tender) when a card completed it, or may have, and where it may
        not be paid for. What cards have done already is booked all the same.
        """
        with self._desk.database.read() as work:
            check_payable(self._desk, work, sale)
            check_open(work, sale)
            check_no_doubt(work, sale)

    def standing(self, sale: Sale) -> tuple[Sale, CardOutcome | None]:
        """The sale as it waits for a card or not, and what became of one that it waited for.

        Another till may have seen that card; what is told here is told once.
        """
        with self._desk.database.read() as work:
            waits = as_it_waits(work, sale)
        of_sale = [
            one.movement_id
            for one in list(self._untold.values())
            if one.sale.sale_id == sale.sale_id
        ]
        return waits, self.outcome(of_sale[-1]) if of_sale else None

    def doubted(self, work: Work, _movement: Movement, purpose: bytes) -> None:
        """Book the other vouchers of the sale now: nobody may spend them twice meanwhile."""
        told = unpacked(purpose)
        for given in _others(told):
            holds.remove(work, given.entry_id)
            moved = told.kind is EntryKind.TRANSFER_IN
            kind = EntryKind.TRANSFER_OUT if moved else EntryKind.REDEEM
            ledger.append(work, self._entry(work, told, given, kind, -given.amount))

    def voided(self, work: Work, movement: Movement, purpose: bytes, *, doubted: bool) -> None:
        """Give back what the other vouchers of the sale gave."""
        told = unpacked(purpose)
        if doubted:
            for given in _others(told):
                back = self._entry(work, told, given, EntryKind.REVERSE, given.amount)
                ledger.append(work, replace(back, entry_id=new_id(), corrects=given.entry_id))
            given_back = tuple(given.entry_id for given in _others(told))
            self._keep(work, told, _outcome(movement, told, done=False, given_back=given_back))

    def done(self, work: Work, movement: Movement, purpose: bytes) -> None:
        """Book the movement, and the sale that it completes."""
        told, terms = unpacked(purpose), self._cards.terms(work, movement.uid)
        if receipts.has_sale(work, told.sale.sale_id):  # completed another way: told, not hidden
            told = replace(told, completes=False)
        known = accounts.by_id(work, terms.voucher_id) is not None
        accounts.add_issued(work, terms)
        ledger.append(
            work,
            EntryDraft(
                entry_id=movement.movement_id,
                voucher_id=terms.voucher_id,
                kind=told.kind,
                amount=movement.amount,
                occurred_at=self._desk.clock.now(),
                actor=told.cashier.user_id,
                reference=self._reference(work, told),
                basis=Basis.CARD,
                voucher=None if known else terms,
                corrects=told.corrects,
                clock_skew_ms=settings.clock_skew_ms.get(work),
                card_counter=movement.counter,
                card_balance_minor=movement.balance_after.minor,
                card_follows=movement.follows,
            ),
        )
        committed = self._complete(work, told, terms, movement) if told.completes else None
        self._keep(work, told, _outcome(movement, told, done=True, committed=committed))

    def outcome(self, movement_id: UUID) -> CardOutcome | None:
        """What became of a movement that this process saw the end of; it is told once."""
        return self._untold.pop(movement_id, None)

    def outcomes(self, uid: str) -> list[CardOutcome]:
        """What became of movements on a card that nobody was told of yet, oldest first.

        The card may have said so just now, or another till, to which it was shown meanwhile.
        """
        of_card = [one.movement_id for one in list(self._untold.values()) if one.uid == uid]
        told = (self.outcome(movement_id) for movement_id in of_card)
        return [one for one in told if one is not None]

    def _complete(
        self, work: Work, told: CardPurpose, terms: Voucher, movement: Movement
    ) -> Committed:
        amount, balance = movement.amount, movement.balance_after
        onto = loaded_card(terms, amount, balance) if amount.minor > 0 else None
        booked = frozenset(given.entry_id for given in told.sale.redeemed)
        return self._checkout.book(work, told.sale, told.cashier, booked=booked, loaded=onto)

    def _entry(
        self, work: Work, told: CardPurpose, given: Redeemed, kind: EntryKind, amount: Money
    ) -> EntryDraft:
        return EntryDraft(
            entry_id=given.entry_id,
            voucher_id=given.voucher.voucher_id,
            kind=kind,
            amount=amount,
            occurred_at=self._desk.clock.now(),
            actor=told.cashier.user_id,
            reference=str(told.sale.sale_id),
            basis=given.basis,
            reason=given.reason or None,
            clock_skew_ms=settings.clock_skew_ms.get(work),
        )

    def _reference(self, work: Work, told: CardPurpose) -> str:
        """The receipt this is on. Until there is one, the sale's id stands for it."""
        if not told.completes:
            return str(told.sale.sale_id)
        return receipts.next_number(work, self._desk.identity(work).numbers_as)

    def _keep(self, work: Work, told: CardPurpose, outcome: CardOutcome) -> None:
        """Keep what came of it, and the sale that it leaves open: the card may have paid for it."""
        self._untold[outcome.movement_id] = outcome
        while len(self._untold) > RESULTS_KEPT:
            self._untold.popitem(last=False)
        kept = open_sales.as_kept(work, told.sale.sale_id)
        if kept is None and (not outcome.done or told.corrects is not None):
            return
        if not receipts.has_sale(work, told.sale.sale_id):
            sale = after_card(kept or told.sale, outcome)
            open_sales.keep(work, sale, told.cashier.name, self._desk.clock.now())


def _outcome(
    movement: Movement,
    told: CardPurpose,
    *,
    done: bool,
    committed: Committed | None = None,
    given_back: tuple[UUID, ...] = (),
) -> CardOutcome:
    return CardOutcome(
        movement_id=movement.movement_id,
        uid=movement.uid,
        amount=movement.amount,
        done=done,
        sale=told.sale,
        committed=committed,
        corrects=told.corrects,
        given_back=given_back,
    )


def _others(told: CardPurpose) -> list[Redeemed]:
    """Vouchers of a sale to be completed that are not cards: those book themselves."""
    given = told.sale.redeemed if told.completes else ()
    return [one for one in given if one.basis is not Basis.CARD]
