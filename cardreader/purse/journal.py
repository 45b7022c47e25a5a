"""What the till remembers of its own movements on cards, whatever happens to it or to the card."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from cardreader.purse.layout import PurseRecord
from vouchers.money import Money


class CardState(StrEnum):
    """`intent` and `doubt` are open; `done` and `void` are final."""

    INTENT = "intent"
    DOUBT = "doubt"
    DONE = "done"
    VOID = "void"


class CardMovement(Struct, frozen=True, kw_only=True):
    """A change of a card's balance as this till means to make it.

    `amount` is signed: loads are positive, payments negative. `counter` is the number it takes on
    the card, `follows` the movement found there as the newest: with both, whoever sees all tills'
    movements can tell what became of one that is in doubt.
    """

    movement_id: UUID
    uid: str
    amount: Money
    balance_after: Money
    counter: int
    follows: UUID

    def record(self) -> PurseRecord:
        """The same as the card is to remember it."""
        return PurseRecord(self.movement_id, self.counter, self.amount, self.balance_after)


class CardJournal(Protocol):
    """Kept by the till's database. Every call is durable when it returns (synchronous=FULL)."""

    def open_movements(self, uid: str) -> Sequence[CardMovement]:
        """Movements on this card in `intent` or `doubt`, oldest first."""

    def intend(self, movement: CardMovement) -> None:
        """Keep it as `intent`, before the first change leaves for the card."""

    def advance(self, movement_id: UUID, state: CardState) -> None:
        """Move an open movement on; `done` is the moment its ledger entry is written."""
