"""What is done with a card on the reader, at the window and by command alike.

Here value moves; what makes cards and ties them to vouchers is in card_making.
"""

from collections.abc import Callable

from msgspec.structs import replace

from cardreader.key_cards import Identity
from cardreader.kinds import CardKind
from cardreader.protocols import Card, CardSeen
from cardreader.purse.journal import CardMovement
from till import card_sales, key_cards
from till.card_making import CardMaking
from till.card_sharing import share
from till.card_shown import CardShown
from till.cards import CardDesk, Paid, not_a_purse
from till.counter.card_books import CardOutcome
from till.counter.card_owed import Owed
from till.counter.card_touched import CardDoubt, CardLine, CardTouched
from till.counter.redemption import Found
from till.counter.sale import Sale
from vouchers.errors import Reason, Refused
from vouchers.ledger import EntryKind
from vouchers.money import total
from vouchers.people import User
from vouchers.voucher import Account

LINES_SHOWN = 8

OnPurse = Callable[[Card, CardShown], CardTouched]
OnKey = Callable[[Identity], CardTouched]


class CardWorkflows:
    """Works on the card that `lying` names, and waits for nothing but that card.

    A purse card first tells what became of movements in doubt, then it has back what the till
    owes to it. After a tap that told of either nothing else happens (CardTouched.stopped): what
    was asked for may be the very thing that the card has just told of.

    Every method raises OperatingError with nothing done, or CardInDoubt; see till.cards.CardDesk.
    """

    def __init__(self, desk: CardDesk, lying: Callable[[], CardSeen]) -> None:
        self.making = CardMaking(desk, lying)
        self._desk = desk
        self._counter = desk.counter
        self._lying = lying

    def touch(self, sale: Sale, cashier: User) -> CardTouched:
        """Do what the moment suggests: load what was paid, pay what the card has, else look."""
        if sale.onto_card:
            return self.load(sale, cashier)
        if sale.rest:
            return self.pay(sale, cashier, partly=True)
        return self._tap(cashier, sale, _look_at_purse, self._look_at_key)

    def pay(self, sale: Sale, cashier: User, *, partly: bool = False) -> CardTouched:
        """Take what is due; `partly` takes what there is of it, and only shows what opens a
        voucher that cannot pay.
        """

        def from_purse(card: Card, before: CardShown) -> CardTouched:
            paid = card_sales.pay(self._desk, card, sale, cashier, partly=partly)
            after = self._desk.show_again(card, before, -paid.redeemed.amount)
            return _paid(after.touched, paid)

        def from_account(known: Identity) -> CardTouched:
            found = self._counter.key_cards.open(known)
            if partly and self._counter.redemption.objection(found) is not None:
                return self._opened(found)
            paid = key_cards.pay(self._desk, found, sale, cashier, partly=partly)
            return _paid(_account(found), paid)

        return self._tap(cashier, sale, from_purse, from_account)

    def load(self, sale: Sale, cashier: User) -> CardTouched:
        """Load what a paid sale puts onto a card; the sale is committed with it."""

        def onto_purse(card: Card, before: CardShown) -> CardTouched:
            done = card_sales.load(self._desk, card, sale, cashier)
            after = self._desk.show_again(card, before, sale.onto_card)
            return replace(after.touched, committed=done)

        def onto_account(known: Identity) -> CardTouched:
            found = self._counter.key_cards.open(known)
            done = key_cards.load(self._desk, found, sale, cashier)
            balance = found.account.balance + sale.onto_card
            return replace(_account(found), balance=balance, committed=done)

        return self._tap(cashier, sale, onto_purse, onto_account)

    def look_at_purse(self, cashier: User) -> CardTouched:
        """A purse card, before value goes onto it. Raises Refused, which names any other kind."""
        return self._tap(cashier, None, _look_at_purse)

    def onto_card(
        self, found: Found, cashier: User, seen: CardTouched | None = None
    ) -> CardTouched:
        """Move all that a value voucher is worth onto the purse card.

        Raises Refused (not_allowed) unless it is the card that was `seen` before, unchanged.
        """

        def move(card: Card, before: CardShown) -> CardTouched:
            _check_seen(before, seen)
            done = card_sales.load_from(self._desk, card, found, cashier)
            return replace(before.moved(found.account.balance).touched, committed=done)

        return self._tap(cashier, None, move)

    def to_paper(self, cashier: User, seen: CardTouched | None = None) -> CardTouched:
        """Move all that is on the purse card onto a new voucher, which comes with the receipt.

        Raises Refused (not_allowed) unless it is the card that was `seen` before, unchanged.
        """

        def move(card: Card, before: CardShown) -> CardTouched:
            _check_seen(before, seen)
            paid = card_sales.to_paper(self._desk, card, cashier)
            return replace(before.moved(-before.view.balance).touched, committed=paid.committed)

        return self._tap(cashier, None, move)

    def put_back(self, owed: Owed, cashier: User) -> CardTouched:
        """Give the card back what it paid towards a sale that is still open."""

        def give(card: Card, before: CardShown) -> CardTouched:
            outcome = card_sales.put_back(self._desk, card, owed, cashier)
            after = self._desk.show_again(card, before, owed.amount)
            return replace(after.touched, sale=outcome.sale, put_back=owed.amount)

        return self._tap(cashier, owed.sale_without, give)

    def replace(
        self, lost: Account, supervisor: User, reason: str, seen: CardTouched | None = None
    ) -> CardTouched:
        """Give the card what the lost one had: its value, or what it was the key to.

        Raises Refused (not_allowed) unless it is the card that was `seen` before, unchanged.
        """
        worth = self._counter.lost_cards.worth(lost)
        if lost.voucher.key_card is not None:
            return self.making.link(worth, supervisor)

        def move(card: Card, before: CardShown) -> CardTouched:
            _check_seen(before, seen)
            sale = self._counter.cards.replacement(worth, supervisor=supervisor, reason=reason)
            done = card_sales.load(self._desk, card, sale, supervisor, EntryKind.TRANSFER_IN)
            return replace(before.moved(worth.balance).touched, committed=done)

        return self._tap(supervisor, None, move)

    def show(self) -> CardShown | Found:
        """What is on a purse card, or the account that a key card opens."""
        seen = self._lying()
        with self._desk.card(seen) as (card, kind):
            if kind is not CardKind.PURSE:
                return self._counter.key_cards.open(key_cards.who(self._desk, card, kind))
            shown = self._desk.show(card)
        share(self._desk, seen, shown)
        return shown

    def settle(self, cashier: User) -> tuple[CardShown, list[CardOutcome], list[CardMovement]]:
        """The purse card, what it told and what it had back, and what is open even so."""
        seen = self._lying()
        with self._desk.purse(seen) as card:
            shown, still_open = self._desk.settle(card)
            back = card_sales.put_all_back(self._desk, card, shown, cashier)
            outcomes = [*shown.earlier, *back]
            if back:
                shown = self._desk.show(card)
        share(self._desk, seen, shown)
        return shown, outcomes, still_open

    def doubts(self) -> list[CardDoubt]:
        """What waits for cards to be seen again."""
        with self._counter.desk.database.read() as work:
            open_now = [
                CardDoubt(
                    last4=self._counter.cards.terms(work, one.movement.uid).last4,
                    amount=one.movement.amount,
                    since=one.since,
                )
                for one in self._desk.doubts()
            ]
        owed = [
            CardDoubt(last4=one.last4, amount=one.amount, since=one.paid_at, owed=True)
            for one in self._counter.card_owed.all()
        ]
        return [*open_now, *owed]

    def _tap(
        self, cashier: User, at_work: Sale | None, on_purse: OnPurse, on_key: OnKey | None = None
    ) -> CardTouched:
        """Do the work on the card, unless it has something to tell or to have back first."""
        seen = self._lying()
        with self._desk.card(seen) as (card, kind):
            if kind is not CardKind.PURSE:
                if on_key is None:
                    raise Refused(Reason.NOT_ALLOWED, not_a_purse(kind))
                return on_key(key_cards.who(self._desk, card, kind))
            before = self._desk.show(card)
            touched = self._first(card, before, cashier, at_work) or on_purse(card, before)
        share(self._desk, seen, before)
        return touched

    def _first(
        self, card: Card, before: CardShown, cashier: User, at_work: Sale | None
    ) -> CardTouched | None:
        """What the card tells of a doubt, or has back; None when it is free for the work."""
        if before.earlier:
            return before.touched
        back = card_sales.put_all_back(self._desk, card, before, cashier, at_work)
        if not back:
            return None
        returned = total([one.amount for one in back], before.view.balance.currency)
        after = self._desk.show_again(card, before, returned)
        return replace(after.touched, put_back=returned)

    def _look_at_key(self, known: Identity) -> CardTouched:
        return self._opened(self._counter.key_cards.open(known))

    def _opened(self, found: Found) -> CardTouched:
        """The account that a key card opens, with its last movements."""
        entries = self._counter.accounts.statement(found.account).entries
        moved = [CardLine(one.amount, at=one.occurred_at) for one in entries]
        return replace(_account(found), found=found, lines=moved[: -LINES_SHOWN - 1 : -1])


def _look_at_purse(_card: Card, before: CardShown) -> CardTouched:
    return before.touched


def _check_seen(before: CardShown, seen: CardTouched | None) -> None:
    now = (before.voucher.last4, before.view.balance)
    if seen is not None and now != (seen.last4, seen.balance):
        raise Refused(Reason.NOT_ALLOWED, "card_other_than_seen", last4=seen.last4)


def _account(found: Found) -> CardTouched:
    account = found.account
    return CardTouched(last4=account.voucher.last4, balance=account.balance, cap=found.cap)


def _paid(touched: CardTouched, paid: Paid) -> CardTouched:
    return replace(
        touched,
        balance=paid.redeemed.balance,
        redeemed=paid.redeemed,
        sale=paid.sale,
        committed=paid.committed,
    )
