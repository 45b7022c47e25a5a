"""Purse cards as voucher accounts: which account a card has, and what may be done with it."""

from uuid import UUID

from msgspec.structs import replace

from till.counter.card_purpose import CardPurpose, Movement, card_load
from till.counter.desk import Desk
from till.counter.redeemed import Redeemed
from till.counter.sale import Sale
from till.store import accounts, audit
from till.store.database import Work
from vouchers.cards import card_digest, card_terms
from vouchers.codes import voucher_id_of
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryKind
from vouchers.money import Money, minor_digits
from vouchers.people import User
from vouchers.voucher import Account, Medium, Voucher, VoucherStatus

CARD_LIMIT_MAJOR = 150
"""What an anonymous card may hold where the venue sets no limit (EU 2018/843, article 12)."""

CARD_MADE = "card made"
"""What the audit calls it; the subject is the card's name."""


class Cards:
    """Accounts of purse cards, and what a movement on one is for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

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
        if known is not None and known.status is VoucherStatus.BLOCKED:
            raise Refused(Reason.BLOCKED, "card_blocked", last4=known.voucher.last4)

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
        return sale.add(card_load(lost.balance)).with_voucher(given)

    def payment(
        self, sale: Sale, cashier: User, movement: Movement, kind: EntryKind = EntryKind.REDEEM
    ) -> CardPurpose:
        """The sale as it stands when the card has paid its part."""
        with self._desk.database.read() as work:
            terms = self.terms(work, movement.uid)
        given = Redeemed(
            entry_id=movement.movement_id,
            voucher=terms,
            amount=-movement.amount,
            balance=movement.balance_after,
            basis=Basis.CARD,
        )
        after = sale.with_voucher(given)
        completes = not after.rest and not after.onto_card
        return CardPurpose(kind=kind, cashier=cashier, sale=after, completes=completes)

    def note(self, cashier: User, action: str, subject: str) -> None:
        """Write down that a card was made, blocked or looked into."""
        with self._desk.database.write() as work:
            now = self._desk.clock.now()
            audit.add(work, now, actor=cashier.user_id, action=action, subject=subject)
