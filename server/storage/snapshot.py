"""All accounts of an organisation, page by page, for a till that is new or was away too long."""

import math
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Raw

from server.storage.positions import settled_position
from server.storage.tables import accounts, entries
from sync.wire.feed import SnapshotAccount, SnapshotPage
from vouchers.money import Money
from vouchers.voucher import VoucherStatus

COUNTED_FOR_S = 60

_UNKNOWN_TERMS = Raw(b"null")


def snapshot_page(
    connection: sa.Connection,
    organisation: str,
    origins: Sequence[str],
    after: UUID | None,
    limit: int,
    *,
    totals: "Totals",
) -> SnapshotPage:
    """The accounts after a voucher id; in each, the entries of these origins that are in it."""
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
    _add_own_entries(connection, organisation, origins, page)
    return SnapshotPage(
        accounts=page,
        position=position,
        total=totals.of(connection, organisation),
        next=page[-1].voucher_id if len(found) > limit else None,
    )


class Totals:
    """About how many accounts each organisation has, for progress bars: counting a million costs
    as much as reading ten thousand of them, so it is not done for every page."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[float, int]] = {}

    def of(self, connection: sa.Connection, organisation: str) -> int:
        """The number of accounts, at most COUNTED_FOR_S old."""
        counted_s, total = self._counted.get(organisation, (-math.inf, 0))
        if time.monotonic() - counted_s >= COUNTED_FOR_S:
            count = sa.select(sa.func.count()).where(accounts.c.organisation == organisation)
            total = connection.scalar(count) or 0
            self._counted[organisation] = time.monotonic(), total
        return total


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
    connection: sa.Connection,
    organisation: str,
    origins: Sequence[str],
    page: list[SnapshotAccount],
) -> None:
    if not page:
        return
    query = sa.select(entries.c.voucher_id, entries.c.entry_id).where(
        entries.c.organisation == organisation,
        entries.c.origin.in_(origins),
        entries.c.voucher_id.between(page[0].voucher_id, page[-1].voucher_id),
    )
    contains = {change.voucher_id: change.contains for change in page}
    for voucher_id, entry_id in connection.execute(query):
        contains[voucher_id].append(entry_id)
