"""Money that was taken for a sale and given back before it had a receipt."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from till.store.database import Work
from till.store.tables import returned_tenders


def add(
    work: Work, at: datetime, *, sale_id: UUID, shift_id: UUID | None, kind: str, amount_minor: int
) -> None:
    """Note that the visitor has it back."""
    work.execute(
        insert(returned_tenders).values(
            at=at.astimezone(UTC).replace(tzinfo=None),
            sale_id=sale_id,
            shift_id=shift_id,
            kind=kind,
            amount_minor=amount_minor,
        )
    )


def put_into(work: Work, shift_id: UUID) -> None:
    """What stood in no shift stands in this one from now on."""
    outside = returned_tenders.c.shift_id.is_(None)
    work.execute(update(returned_tenders).where(outside).values(shift_id=shift_id))


def of_shift(work: Work, shift_id: UUID | None) -> Counter[str]:
    """What was given back in a shift, or outside any, in minor units by the kind of tender."""
    wanted = select(returned_tenders).where(returned_tenders.c.shift_id == shift_id)
    sums: Counter[str] = Counter()
    for row in work.execute(wanted):
        sums[row.kind] += row.amount_minor
    return sums
