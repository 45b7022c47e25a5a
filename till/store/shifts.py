"""Shifts: who answered for the cash drawer, from when to when, with how much in it."""

from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from till.store.database import Work
from till.store.tables import shifts
from vouchers.errors import Reason, Refused

_OPEN_ID = select(shifts.c.shift_id).where(shifts.c.closed_at.is_(None))


class Shift(Struct, frozen=True, kw_only=True):
    """An open shift; times are UTC, the float is in minor units of the venue's currency."""

    shift_id: UUID
    opened_at: datetime
    opened_by: str
    float_minor: int


def open_id(work: Work) -> UUID | None:
    """The open shift's id, None when there is none."""
    return work.execute(_OPEN_ID).scalar()


def current(work: Work) -> Shift | None:
    """The open shift, None when there is none."""
    row = work.execute(select(shifts).where(shifts.c.closed_at.is_(None))).one_or_none()
    if row is None:
        return None
    return Shift(
        shift_id=row.shift_id,
        opened_at=row.opened_at.replace(tzinfo=UTC),
        opened_by=row.opened_by,
        float_minor=row.float_minor,
    )


def begin(work: Work, shift: Shift) -> None:
    """Open a shift. Raises Refused (duplicate) while another is open."""
    try:
        work.execute(
            insert(shifts).values(
                shift_id=shift.shift_id,
                opened_at=shift.opened_at.astimezone(UTC).replace(tzinfo=None),
                opened_by=shift.opened_by,
                float_minor=shift.float_minor,
            )
        )
    except IntegrityError as twice:
        raise Refused(Reason.DUPLICATE, "shift_open_before") from twice


def end(work: Work, shift_id: UUID, at: datetime, by: str, counted_minor: int) -> None:
    """Close a shift with the cash that was counted."""
    work.execute(
        update(shifts)
        .where(shifts.c.shift_id == shift_id)
        .values(
            closed_at=at.astimezone(UTC).replace(tzinfo=None),
            closed_by=by,
            counted_minor=counted_minor,
        )
    )
