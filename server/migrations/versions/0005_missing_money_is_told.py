"""Accounts below zero whose incident was closed by a block, an acceptance or a part of the money:
nobody would hear of them any more."""

from uuid import UUID

import msgspec
import sqlalchemy as sa
from alembic import op

from server.storage.database import now_ms
from server.storage.positions import free_position
from server.storage.rows import feed_row
from server.storage.tables import accounts, entries, feed, incidents
from vouchers.ids import new_id

revision = "0005"
down_revision = "0004"

_BELOW_ZERO = sa.select(
    accounts.c.organisation, accounts.c.voucher_id, accounts.c.balance, accounts.c.terms
).where(accounts.c.balance < 0)


def upgrade() -> None:
    connection = op.get_bind()
    for account in connection.execute(_BELOW_ZERO).all():
        kind = "unknown_voucher" if account.terms is None else "overdrawn"
        about = (incidents.c.kind == kind, incidents.c.subject == str(account.voucher_id))
        here = incidents.c.organisation == account.organisation
        still_open = sa.exists().where(here, *about, incidents.c.settled_ms.is_(None))
        if not connection.scalar(sa.select(still_open)):
            _tell(connection, account.organisation, account.voucher_id, kind, account.balance)


def _tell(
    connection: sa.Connection, organisation: str, voucher_id: UUID, kind: str, balance: int
) -> None:
    newest = (
        sa.select(entries.c.entry_id, entries.c.origin)
        .where(
            entries.c.organisation == organisation,
            entries.c.voucher_id == voucher_id,
        )
        .order_by(entries.c.position.desc())
        .limit(1)
    )
    last, incident_id = connection.execute(newest).one(), new_id()
    connection.execute(
        sa.insert(incidents).values(
            organisation=organisation,
            incident_id=incident_id,
            kind=kind,
            subject=str(voucher_id),
            voucher_id=voucher_id,
            entry_id=last.entry_id,
            origin=last.origin,
            details=msgspec.json.encode({"balance": balance}).decode(),
            times=1,
            opened_ms=now_ms(),
        )
    )
    position = free_position(connection, organisation)
    told = feed_row(organisation, position, "incident", now_ms(), incident_id)
    connection.execute(sa.insert(feed), [told])
