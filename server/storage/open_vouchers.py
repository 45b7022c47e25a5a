"""How many vouchers people still hold, by what they were sold as."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects.postgresql import JSONB

from server.storage.tables import accounts


class OpenVouchers(Struct, frozen=True, kw_only=True):
    """`count` vouchers with money on them that have not expired, all sold as one product."""

    product_id: str
    yields: str | None
    count: int


def open_vouchers(connection: sa.Connection, organisation: str, today: date) -> list[OpenVouchers]:
    """All open vouchers of an organisation, the blocked ones too, counted by product."""
    product_id, yields, expires_on = (
        _term(connection, name) for name in ("product_id", "yields", "expires_on")
    )
    query = (
        sa.select(product_id, yields, sa.func.count())
        .where(
            accounts.c.organisation == organisation,
            accounts.c.terms.is_not(None),
            accounts.c.balance > 0,
            sa.or_(expires_on.is_(None), expires_on >= today.isoformat()),
        )
        .group_by(product_id, yields)
    )
    return [
        OpenVouchers(product_id=product, yields=wanted, count=count)
        for product, wanted, count in connection.execute(query)
    ]


def _term(connection: sa.Connection, name: str) -> sa.ColumnElement[Any]:
    """One of a voucher's terms, which are kept as JSON."""
    if connection.dialect.name == "postgresql":
        terms: sa.ColumnElement[Any] = sa.cast(accounts.c.terms, JSONB)[name].astext
        return terms
    return sa.func.json_extract(accounts.c.terms, f"$.{name}")
