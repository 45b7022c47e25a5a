"""The statements of the hot path on PostgreSQL, written out and prepared once.

A statement costs more than a round trip on a near database, so there are few: lists of ids
travel as one array literal, rows to write as one JSON text, whatever their number.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from server.storage import rows, tables
from server.storage.positions import OF_TRANSACTION

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def array(values: Iterable[UUID | int]) -> str:
    """An array literal: psycopg's own lists cost a look at each element and its type."""
    return "{" + ",".join(map(str, values)) + "}"


def text_array(values: Iterable[str]) -> str:
    """An array literal of texts, whatever they contain."""
    escaped = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in escaped) + "}"


_OF_ACCOUNT = ", ".join(rows.ACCOUNT)
_VOUCHERS = """ARRAY(SELECT unnest(%(vouchers)s::uuid[]) UNION ALL
    SELECT voucher_id FROM accounts
    WHERE code_digest = ANY(%(codes)s::text[]) AND organisation || '' = %(organisation)s)"""
LOCK_ACCOUNTS = f"""
SELECT {_OF_ACCOUNT} FROM accounts
WHERE voucher_id = ANY({_VOUCHERS}) AND organisation || '' = %(organisation)s
ORDER BY voucher_id::text FOR NO KEY UPDATE"""  # noqa: S608 - column names of ours
"""In the order of their ids, so that two workers never wait for each other.

The organisation and the order are written so that no index offers itself for them: these plans
are made once, perhaps while the tables are empty, when any index looks as good as the right one.
"""

_OF_REQUEST = ", ".join(rows.REQUEST)
REQUESTS = f"""
SELECT {_OF_REQUEST} FROM requests
WHERE organisation = %(organisation)s AND request_id = ANY(%(ids)s::uuid[])
UNION ALL
SELECT {_OF_REQUEST} FROM requests
WHERE voucher_id = ANY({_VOUCHERS}) AND state = 'held' AND expires_ms > %(now)s
AND organisation = %(organisation)s
"""  # noqa: S608 - column names of ours
"""Those asked for by id, and those that still count on the accounts; some come twice."""

_OF_ENTRY = ", ".join(rows.ENTRY)
ENTRIES = f"""
SELECT {OF_TRANSACTION}, known.* FROM (VALUES (1)) AS always LEFT JOIN (
    SELECT {_OF_ENTRY} FROM entries
    WHERE organisation = %(organisation)s AND entry_id = ANY(%(ids)s::uuid[])
    UNION ALL
    SELECT {_OF_ENTRY} FROM unnest(%(origins)s::text[], %(seqs)s::bigint[]) AS place (origin, seq),
    LATERAL (SELECT * FROM entries WHERE organisation = %(organisation)s
        AND entries.origin = place.origin AND origin_seq = place.seq OFFSET 0) AS there
) AS known ON true"""  # noqa: S608 - column names of ours
"""The transaction's first feed position, and the entries known by id or by place in a sequence.

OFFSET 0 keeps the look-up of each place to itself: joined freely, a plan made while the table was
empty compares every entry of the organisation with every place.
"""

ON_CARDS = f"""
SELECT {_OF_ENTRY} FROM unnest(%(cards)s::uuid[], %(counters)s::bigint[]) AS place (card, counter),
LATERAL (SELECT * FROM entries WHERE organisation = %(organisation)s
    AND voucher_id = place.card AND card_counter = place.counter OFFSET 0) AS there"""  # noqa: S608 - column names of ours


def _types(table: sa.Table, columns: Sequence[str]) -> str:
    return ", ".join(f"{name} {table.c[name].type.compile(_DIALECT)}" for name in columns)


def _insert(table: sa.Table, parameter: str) -> str:
    columns = [column.name for column in table.c]
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} "  # noqa: S608 - names of ours
        f"FROM json_to_recordset(%({parameter})s::json) AS new ({_types(table, columns)})"
    )


def _update(table: sa.Table, parameter: str, key: str, changed: Sequence[str]) -> str:
    assignments = ", ".join(f"{name} = new.{name}" for name in changed)
    types = _types(table, ("organisation", key, *changed))
    return (
        f"UPDATE {table.name} SET {assignments} "  # noqa: S608 - names of ours
        f"FROM json_to_recordset(%({parameter})s::json) AS new ({types}) "
        f"WHERE {table.name}.organisation = new.organisation AND {table.name}.{key} = new.{key}"
    )


_TERMS = ("code_digest", "last4", "balance", "currency", "status", "version", "terms")
_SETTLED = ("details", "times", "settled_ms", "settled_by", "settlement", "settlement_id")

_WRITE = {
    "new_requests": _insert(tables.requests, "new_requests"),
    "old_requests": _update(tables.requests, "old_requests", "request_id", ("state",)),
    "new_accounts": _insert(tables.accounts, "new_accounts"),
    "old_accounts": _update(tables.accounts, "old_accounts", "voucher_id", _TERMS),
    "entries": _insert(tables.entries, "entries"),
    "feed": _insert(tables.feed, "feed"),
}


@cache
def write(names: tuple[str, ...]) -> str:
    """One statement that writes the rows of these parameters; none but the tables that change is
    opened, which is most of the price of a small booking."""
    return f"WITH {', '.join(f'w_{name} AS ({_WRITE[name]})' for name in names)} SELECT"


_OF_INCIDENT = ", ".join(rows.INCIDENT)
OPEN_INCIDENTS = f"""
SELECT {_OF_INCIDENT} FROM incidents WHERE organisation = %(organisation)s
AND settled_ms IS NULL AND subject = ANY(%(subjects)s::text[])
ORDER BY incident_id FOR UPDATE"""  # noqa: S608 - column names of ours
INCIDENTS = f"""
SELECT {_OF_INCIDENT} FROM incidents WHERE organisation = %(organisation)s
AND incident_id = ANY(%(ids)s::uuid[]) ORDER BY incident_id FOR UPDATE
"""  # noqa: S608 - column names of ours

OLD_INCIDENTS = _update(tables.incidents, "old_incidents", "incident_id", _SETTLED)
NEW_INCIDENTS = _insert(tables.incidents, "new_incidents")
"""In this order: what is settled may have come back, and only one of a kind can be open."""
