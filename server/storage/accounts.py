"""Reading accounts and their entries."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.storage import rows
from server.storage.database import now_ms
from server.storage.tables import accounts, entries, requests
from sync.wire.booking import AccountPage, EntryPage, Standing
from sync.wire.incidents import IncidentKind
from vouchers import voucher
from vouchers.codes import voucher_id_of
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.voucher import Account, Voucher, VoucherStatus

_ACCOUNT = [accounts.c[name] for name in rows.ACCOUNT]
_entry = msgspec.json.Decoder(LedgerEntry).decode
_voucher = msgspec.json.Decoder(Voucher).decode


def find_accounts(
    connection: sa.Connection,
    organisation: str,
    *,
    code_digest: str = "",
    last4: str = "",
    reference: str = "",
    standing: Standing | None = None,
    unheard_of: bool = False,
    after: UUID | None = None,
    limit: int,
) -> AccountPage:
    """Accounts that match all that is given, by voucher id; holds are taken off.

    Those whose sale nobody has reported are among them only where they are asked for.
    """
    query = sa.select(*_ACCOUNT).where(accounts.c.organisation == organisation)
    if not unheard_of:
        query = query.where(accounts.c.terms.is_not(None))
    if code_digest:
        known_as = accounts.c.code_digest == code_digest
        query = query.where(sa.or_(known_as, accounts.c.voucher_id == voucher_id_of(code_digest)))
    if standing is not None:
        query = query.where(_STANDINGS[standing](organisation))
    if last4:
        query = query.where(accounts.c.last4 == last4)
    if reference:
        query = query.where(accounts.c.voucher_id.in_(_vouchers_of(organisation, reference)))
    if after is not None:
        query = query.where(accounts.c.voucher_id > after)
    found = connection.execute(query.order_by(accounts.c.voucher_id).limit(limit + 1)).all()
    held = held_amounts(connection, organisation, [row.voucher_id for row in found])
    page = [
        Account(
            voucher=_terms_of(row),
            balance=Money(row.balance - held.get(row.voucher_id, 0), row.currency),
            status=VoucherStatus(row.status),
        )
        for row in found[:limit]
    ]
    return AccountPage(
        accounts=page, next=page[-1].voucher.voucher_id if len(found) > limit else None
    )


def _terms_of(row: sa.Row[Any]) -> Voucher:
    if row.terms is not None:
        return _voucher(row.terms)
    nothing = Money.zero(row.currency)
    return voucher.unheard_of(row.voucher_id, row.last4 or "", nothing)


def _held(organisation: str) -> sa.ColumnElement[bool]:
    return accounts.c.voucher_id.in_(
        sa.select(requests.c.voucher_id).where(
            requests.c.organisation == organisation,
            requests.c.state == "held",
            requests.c.expires_ms > now_ms(),
        )
    )


_STANDINGS: dict[Standing, Callable[[str], sa.ColumnElement[bool]]] = {
    Standing.OWED: lambda _organisation: accounts.c.balance > 0,
    Standing.OVERDRAWN: lambda _organisation: accounts.c.balance < 0,
    Standing.HELD: _held,
}
"""What each sum of the exposure consists of."""


def held_amounts(
    connection: sa.Connection, organisation: str, voucher_ids: list[UUID]
) -> dict[UUID, int]:
    """What is held on each account at this moment."""
    query = (
        sa.select(requests.c.voucher_id, sa.func.sum(requests.c.amount))
        .where(
            requests.c.organisation == organisation,
            requests.c.voucher_id.in_(voucher_ids),
            requests.c.state == "held",
            requests.c.expires_ms > now_ms(),
        )
        .group_by(requests.c.voucher_id)
    )
    return {voucher_id: int(amount) for voucher_id, amount in connection.execute(query)}


def account_entries(
    connection: sa.Connection, organisation: str, voucher_id: UUID, after: int, limit: int
) -> EntryPage | None:
    """Entries of an account in the order they were booked; None when there is no such account."""
    mine = (entries.c.organisation == organisation, entries.c.voucher_id == voucher_id)
    query = (
        sa.select(entries.c.position, entries.c.body)
        .where(*mine, entries.c.position > after)
        .order_by(entries.c.position)
        .limit(limit + 1)
    )
    found = connection.execute(query).all()
    if not found and connection.scalar(sa.select(sa.exists().where(*mine))) is not True:
        return None
    page = found[:limit]
    return EntryPage(
        entries=[_entry(row.body) for row in page],
        next=page[-1].position if len(found) > limit else None,
    )


def redeemed_since(
    connection: sa.Connection, organisation: str, voucher_id: UUID, since: datetime
) -> list[LedgerEntry]:
    """What was taken off an account after `since`, by clocks put right, and was not told of."""
    query = sa.select(entries.c.body, entries.c.incidents).where(
        entries.c.organisation == organisation, entries.c.voucher_id == voucher_id
    )
    found = [
        _entry(row.body)
        for row in connection.execute(query.order_by(entries.c.position))
        if IncidentKind.BLOCKED.value not in row.incidents.split()
    ]
    return [entry for entry in found if entry.amount.minor < 0 and _true_time(entry) > since]


def _true_time(entry: LedgerEntry) -> datetime:
    return entry.occurred_at - timedelta(milliseconds=entry.clock_skew_ms or 0)


def _vouchers_of(organisation: str, reference: str) -> sa.Select[tuple[UUID]]:
    return sa.select(entries.c.voucher_id).where(
        entries.c.organisation == organisation, entries.c.reference == reference
    )
