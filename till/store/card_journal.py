"""The journal of movements on cards (cardreader.purse.journal): each step one transaction.

What a step means for the books happens in that same transaction: see `CardBooks`.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Row, func, insert, select, update

from cardreader.purse.journal import CardMovement, CardState
from till.store.database import Database, Work
from till.store.tables import card_movements
from vouchers.errors import InvariantError
from vouchers.reading import JsonReader

_OPEN = (CardState.INTENT.value, CardState.DOUBT.value)
_movement = JsonReader[CardMovement](CardMovement)
_WHAT = "a movement on a card"
_UNSETTLED = select(card_movements).where(card_movements.c.state.in_(_OPEN))


class CardBooks(Protocol):
    """What follows from a step, booked together with it. `purpose` is what `intend` was given."""

    def doubted(self, work: Work, movement: CardMovement, purpose: bytes, /) -> None:
        """The Commit is about to leave: from here on nobody knows until the card is seen."""

    def done(self, work: Work, movement: CardMovement, purpose: bytes, /) -> None:
        """The card has it."""

    def voided(
        self, work: Work, movement: CardMovement, purpose: bytes, /, *, doubted: bool
    ) -> None:
        """The card does not have it."""


class OpenMovement(Struct, frozen=True, kw_only=True):
    """A movement whose end is not known, since when, and whether the server knows of it."""

    movement: CardMovement
    purpose: bytes
    state: CardState
    since: datetime
    told: bool


class TillCardJournal:
    """See CardJournal. `purpose_of` says what a movement that begins is for."""

    def __init__(
        self,
        database: Database,
        books: CardBooks,
        purpose_of: Callable[[CardMovement], bytes],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._books = books
        self._purpose_of = purpose_of
        self._now = now

    def open_movements(self, uid: str) -> Sequence[CardMovement]:
        """See CardJournal."""
        with self._database.read() as work:
            return [one.movement for one in unsettled(work, uid)]

    def intend(self, movement: CardMovement) -> None:
        """See CardJournal."""
        with self._database.write() as work:
            work.execute(
                insert(card_movements).values(
                    movement_id=movement.movement_id,
                    uid=movement.uid,
                    state=CardState.INTENT.value,
                    at=self._now().astimezone(UTC).replace(tzinfo=None),
                    movement=msgspec.json.encode(movement),
                    purpose=self._purpose_of(movement),
                    told=False,
                )
            )

    def advance(self, movement_id: UUID, state: CardState) -> None:
        """See CardJournal."""
        with self._database.write() as work:
            advance(work, self._books, movement_id, state)


def advance(work: Work, books: CardBooks, movement_id: UUID, state: CardState) -> None:
    """Move an open movement on, and book what follows from it."""
    this = card_movements.c.movement_id == movement_id
    row = work.execute(select(card_movements).where(this)).one()
    if row.state == state.value:
        return  # the server's word came first
    if row.state not in _OPEN:
        raise InvariantError(f"movement {movement_id} is {row.state} and cannot be {state}")
    one = _open_movement(row)
    if one is None:
        raise InvariantError(f"movement {movement_id} cannot be read")
    work.execute(update(card_movements).where(this).values(state=state.value))
    match state:
        case CardState.DOUBT:
            books.doubted(work, one.movement, one.purpose)
        case CardState.DONE:
            books.done(work, one.movement, one.purpose)
        case CardState.VOID:
            doubted = one.state is CardState.DOUBT
            books.voided(work, one.movement, one.purpose, doubted=doubted)


def unsettled(work: Work, uid: str | None = None) -> list[OpenMovement]:
    """Movements whose end is not known, of one card or of all, oldest first."""
    wanted = _UNSETTLED if uid is None else _UNSETTLED.where(card_movements.c.uid == uid)
    found = [_open_movement(row) for row in work.execute(wanted.order_by(card_movements.c.seq))]
    return [one for one in found if one is not None]


def latest_cards(work: Work, count: int) -> list[tuple[str, datetime]]:
    """The cards that were last to be moved value on, newest first, and when."""
    newest = func.max(card_movements.c.seq)
    rows = work.execute(
        select(card_movements.c.uid, func.max(card_movements.c.at).label("at"))
        .group_by(card_movements.c.uid)
        .order_by(newest.desc())
        .limit(count)
    )
    return [(row.uid, row.at.replace(tzinfo=UTC)) for row in rows]


def void_intents(work: Work, books: CardBooks) -> None:
    """After a start: what was only meant never left for the card."""
    for one in unsettled(work):
        if one.state is CardState.INTENT:
            advance(work, books, one.movement.movement_id, CardState.VOID)


def disproved(work: Work) -> list[CardMovement]:
    """Movements that came to nothing, of which the server still knows as doubts."""
    told = (card_movements.c.state == CardState.VOID.value, card_movements.c.told)
    bodies = select(card_movements.c.movement).where(*told)
    found = [_movement.read_or_none(b, _WHAT) for b in work.execute(bodies).scalars()]
    return [one for one in found if one is not None]


def mark_told(work: Work, movement_ids: Sequence[UUID], *, told: bool) -> None:
    """Whether the server knows of these as doubts."""
    mine = update(card_movements).where(card_movements.c.movement_id.in_(movement_ids))
    work.execute(mine.values(told=told))


def _open_movement(row: Row[tuple[object, ...]]) -> OpenMovement | None:
    movement = _movement.read_or_none(row.movement, _WHAT)
    if movement is None:
        return None
    return OpenMovement(
        movement=movement,
        purpose=row.purpose,
        state=CardState(row.state),
        since=row.at.replace(tzinfo=UTC),
        told=row.told,
    )
