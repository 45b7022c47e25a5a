"""Shifts: who answered for the cash drawer, from when to when, with how much in it."""

from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from printing.documents import ShiftReport, decode, encode
from till.store.database import Work
from till.store.tables import shifts
from vouchers.errors import Reason, Refused

_NEWEST_Z = select(func.max(shifts.c.z_number))
_OPEN_ID = select(shifts.c.shift_id).where(shifts.c.closed_at.is_(None))


class Shift(Struct, frozen=True, kw_only=True):
    """An open shift; times are UTC, the float is in minor units of the venue's currency."""

    shift_id: UUID
    opened_at: datetime
    opened_by: str
    float_minor: int


class ZReport(Struct, frozen=True, kw_only=True):
    """The report that closes a shift, and the cash that was counted for it, if any was."""

    number: int
    counted_minor: int | None
    report: ShiftReport


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


def record(work: Work, shift: Shift, at: datetime, by: str, z: ZReport) -> None:
    """Keep what was never an open shift, with its report: what was sold outside any."""
    work.execute(
        insert(shifts).values(
            shift_id=shift.shift_id,
            opened_at=shift.opened_at.astimezone(UTC).replace(tzinfo=None),
            opened_by=shift.opened_by,
            float_minor=shift.float_minor,
            **_closed(at, by, z),
        )
    )


def next_z_number(work: Work) -> int:
    """The number of this till's next Z report: numbers have no gaps."""
    return (work.execute(_NEWEST_Z).scalar() or 0) + 1


def end(work: Work, shift_id: UUID, at: datetime, by: str, z: ZReport) -> None:
    """Close a shift with the report that says what was counted."""
    work.execute(update(shifts).where(shifts.c.shift_id == shift_id).values(_closed(at, by, z)))


def z_report(work: Work, number: int | None) -> ShiftReport | None:
    """A Z report as it was printed, the newest without a number; None when there is none."""
    closed = select(shifts.c.z_report).where(shifts.c.z_report.is_not(None))
    if number is not None:
        closed = closed.where(shifts.c.z_number == number)
    body = work.execute(closed.order_by(shifts.c.z_number.desc()).limit(1)).scalar()
    document = None if body is None else decode(body)
    return document if isinstance(document, ShiftReport) else None


def _closed(at: datetime, by: str, z: ZReport) -> dict[str, object]:
    return {
        "closed_at": at.astimezone(UTC).replace(tzinfo=None),
        "closed_by": by,
        "counted_minor": z.counted_minor,
        "z_number": z.number,
        "z_report": encode(z.report),
    }
