"""The statements of the hot path on PostgreSQL, written out: each is prepared once and sent in
a pipeline. Lists travel as arrays, so one text serves any number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from server.storage import rows, tables

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

TRANSACTION = "SELECT pg_current_xact_id()::text::bigint"

LOCK_ORIGINS = """
SELECT pg_advisory_xact_lock(hashtextextended(%s || '/' || origin, 0))
FROM unnest(%s::text[]) AS origin"""

_OF_ACCOUNT = ", ".join(rows.ACCOUNT)
LOCK_ACCOUNTS = f"""
SELECT {_OF_ACCOUNT} FROM accounts
WHERE organisation = %s AND (voucher_id = ANY(%s::uuid[]) OR code_digest = ANY(%s::text[]))
ORDER BY voucher_id FOR NO KEY UPDATE"""  # noqa: S608 - column names of ours

_OF_REQUEST = ", ".join(rows.REQUEST)
HELD = f"""
SELECT {_OF_REQUEST} FROM requests
WHERE organisation = %s AND state = 'held' AND voucher_id IN (
    SELECT voucher_id FROM accounts
    WHERE organisation = %s AND (voucher_id = ANY(%s::uuid[]) OR code_digest = ANY(%s::text[])))
"""  # noqa: S608 - column names of ours
REQUESTS = f"""
SELECT {_OF_REQUEST} FROM requests
WHERE organisation = %s AND request_id = ANY(%s::uuid[])"""  # noqa: S608 - column names of ours

_OF_ENTRY = ", ".join(rows.ENTRY)
ENTRIES = f"""
SELECT {_OF_ENTRY} FROM entries
WHERE organisation = %s AND entry_id = ANY(%s::uuid[])"""  # noqa: S608 - column names of ours
CHAIN = f"""
SELECT {_OF_ENTRY} FROM entries
WHERE organisation = %s AND (origin, origin_seq) IN (
    SELECT * FROM unnest(%s::text[], %s::bigint[]))"""  # noqa: S608 - column names of ours


@dataclass(frozen=True)
class Write:
    """A statement that takes any number of rows as one array per column."""

    text: str
    columns: tuple[str, ...]

    def parameters(self, values: Sequence[rows.Row]) -> list[list[Any]]:
        """The rows, turned into columns."""
        return [[row[name] for row in values] for name in self.columns]


def _arrays(table: sa.Table, columns: Sequence[str]) -> str:
    types = (table.c[name].type.compile(_DIALECT) for name in columns)
    return ", ".join(f"%s::{type_}[]" for type_ in types)


def _insert(table: sa.Table, without: Sequence[str] = ()) -> Write:
    columns = tuple(column.name for column in table.c if column.name not in without)
    names = ", ".join(columns)
    return Write(
        f"INSERT INTO {table.name} ({names}) "  # noqa: S608 - names of ours
        f"SELECT * FROM unnest({_arrays(table, columns)})",
        columns,
    )


def _update(table: sa.Table, key: str, changed: Sequence[str]) -> Write:
    columns = ("organisation", key, *changed)
    assignments = ", ".join(f"{name} = new.{name}" for name in changed)
    return Write(
        f"UPDATE {table.name} SET {assignments} "  # noqa: S608 - names of ours
        f"FROM unnest({_arrays(table, columns)}) AS new ({', '.join(columns)}) "
        f"WHERE {table.name}.organisation = new.organisation AND {table.name}.{key} = new.{key}",
        columns,
    )


NEW_ACCOUNTS = _insert(tables.accounts)
OLD_ACCOUNTS = _update(
    tables.accounts,
    "voucher_id",
    ("code_digest", "last4", "balance", "currency", "status", "version", "terms"),
)
NEW_REQUESTS = _insert(tables.requests)
OLD_REQUESTS = _update(tables.requests, "request_id", ("state",))
NEW_ENTRIES = _insert(tables.entries)
NEW_FEED = _insert(tables.feed)
_OPENED = _insert(tables.incidents, without=("settled_ms", "settled_by", "settlement"))
RAISE = Write(
    _OPENED.text
    + " ON CONFLICT (organisation, kind, subject) WHERE settled_ms IS NULL"
    + " DO UPDATE SET times = incidents.times + 1",
    _OPENED.columns,
)
SETTLE = """
UPDATE incidents SET settled_ms = %s, settlement = %s
WHERE organisation = %s AND kind = %s AND subject = %s AND settled_ms IS NULL"""
