"""Every receipt as it was given, without any voucher code."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from printing.documents import DocumentUnreadable, Receipt, decode, encode, without_codes
from till.store.database import Work
from till.store.tables import receipts
from vouchers.errors import Reason, Refused
from vouchers.reading import leave_out

_KEPT = select(receipts.c.number, receipts.c.body).order_by(receipts.c.seq)
_NEWEST_SEQ = select(func.max(receipts.c.seq))


class Given(Struct, frozen=True):
    """Receipts as far as they can be read, and the numbers of those that cannot."""

    receipts: list[Receipt]
    unreadable: list[str]


def next_number(work: Work, till: str) -> str:
    """The number of this till's next receipt: numbers have no gaps."""
    return f"{till}-{newest_seq(work) + 1:06}"


def add(work: Work, sale_id: UUID, receipt: Receipt, shift_id: UUID | None) -> None:
    """Keep a receipt. Raises Refused (duplicate) when that sale has been committed before."""
    row = {
        "number": receipt.number,
        "seq": newest_seq(work) + 1,
        "sale_id": sale_id,
        "shift_id": shift_id,
        "issued_at": receipt.at.astimezone(UTC).replace(tzinfo=None),
        "body": encode(without_codes(receipt)),
    }
    try:
        work.execute(insert(receipts).values(row))
    except IntegrityError as twice:
        raise Refused(Reason.DUPLICATE, "sale_committed_before") from twice


def get(work: Work, number: str) -> Receipt | None:
    """The receipt of that number, None when this till never gave it.

    Raises DocumentUnreadable for one that is damaged.
    """
    body = work.execute(select(receipts.c.body).where(receipts.c.number == number)).scalar()
    return None if body is None else _receipt(body)


def of_numbers(work: Work, numbers: Iterable[str]) -> list[Receipt]:
    """Those that this till gave, in the order of their numbers here."""
    each = [_KEPT.where(receipts.c.number == number) for number in numbers]
    return _given(row for kept in each for row in work.execute(kept)).receipts


def has_sale(work: Work, sale_id: UUID) -> bool:
    """Whether that sale has been committed."""
    known = select(receipts.c.number).where(receipts.c.sale_id == sale_id)
    return work.execute(known).first() is not None


def count_outside(work: Work) -> tuple[int, datetime | None]:
    """How many receipts stand in no shift, and since when (UTC)."""
    outside = select(func.count(), func.min(receipts.c.issued_at))
    count, since = work.execute(outside.where(receipts.c.shift_id.is_(None))).one()
    return count, since and since.replace(tzinfo=UTC)


def put_into(work: Work, shift_id: UUID) -> None:
    """What stood in no shift stands in this one from now on."""
    outside = receipts.c.shift_id.is_(None)
    work.execute(update(receipts).where(outside).values(shift_id=shift_id))


def of_shift(work: Work, shift_id: UUID | None) -> Given:
    """All receipts of a shift, or of none, oldest first."""
    return _given(work.execute(_KEPT.where(receipts.c.shift_id == shift_id)))


def every(work: Work) -> Given:
    """All that this till ever gave, oldest first."""
    return _given(work.execute(_KEPT))


def latest(work: Work, count: int) -> list[Receipt]:
    """The last receipts, newest first."""
    newest = _KEPT.order_by(None).order_by(receipts.c.seq.desc())
    return _given(work.execute(newest.limit(count))).receipts


def newest_seq(work: Work) -> int:
    """How many receipts this till has given."""
    return work.execute(_NEWEST_SEQ).scalar() or 0


def _receipt(body: bytes) -> Receipt:
    document = decode(body)
    if not isinstance(document, Receipt):
        raise DocumentUnreadable("a kept receipt is another document")
    return document


def _given(rows: Iterable[Row[str, bytes]]) -> Given:
    """One that cannot be read must not hide the others."""
    given = Given([], [])
    for number, body in rows:
        try:
            given.receipts.append(_receipt(body))
        except DocumentUnreadable as damage:
            leave_out(f"receipt {number}", damage.details["detail"])
            given.unreadable.append(number)
    return given
