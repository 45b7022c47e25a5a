"""Sales that took money and have no receipt yet: what a crash must not forget."""

from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.sqlite import insert

from till.store.database import Work
from till.store.tables import open_sales


class OpenSaleRow(Struct, frozen=True, kw_only=True):
    """`body` is the sale as it stands, packed by whoever sells; `cashier` the name of who took
    its money first, `since` when (UTC).
    """

    sale_id: UUID
    since: datetime
    cashier: str
    body: bytes


def put(work: Work, row: OpenSaleRow) -> None:
    """Keep a sale as it stands now; who began it and when stays as it was."""
    values = {
        "sale_id": row.sale_id,
        "since": row.since.astimezone(UTC).replace(tzinfo=None),
        "cashier": row.cashier,
        "body": row.body,
    }
    statement = insert(open_sales).values(values)
    work.execute(statement.on_conflict_do_update(["sale_id"], set_={"body": row.body}))


def remove(work: Work, sale_id: UUID) -> None:
    """It is committed, or nothing of its money is here any more."""
    work.execute(delete(open_sales).where(open_sales.c.sale_id == sale_id))


def get(work: Work, sale_id: UUID) -> OpenSaleRow | None:
    """The sale of that id, None where it took no money or has its receipt."""
    found = select(open_sales).where(open_sales.c.sale_id == sale_id)
    row = work.execute(found).one_or_none()
    return None if row is None else _row(row)


def every(work: Work) -> list[OpenSaleRow]:
    """All of them, oldest first."""
    ordered = select(open_sales).order_by(open_sales.c.since, open_sales.c.sale_id)
    return [_row(row) for row in work.execute(ordered)]


def _row(row: Row[tuple[object, ...]]) -> OpenSaleRow:
    return OpenSaleRow(
        sale_id=row.sale_id,
        since=row.since.replace(tzinfo=UTC),
        cashier=row.cashier,
        body=row.body,
    )
