"""What purse cards tell: each movement takes the next number in its card's life.

Movements come from any till and in any order. A number taken twice is a cloned or restored card,
a balance that does not follow from its neighbours a card that lies. A missing number is open
until its movement arrives from the till that still has it.
"""

from uuid import UUID

from server.ledger.incidents import Found
from server.ledger.state import Booked, Books, Closed, Raised
from sync.wire.cards import CardRecord
from sync.wire.incidents import IncidentKind
from vouchers.ledger import LedgerEntry

NEVER_HAPPENED = "never_happened"
"""How a doubt was settled when the card told that nothing had moved."""


def check(books: Books, entry: LedgerEntry, found: Found) -> None:
    """Compare a movement with its neighbours in its card's life; others are passed over."""
    counter, balance = entry.card_counter, entry.card_balance_minor
    if counter is None or balance is None:
        return
    card = entry.voucher_id
    others = [one for one in books.cards.get((card, counter), []) if one.entry is not entry]
    before, after = (books.cards.get((card, counter + step), []) for step in (-1, 1))
    if others:
        other = str(others[0].entry.entry_id)
        found.add(IncidentKind.CARD, why="number_taken_twice", counter=counter, other=other)
    held_before = balance - entry.amount.minor
    if not _follows(before, held_before, first=counter == 1):
        found.add(IncidentKind.CARD, why="balance_does_not_follow", counter=counter)
    if after and all(_held_before(one) != balance for one in after):
        told = str(after[0].entry.entry_id)
        found.add(IncidentKind.CARD, subject=told, why="balance_does_not_follow", counter=counter)
    if counter > 1 and not before:
        found.add(IncidentKind.CARD_GAP, subject=missing(card, counter - 1), missing=counter - 1)
    if after:
        found.settle(IncidentKind.CARD_GAP, missing(card, counter), "missing_movement_arrived")
    found.settle(IncidentKind.CARD_DOUBT, str(entry.entry_id), "movement_arrived")


def doubt(books: Books, card: UUID, record: CardRecord, till_id: str) -> None:
    """A till lost the card in the middle of a movement: nobody knows yet whether it happened."""
    if record.entry_id in books.entries:
        return
    books.changes.incidents.append(
        Raised(
            books.next_position(),
            IncidentKind.CARD_DOUBT.value,
            str(record.entry_id),
            voucher_id=card,
            entry_id=record.entry_id,
            origin=till_id,
            details={
                "amount": record.amount.minor,
                "currency": record.amount.currency,
                "counter": record.counter,
                "balance": record.balance.minor,
            },
        )
    )


def came_to_nothing(books: Books, entry_id: UUID) -> None:
    """The card told at last that the movement never happened."""
    position = books.next_position()
    kind = IncidentKind.CARD_DOUBT.value
    books.changes.incidents.append(Closed(position, kind, str(entry_id), NEVER_HAPPENED))


def missing(card: UUID, counter: int) -> str:
    """The subject of an incident about a movement that nobody has reported yet."""
    return f"{card}#{counter}"


def _follows(before: list[Booked], held: int, *, first: bool) -> bool:
    if first:
        return held == 0
    return not before or any(one.entry.card_balance_minor == held for one in before)


def _held_before(one: Booked) -> int:
    return (one.entry.card_balance_minor or 0) - one.entry.amount.minor
