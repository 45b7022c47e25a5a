"""Booking on SQLite: the writer is alone, so a counter gives the feed positions."""

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from server.ledger.state import Books, Changes
from server.ledger.work import Wanted
from server.storage import rows
from server.storage.database import now_ms, writing
from server.storage.tables import accounts, entries, feed, incidents, requests
from server.storage.venue_day import VenueDays

T = TypeVar("T")

_ACCOUNT = [accounts.c[name] for name in rows.ACCOUNT]
_REQUEST = [requests.c[name] for name in rows.REQUEST]
_ENTRY = [entries.c[name] for name in rows.ENTRY]


class SqliteLedger:
    """A LedgerStore on SQLite."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._days = VenueDays(engine)

    def book(
        self, organisation: str, wanted: Wanted, decide: Callable[[Books], T]
    ) -> tuple[T, int]:
        """See LedgerStore."""
        now = now_ms()
        with writing(self._engine) as connection:
            books = Books(
                now_ms=now,
                today=self._days.today(organisation, now),
                positions=itertools.count(last_position(connection, organisation) + 1),
            )
            _load(connection, organisation, wanted, books)
            result = decide(books)
            _write(connection, organisation, books.changes, now)
        return result, books.last_position

    def close(self) -> None:
        """See LedgerStore."""
        self._engine.dispose()


def last_position(connection: sa.Connection, organisation: str) -> int:
    """The newest position in the feed; its row is never swept away."""
    newest = sa.select(sa.func.max(feed.c.position)).where(feed.c.organisation == organisation)
    return connection.scalar(newest) or 0


def _load(connection: sa.Connection, organisation: str, wanted: Wanted, books: Books) -> None:
    def fetch(columns: list[Any], *conditions: sa.ColumnElement[bool]) -> sa.CursorResult[Any]:
        table = columns[0].table
        return connection.execute(
            sa.select(*columns).where(table.c.organisation == organisation, *conditions)
        )

    for row in fetch(_REQUEST, requests.c.request_id.in_(wanted.ids)):
        books.requests[row.request_id] = rows.request(row)
    for row in fetch(_ENTRY, entries.c.entry_id.in_(wanted.ids)):
        books.add_known(rows.booked(row))
    # Two look-ups by index: with OR between them, SQLite would walk the whole table.
    by_code = fetch(_ACCOUNT, accounts.c.code_digest.in_(wanted.code_digests))
    by_id = fetch(_ACCOUNT, accounts.c.voucher_id.in_(wanted.voucher_ids))
    for row in (*by_code, *by_id):
        books.accounts[row.voucher_id] = rows.account(row)
    held = requests.c.state == "held"
    for row in fetch(_REQUEST, held, requests.c.voucher_id.in_(list(books.accounts))):
        books.requests.setdefault(row.request_id, rows.request(row))
    books.attach_holds()
    for origin, seqs in wanted.sequence.items():
        near = (entries.c.origin == origin, entries.c.origin_seq.in_(seqs))
        for row in fetch(_ENTRY, *near):
            books.add_known(rows.booked(row))


def _write(connection: sa.Connection, organisation: str, changes: Changes, now: int) -> None:
    def put(statement: sa.Executable, values: list[rows.Row]) -> None:
        if values:
            connection.execute(statement, values)

    new_accounts, old_accounts = rows.stored_accounts(changes)
    put(sa.insert(accounts), [rows.account_row(organisation, one) for one in new_accounts])
    put(_UPDATE_ACCOUNT, [_keyed(rows.account_row(organisation, one)) for one in old_accounts])
    new_requests, old_requests = rows.stored_requests(changes)
    put(sa.insert(requests), [rows.request_row(organisation, one) for one in new_requests])
    put(_UPDATE_REQUEST, [_keyed(rows.request_row(organisation, one)) for one in old_requests])
    put(sa.insert(entries), [rows.entry_row(organisation, one, now) for one in changes.entries])
    put(sa.insert(feed), [rows.account_feed_row(organisation, one, now) for one in changes.feed])
    put(_RAISE, [rows.incident_row(organisation, one, now) for one in changes.raised])
    for settled in changes.settled:
        connection.execute(
            _SETTLE,
            {
                "key_organisation": organisation,
                "key_kind": settled.kind,
                "key_subject": settled.subject,
                "settled_ms": now,
                "settlement": settled.how,
            },
        )


def _keyed(row: rows.Row) -> rows.Row:
    return {f"key_{name}": value for name, value in row.items()}


def _update(table: sa.Table, key: str, changed: tuple[str, ...]) -> sa.Update:
    return (
        sa.update(table)
        .where(
            table.c.organisation == sa.bindparam("key_organisation"),
            table.c[key] == sa.bindparam(f"key_{key}"),
        )
        .values({name: sa.bindparam(f"key_{name}") for name in changed})
    )


_UPDATE_ACCOUNT = _update(
    accounts,
    "voucher_id",
    ("code_digest", "last4", "balance", "currency", "status", "version", "terms"),
)
_UPDATE_REQUEST = _update(requests, "request_id", ("state",))
_RAISE = insert(incidents).on_conflict_do_update(
    index_elements=["organisation", "kind", "subject"],
    index_where=incidents.c.settled_ms.is_(None),
    set_={"times": incidents.c.times + 1},
)
_SETTLE = (
    sa.update(incidents)
    .where(
        incidents.c.organisation == sa.bindparam("key_organisation"),
        incidents.c.kind == sa.bindparam("key_kind"),
        incidents.c.subject == sa.bindparam("key_subject"),
        incidents.c.settled_ms.is_(None),
    )
    .values(settled_ms=sa.bindparam("settled_ms"), settlement=sa.bindparam("settlement"))
)
