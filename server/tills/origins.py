"""Whose entries a till may bring: its own, and those of its earlier enrolments."""

from collections.abc import Iterable

import sqlalchemy as sa

from server.ledger.settling import SETTLEMENT_ORIGIN
from server.storage.tables import till_origins, tills
from sync.wire.succession import Succession


def keep_origins(
    connection: sa.Connection, organisation: str, till_id: str, line: Iterable[Succession]
) -> None:
    """Write down that `till_id` goes on with the tills of `line`, the last one first.

    The line ends where a till of ours did not sign with the key we know of it. A till that we do
    not know at all is one that this server has lost: nobody else can be harmed by taking its word.
    """
    for word in line:
        if word.till_id.startswith(SETTLEMENT_ORIGIN):
            return
        known = connection.execute(
            sa.select(tills.c.organisation, tills.c.public_key).where(
                tills.c.till_id == word.till_id
            )
        ).first()
        if known is not None and tuple(known) != (organisation, word.public_key):
            return
        row = {"till_id": till_id, "origin": word.till_id}
        if connection.execute(_IS_KEPT, row).first() is None:
            connection.execute(sa.insert(till_origins), row)


def origins_of(connection: sa.Connection, till_id: str) -> frozenset[str]:
    """The origins a till speaks for: its own, and those of its earlier enrolments."""
    earlier = sa.select(till_origins.c.origin).where(till_origins.c.till_id == till_id)
    return frozenset({till_id, *connection.scalars(earlier)})


_IS_KEPT = sa.select(till_origins).where(
    till_origins.c.till_id == sa.bindparam("till_id"),
    till_origins.c.origin == sa.bindparam("origin"),
)
