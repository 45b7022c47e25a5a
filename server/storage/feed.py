"""Reading the feed so that no entry that committed late is ever skipped."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.errors import PositionLost
from server.storage.incidents import load_incident
from server.storage.positions import below_horizon, newest_position
from server.storage.tables import accounts, feed, organisations
from server.storage.venues import load_catalogue, load_issuer_keys, load_users
from sync.wire import (
    AccountChanged,
    CatalogueChanged,
    Change,
    IncidentChanged,
    IssuerKeysChanged,
    UsersChanged,
)
from vouchers.money import Money
from vouchers.voucher import Voucher, VoucherStatus

_voucher = msgspec.json.Decoder(Voucher).decode


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A change, and the entry that made it with its origin: told only to the till it came from."""

    change: Change
    entry_id: UUID | None = None
    origin: str | None = None

    def seen_by(self, till_id: str) -> Change:
        """The change as that till is told it."""
        if isinstance(self.change, AccountChanged) and self.entry_id and self.origin == till_id:
            return msgspec.structs.replace(self.change, contains=[self.entry_id])
        return self.change


def check_kept(connection: sa.Connection, organisation: str, after: int) -> None:
    """Raise PositionLost when changes after `after` are swept away, or when it lies ahead."""
    floor = sa.select(organisations.c.feed_floor).where(
        organisations.c.organisation == organisation
    )
    newest = newest_position(connection, organisation)
    if after < (connection.scalar(floor) or 0) or after > newest:
        raise PositionLost


def changes_after(
    connection: sa.Connection, organisation: str, after: int, limit: int
) -> list[FeedItem]:
    """At most `limit` changes after a position, oldest first."""
    query = (
        sa.select(feed, accounts.c.currency, accounts.c.terms)
        .outerjoin(
            accounts,
            (accounts.c.organisation == feed.c.organisation)
            & (accounts.c.voucher_id == feed.c.subject)
            & (feed.c.kind == "account"),
        )
        .where(
            feed.c.organisation == organisation, feed.c.position > after, *below_horizon(connection)
        )
        .order_by(feed.c.position)
        .limit(limit)
    )
    found = connection.execute(query).all()
    return [item for row in found if (item := _item(connection, row)) is not None]


def _item(connection: sa.Connection, row: Any) -> FeedItem | None:
    if row.kind == "account":
        return FeedItem(account_change(row.position, row), row.entry_id, row.origin)
    if row.kind == "incident":
        incident = load_incident(connection, row.organisation, row.subject)
        return FeedItem(IncidentChanged(position=row.position, incident=incident))
    change = _DOCUMENTS[row.kind](connection, row.organisation, row.position)
    return FeedItem(change) if change is not None else None


def account_change(position: int, row: Any) -> AccountChanged:
    """An account from a row with subject, balance, currency, status and terms."""
    return AccountChanged(
        position=position,
        voucher_id=row.subject,
        balance=Money(row.balance, row.currency),
        status=VoucherStatus(row.status),
        contains=[],
        voucher=_voucher(row.terms) if row.terms else None,
    )


def _catalogue(connection: sa.Connection, organisation: str, position: int) -> Change | None:
    catalogue = load_catalogue(connection, organisation)
    return CatalogueChanged(position=position, catalogue=catalogue) if catalogue else None


def _users(connection: sa.Connection, organisation: str, position: int) -> Change:
    return UsersChanged(position=position, users=load_users(connection, organisation))


def _issuer_keys(connection: sa.Connection, organisation: str, position: int) -> Change:
    return IssuerKeysChanged(position=position, keys=load_issuer_keys(connection, organisation))


_DOCUMENTS = {"catalogue": _catalogue, "users": _users, "issuer_keys": _issuer_keys}
