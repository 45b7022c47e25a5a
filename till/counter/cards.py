"""Value on cards at the counter: which account a card has, and what a movement on it books.

The card decides what happened, not the till: entries of a card are written when it has the
movement, and what else the sale needs is booked or undone with them.
"""

from collections import OrderedDict
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from printing.documents import IssuedVoucher
from sync.wire import StatusChange
from till.counter.accounts import Accounts
from till.counter.card_doubt import check_no_doubt
from till.counter.card_purpose import CardPurpose, Movement, card_load, unpacked
from till.counter.checkout import Checkout, Committed
from till.counter.desk import Desk
from till.counter.sale import Redeemed, Sale
from till.store import accounts, audit, holds, ledger, receipts, settings
from till.store.database import Work
from vouchers.cards import PURSE_PRODUCT, card_digest, card_terms
from vouchers.codes import voucher_id_of
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, EntryKind
from vouchers.money import Money, minor_digits
from vouchers.people import User
from vouchers.voucher import Account, Medium, Voucher, VoucherStatus

CARD_LIMIT_MAJOR = 150
"""What an anonymous card may hold where the venue sets no limit (EU 2018/843, article 12)."""

RESULTS_KEPT = 20


class CardOutcome(Struct, frozen=True, kw_only=True):
    """What became of a movement of `sale`. `committed` is that sale, if this completed it."""

    movement_id: UUID
    amount: Money
    done: bool
    sale: Sale
    committed: Committed | None = None


class Cards:
    """The books' side of cards; fulfils till.store.card_journal.CardBooks."""

    def __init__(self, desk: Desk, checkout: Checkout) -> None:
        self._desk = desk
        self._checkout = checkout
        self._outcomes: OrderedDict[UUID, CardOutcome] = OrderedDict()

    # What a card is

    def account_id(self, uid: str) -> UUID:
        """The voucher account of a card, the same at every till."""
        return voucher_id_of(card_digest(self._desk.keys.digest_key, uid))

    def terms(self, work: Work, uid: str) -> Voucher:
        """What stands for the card in the ledger."""
        catalogue = self._desk.catalogue(work)
        title = {"de": "Wertkarte"}.get(catalogue.venue.language, "Value card")
        return card_terms(self._desk.keys.digest_key, uid, catalogue.currency, title)

    def account(self, uid: str) -> Account | None:
        """The card's account as this till knows it, None before its first movement is heard of."""
        with self._desk.database.read() as work:
            return accounts.by_id(work, self.account_id(uid))

    def limit(self) -> Money:
        """The most a card may hold."""
        with self._desk.database.read() as work:
            catalogue = self._desk.catalogue(work)
        by_law = CARD_LIMIT_MAJOR * 10 ** minor_digits(catalogue.currency)
        return catalogue.card_limit or Money(by_law, catalogue.currency)

    def admit(self, uid: str, _balance: Money) -> None:
        """Raise Refused for a card that was blocked: lost, or caught lying."""
        known = self.account(uid)
        if known is not None and known.status is not VoucherStatus.ACTIVE:
            raise Refused(Reason.BLOCKED, "card_blocked", last4=known.voucher.last4)

    def find(self, asked: str, search: Accounts) -> Account:
        """The card account meant by its four signs or a receipt's number. Raises Refused."""
        found = [one for one in search.find(asked) if one.voucher.product_id == PURSE_PRODUCT]
        if len(found) != 1:
            raise Refused(Reason.UNKNOWN, "account_not_found", asked=asked)
        return found[0]

    def set_status(
        self, account: Account, status: VoucherStatus, *, supervisor: User, reason: str
    ) -> None:
        """Block a lost card at every till, or let it be used again. Raises Refused, Unreachable."""
        voucher = account.voucher
        change = StatusChange(status=status, actor=supervisor.user_id, reason=reason)
        self._desk.server.set_status(voucher.voucher_id, change)
        self.note(supervisor, f"card {status}", f"{voucher.last4}: {reason}")

    def replacement(self, lost: Account, *, supervisor: User, reason: str) -> Sale:
        """What moves a lost card's value onto a new one: the sale to load with."""
        sale = replace(Sale.new(lost.balance.currency), medium=Medium.CARD)
        if lost.balance.minor <= 0:
            raise Refused(Reason.EMPTY, last4=lost.voucher.last4)
        given = Redeemed(
            entry_id=new_id(),
            voucher=lost.voucher,
            amount=lost.balance,
            balance=Money.zero(lost.balance.currency),
            basis=Basis.OVERRIDE,
            reason=f"{supervisor.user_id}: {reason}",
        )
        return sale.add(card_load(lost.balance)).with_voucher(given, None)

    # What a movement is for

    def check_free(self, sale: Sale) -> None:
        """Raise Refused (tender) while another card of this sale is in doubt."""
        with self._desk.database.read() as work:
            check_no_doubt(work, sale)

    def payment(
        self, sale: Sale, cashier: User, movement: Movement, kind: EntryKind = EntryKind.REDEEM
    ) -> CardPurpose:
        """The sale as it stands when the card has paid its part."""
        with self._desk.database.read() as work:
            terms = self.terms(work, movement.uid)
        after = sale.with_voucher(_redeemed(terms, movement), None)
        completes = not after.rest and not after.onto_card
        return CardPurpose(kind=kind, cashier=cashier, sale=after, completes=completes)

    # What its end means for the books

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
        self._keep(
            CardOutcome(
                movement_id=movement.movement_id, amount=movement.amount, done=False, sale=told.sale
            )
        )

    def done(self, work: Work, movement: Movement, purpose: bytes) -> None:
        """Book the movement, and the sale that it completes."""
        told, terms = unpacked(purpose), self.terms(work, movement.uid)
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
                clock_skew_ms=settings.clock_skew_ms.get(work),
                card_counter=movement.counter,
                card_balance_minor=movement.balance_after.minor,
                card_follows=movement.follows,
            ),
        )
        committed = self._complete(work, told, terms, movement) if told.completes else None
        self._keep(
            CardOutcome(
                movement_id=movement.movement_id,
                amount=movement.amount,
                done=True,
                sale=told.sale,
                committed=committed,
            )
        )

    def outcome(self, movement_id: UUID) -> CardOutcome | None:
        """What became of a movement that this process saw the end of."""
        return self._outcomes.get(movement_id)

    def note(self, cashier: User, action: str, subject: str) -> None:
        """Write down that a card was made, blocked or looked into."""
        with self._desk.database.write() as work:
            now = self._desk.clock.now()
            audit.add(work, now, actor=cashier.user_id, action=action, subject=subject)

    def _complete(
        self, work: Work, told: CardPurpose, terms: Voucher, movement: Movement
    ) -> Committed:
        loaded = _issued(terms, movement) if movement.amount.minor > 0 else None
        booked = frozenset(given.entry_id for given in told.sale.redeemed)
        return self._checkout.book(work, told.sale, told.cashier, booked=booked, loaded=loaded)

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
        return receipts.next_number(work, self._desk.identity(work).name)

    def _keep(self, outcome: CardOutcome) -> None:
        self._outcomes[outcome.movement_id] = outcome
        while len(self._outcomes) > RESULTS_KEPT:
            self._outcomes.popitem(last=False)


def _others(told: CardPurpose) -> list[Redeemed]:
    """Vouchers of a sale to be completed that are not cards: those book themselves."""
    given = told.sale.redeemed if told.completes else ()
    return [one for one in given if one.basis is not Basis.CARD]


def _redeemed(terms: Voucher, movement: Movement) -> Redeemed:
    return Redeemed(
        entry_id=movement.movement_id,
        voucher=terms,
        amount=-movement.amount,
        balance=movement.balance_after,
        basis=Basis.CARD,
    )


def _issued(terms: Voucher, movement: Movement) -> IssuedVoucher:
    return IssuedVoucher(
        voucher_id=terms.voucher_id,
        title=terms.title,
        value=movement.amount,
        balance=movement.balance_after,
        last4=terms.last4,
    )
