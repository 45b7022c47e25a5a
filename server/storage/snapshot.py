"""All accounts of an organisation, page by page, for a till that is new or was away too long."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Raw

from server.storage.positions import settled_position
from server.storage.tables import accounts, entries
from sync.wire import SnapshotAccount, SnapshotPage
from vouchers.money import Money
from vouchers.voucher import VoucherStatus

_UNKNOWN_TERMS = Raw(b"null")


def snapshot_page(
    connection: sa.Connection, organisation: str, till_id: str, after: UUID | None, limit: int
) -> SnapshotPage:
    """The accounts after a voucher id; in each, the entries of this till that are in it."""
    query = sa.select(
        accounts.c.voucher_id,
        accounts.c.balance,
        accounts.c.currency,
        accounts.c.status,
        accounts.c.version,
        accounts.c.terms,
    ).where(accounts.c.organisation == organisation)
    if after is not None:
        query = query.where(accounts.c.voucher_id > after)
    # Read first: what commits while the page is read is told twice rather than never.
    position = settled_position(connection, organisation)
    found = connection.execute(query.order_by(accounts.c.voucher_id).limit(limit + 1)).all()
    page = [_account(row) for row in found[:limit]]
    _add_own_entries(connection, organisation, till_id, page)
    count = sa.select(sa.func.count()).where(accounts.c.organisation == organisation)
    return SnapshotPage(
        accounts=page,
        position=position,
        total=connection.scalar(count) or 0,
        next=page[-1].voucher_id if len(found) > limit else None,
    )


def _account(row: sa.Row[Any, Any, Any, Any, Any, Any]) -> SnapshotAccount:
    return SnapshotAccount(
        version=row.version,
        voucher_id=row.voucher_id,
        balance=Money(row.balance, row.currency),
        status=VoucherStatus(row.status),
        contains=[],
        voucher=Raw(row.terms) if row.terms else _UNKNOWN_TERMS,
    )


def _add_own_entries(
    connection: sa.Connection, organisation: str, till_id: str, page: list[SnapshotAccount]
) -> None:
    if not page:
        return
    query = sa.select(entries.c.voucher_id, entries.c.entry_id).where(
        entries.c.organisation == organisation,
        entries.c.origin == till_id,
        entries.c.voucher_id.between(page[0].voucher_id, page[-1].voucher_id),
    )
    contains = {change.voucher_id: change.contains for change in page}
    for voucher_id, entry_id in connection.execute(query):
        contains[voucher_id].append(entry_id)
