"""Loading, paying and settling: every step is on disk before the next byte leaves for the card.

open, settle what is open of this card
intent      durable before the first change
Credit or Debit, WriteRecord     both only pending on the card
doubt       durable before Commit leaves
Commit      answer and MAC right -> done; anything else -> doubt until the card is seen again
"""

import secrets
from collections.abc import Callable
from uuid import UUID

from cardreader.desfire.handshake import Random
from cardreader.desfire.status import CardSaidNo, Status
from cardreader.errors import NoAnswer
from cardreader.keys import KeyRing, Role
from cardreader.protocols import Card
from cardreader.purse.journal import CardJournal, CardMovement, CardState
from cardreader.purse.layout import COUNTER_MAX, LOG_FILE, VALUE_FILE, VALUE_MAX
from cardreader.purse.open_purse import OpenPurse, PurseView, open_purse
from cardreader.purse.settling import settle_open
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.ids import new_id
from vouchers.money import Money


class CardInDoubt(OperatingError):
    """The card went away while it committed. The same card, tapped again, tells what happened."""

    def __init__(self, movement: CardMovement) -> None:
        super().__init__("card_in_doubt", amount=_size(movement))
        self.movement = movement


class NothingMoved(OperatingError):
    """The card went away before anything was committed: the money is where it was."""

    def __init__(self, movement: CardMovement) -> None:
        super().__init__("card_nothing_moved", amount=_size(movement))
        self.movement = movement


Admit = Callable[[str, Money], None]
"""Told UID and balance before anything changes; raises Refused for a card that is blocked."""


class PurseDesk:
    """What one till does with purse cards. Amounts are in the venue's currency.

    `limit` is the most a card may hold. Every method first settles what this till left open on
    that card, and raises NoAnswer when the card leaves before anything was meant to change.
    """

    def __init__(
        self,
        ring: KeyRing,
        journal: CardJournal,
        limit: Money,
        admit: Admit = lambda _uid, _balance: None,
        random: Random = secrets.token_bytes,
    ) -> None:
        self._ring = ring
        self._admit = admit
        self._journal = journal
        self._limit = limit
        self._random = random

    def show(self, card: Card) -> PurseView:
        """Balance and last movements. Raises Refused."""
        return self._open(card, Role.DEBIT).view()

    def settle(self, card: Card) -> list[CardMovement]:
        """What is still open of this card after looking; empty is what one hopes for."""
        purse = self._open(card, Role.DEBIT)
        return list(self._journal.open_movements(purse.uid))

    def load(self, card: Card, amount: Money, movement_id: UUID | None = None) -> CardMovement:
        """Put `amount` on the card. Raises Refused, NothingMoved or CardInDoubt."""
        _check_positive(amount)
        purse = self._open(card, Role.LOAD)
        self._admit(purse.uid, purse.balance)
        if self._limit < purse.balance + amount:
            raise _full(purse, self._limit)
        return self._move(purse, amount, movement_id)

    def pay(
        self, card: Card, due: Money, movement_id: UUID | None = None, *, partly: bool = False
    ) -> CardMovement:
        """Take `due` from the card; `partly` takes what there is of it.

        Raises Refused, NothingMoved or CardInDoubt.
        """
        _check_positive(due)
        purse = self._open(card, Role.DEBIT)
        self._admit(purse.uid, purse.balance)
        amount = min(due, purse.balance) if partly else due
        if not purse.balance:
            raise Refused(Reason.EMPTY, "card_empty")
        if purse.balance < amount:
            raise Refused(
                Reason.INSUFFICIENT,
                "card_too_little",
                balance=purse.balance,
                amount=due,
                rest=due - purse.balance,
            )
        return self._move(purse, -amount, movement_id)

    def _open(self, card: Card, role: Role) -> OpenPurse:
        purse = open_purse(card, self._ring, role, self._random)
        settle_open(purse, self._journal)
        return purse

    def _move(self, purse: OpenPurse, amount: Money, movement_id: UUID | None) -> CardMovement:
        if purse.newest.counter >= COUNTER_MAX:
            raise Refused(Reason.NOT_ALLOWED, "card_worn")
        movement = CardMovement(
            movement_id=movement_id or new_id(),
            uid=purse.uid,
            amount=amount,
            balance_after=purse.balance + amount,
            counter=purse.newest.counter + 1,
            follows=purse.newest.movement_id,
        )
        self._journal.intend(movement)
        self._change(purse, movement)
        self._journal.advance(movement.movement_id, CardState.DOUBT)
        self._commit(purse, movement)
        self._journal.advance(movement.movement_id, CardState.DONE)
        return movement

    def _change(self, purse: OpenPurse, movement: CardMovement) -> None:
        """Both changes, pending. Without a Commit nothing of them can last, so void is safe."""
        minor = movement.amount.minor
        try:
            if minor > 0:
                purse.desfire.credit(VALUE_FILE, minor)
            else:
                purse.desfire.debit(VALUE_FILE, -minor)
            purse.desfire.write_record(LOG_FILE, movement.record().packed())
        except NoAnswer as silence:
            self._journal.advance(movement.movement_id, CardState.VOID)
            raise NothingMoved(movement) from silence
        except CardSaidNo as no:
            self._journal.advance(movement.movement_id, CardState.VOID)
            if no.status == Status.BOUNDARY:
                raise _full(purse, Money(VALUE_MAX, movement.amount.currency)) from no
            raise NothingMoved(movement) from no

    def _commit(self, purse: OpenPurse, movement: CardMovement) -> None:
        """Only an answer with the right MAC proves it: statuses of refusal carry none."""
        try:
            purse.desfire.commit()
        except (NoAnswer, CardSaidNo) as unknown:
            raise CardInDoubt(movement) from unknown


def _full(purse: OpenPurse, limit: Money) -> Refused:
    room = max(limit - purse.balance, Money.zero(limit.currency))
    return Refused(Reason.AMOUNT, "card_full", limit=limit, room=room)


def _size(movement: CardMovement) -> Money:
    """The amount as the cashier typed it: a payment is kept as a negative one."""
    return -movement.amount if movement.amount.minor < 0 else movement.amount


def _check_positive(amount: Money) -> None:
    if amount.minor <= 0:
        raise Refused(Reason.AMOUNT, "amount_not_positive", amount=amount)
