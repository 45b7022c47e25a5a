"""Reading the feed so that no entry that committed late is ever skipped."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from server.errors import PositionLost
from server.storage.database import is_postgresql
from server.storage.incidents import load_incidents
from server.storage.positions import BELOW_HORIZON, newest_position
from server.storage.tables import accounts, feed, organisations
from server.storage.venues import load_campaigns, load_catalogue, load_issuer_keys, load_users
from sync.wire.feed import (
    AccountChanged,
    CampaignsChanged,
    CatalogueChanged,
    Change,
    IncidentChanged,
    IssuerKeysChanged,
    UsersChanged,
)
from vouchers.money import Money
from vouchers.voucher import Voucher, VoucherStatus

_voucher = msgspec.json.Decoder(Voucher).decode


# Built once: streams ask after every booking, and building costs more than asking.
_CHANGES = (
    sa.select(feed, accounts.c.currency, accounts.c.terms)
    .outerjoin(
        accounts,
        (accounts.c.organisation == feed.c.organisation)
        & (accounts.c.voucher_id == feed.c.subject)
        & (feed.c.kind == "account"),
    )
    .where(
        feed.c.organisation == sa.bindparam("organisation"),
        feed.c.position > sa.bindparam("after"),
    )
    .order_by(feed.c.position)
    .limit(sa.bindparam("limit"))
)
_SETTLED_CHANGES = _CHANGES.where(BELOW_HORIZON)


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
) -> list[Change]:
    """At most `limit` changes after a position, oldest first."""
    query = _SETTLED_CHANGES if is_postgresql(connection.engine) else _CHANGES
    asked = {"organisation": organisation, "after": after, "limit": limit}
    found = connection.execute(query, asked).all()
    told = _Told(connection, organisation, found)
    return [told.item(row) for row in found]


class _Told:
    """What the rows of one page tell of; each document and incident is read once."""

    def __init__(
        self, connection: sa.Connection, organisation: str, found: Sequence[sa.Row[Any]]
    ) -> None:
        ids = [row.subject for row in found if row.kind == "incident"]
        self._incidents = load_incidents(connection, organisation, ids)
        self._documents = {
            kind: load(connection, organisation)
            for kind, load in _DOCUMENTS.items()
            if any(row.kind == kind for row in found)
        }

    def item(self, row: sa.Row[Any]) -> Change:
        """The change that a row stands for."""
        match row.kind:
            case "account":
                return account_change(row.position, row)
            case "incident":
                incident = self._incidents[row.subject]
                return IncidentChanged(position=row.position, incident=incident)
            case "catalogue":
                catalogue = self._documents["catalogue"]
                return CatalogueChanged(position=row.position, catalogue=catalogue)
            case "campaigns":
                campaigns = self._documents["campaigns"]
                return CampaignsChanged(position=row.position, campaigns=campaigns)
            case "users":
                return UsersChanged(position=row.position, users=self._documents["users"])
        keys = self._documents["issuer_keys"]
        return IssuerKeysChanged(position=row.position, keys=keys)


_DOCUMENTS: dict[str, Callable[[sa.Connection, str], Any]] = {
    "catalogue": load_catalogue,
    "campaigns": load_campaigns,
    "users": load_users,
    "issuer_keys": load_issuer_keys,
}


def account_change(position: int, row: Any) -> AccountChanged:
    """An account from a row with subject, balance, currency, status and terms, and the entry that
    changed it, if one did: the till that made it may be another one by now.
    """
    return AccountChanged(
        position=position,
        voucher_id=row.subject,
        balance=Money(row.balance, row.currency),
        status=VoucherStatus(row.status),
        contains=[row.entry_id] if row.entry_id else [],
        voucher=_voucher(row.terms) if row.terms else None,
    )
