"""What open sales have set aside, on disk before the server is asked."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from till.store.database import Work
from till.store.tables import holds


def add(
    work: Work, hold_id: UUID, voucher_id: UUID | None, amount_minor: int, *, at_server: bool
) -> None:
    """Set an amount aside for an open sale; without an id where only the server knows it."""
    work.execute(
        insert(holds).values(
            hold_id=hold_id,
            voucher_id=voucher_id,
            amount_minor=amount_minor,
            at_server=at_server,
            release=False,
        )
    )


def remove(work: Work, hold_id: UUID) -> None:
    """Nothing is set aside any more: its entry is being committed, or the server said no."""
    work.execute(delete(holds).where(holds.c.hold_id == hold_id))


def give_up(work: Work, hold_id: UUID) -> None:
    """The sale does not want it any more; the server is told when it can be reached."""
    work.execute(delete(holds).where(holds.c.hold_id == hold_id, holds.c.at_server.is_(False)))
    work.execute(update(holds).where(holds.c.hold_id == hold_id).values(release=True))


def give_up_all(work: Work, but: Collection[UUID] = ()) -> None:
    """After a start: whatever was open went down with the program, save for the holds in `but`."""
    gone = holds.c.hold_id.not_in(but)
    work.execute(delete(holds).where(gone, holds.c.at_server.is_(False)))
    work.execute(update(holds).where(gone).values(release=True))


def stands(work: Work, hold_id: UUID) -> bool:
    """Whether an amount is set aside under that id, and nobody has given it up."""
    found = select(holds.c.hold_id).where(holds.c.hold_id == hold_id, holds.c.release.is_(False))
    return work.execute(found).first() is not None


def to_release(work: Work) -> list[UUID]:
    """The holds the server still has to be told about."""
    return list(work.execute(select(holds.c.hold_id).where(holds.c.release)).scalars())


def released(work: Work, hold_id: UUID) -> None:
    """The server has let go of a hold that was given up."""
    work.execute(delete(holds).where(holds.c.hold_id == hold_id, holds.c.release))
