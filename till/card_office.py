"""What the window does with cards beside sales (till.ui.session.CardOffice)."""

from collections.abc import Callable

from msgspec.structs import replace

from cardreader.kinds import CardKind
from cardreader.protocols import CardSeen
from till import card_sales, key_cards
from till.card_series import make_next
from till.cards import CardDesk
from till.counter.card_touched import CardDoubt, CardTouched, MadeCard
from till.counter.redemption import Found
from vouchers.errors import Reason, Refused
from vouchers.ledger import EntryKind
from vouchers.people import User
from vouchers.voucher import Account


class DeskOffice:
    """Works on the card that `lying` names."""

    def __init__(self, desk: CardDesk, lying: Callable[[], CardSeen]) -> None:
        self._desk = desk
        self._lying = lying

    def make(self, cashier: User, *, key: bool) -> MadeCard:
        """See CardOffice."""
        return make_next(self._desk, self._lying(), cashier, key=key)

    def link(self, account: Account, cashier: User) -> CardTouched:
        """See CardOffice."""
        with self._desk.card(self._lying()) as (card, kind):
            known = key_cards.make(self._desk, card, kind, cashier)
        tie = self._desk.counter.key_cards.link(known, account, cashier)
        return CardTouched(last4=tie.last4, balance=account.balance, cap=known.cap)

    def unlink(self, cashier: User) -> str:
        """See CardOffice."""
        with self._desk.card(self._lying()) as (card, kind):
            if kind is CardKind.PURSE:
                raise Refused(Reason.NOT_ALLOWED, "card_is_a_purse")
            known = key_cards.who(self._desk, card, kind)
        return self._desk.counter.key_cards.unlink(known, cashier).last4

    def renew(self, lost: Account, supervisor: User, reason: str) -> CardTouched:
        """See CardOffice."""
        counter = self._desk.counter
        worth = counter.lost_cards.worth(lost)
        if lost.voucher.key_card is not None:
            return self.link(worth, supervisor)
        with self._desk.purse(self._lying()) as card:
            before = self._desk.show(card)
            if before.earlier:
                return before.touched
            sale = counter.cards.replacement(worth, supervisor=supervisor, reason=reason)
            done = card_sales.load(self._desk, card, sale, supervisor, EntryKind.TRANSFER_IN)
        return replace(before.moved(worth.balance).touched, committed=done)

    def onto_card(self, found: Found, cashier: User) -> CardTouched:
        """See CardOffice."""
        with self._desk.purse(self._lying()) as card:
            before = self._desk.show(card)
            if before.earlier:
                return before.touched
            done = card_sales.load_from(self._desk, card, found, cashier)
        return replace(before.moved(found.account.balance).touched, committed=done)

    def to_paper(self, seen: CardTouched, cashier: User) -> CardTouched:
        """See CardOffice."""
        with self._desk.purse(self._lying()) as card:
            before = self._desk.show(card)
            if before.earlier:
                return before.touched
            if (before.voucher.last4, before.view.balance) != (seen.last4, seen.balance):
                raise Refused(Reason.NOT_ALLOWED, "card_paper_other", last4=seen.last4)
            paid = card_sales.to_paper(self._desk, card, cashier)
        return replace(before.moved(-seen.balance).touched, committed=paid.committed)

    def doubts(self) -> list[CardDoubt]:
        """See CardOffice."""
        counter = self._desk.counter
        with counter.desk.database.read() as work:
            open_now = [
                CardDoubt(
                    last4=counter.cards.terms(work, one.movement.uid).last4,
                    amount=one.movement.amount,
                    since=one.since,
                )
                for one in self._desk.doubts()
            ]
        owed = [
            CardDoubt(last4=one.last4, amount=one.amount, since=one.paid_at, owed=True)
            for one in counter.card_owed.all()
        ]
        return [*open_now, *owed]
