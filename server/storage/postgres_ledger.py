"""Booking on PostgreSQL in two round trips: load and lock, then write and commit.

The feed position is the transaction's id and a count, so that readers can tell which positions
may still be filled (docs/decisions/0402-feed-positions.md).
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg import errors as pg

from server.errors import StorageFull, StorageUnavailable
from server.ledger.state import Books, Changes
from server.ledger.work import TryAgain, Wanted
from server.storage import postgres_statements as sql
from server.storage import rows
from server.storage.database import now_ms
from server.storage.venue_day import VenueDays

T = TypeVar("T")

POSITION_BITS = 20
"""Room for a million changes in one transaction."""


class PostgresLedger:
    """A LedgerStore on PostgreSQL."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._days = VenueDays(engine)

    def book(
        self, organisation: str, wanted: Wanted, decide: Callable[[Books], T]
    ) -> tuple[T, int]:
        """See LedgerStore."""
        now = now_ms()
        today = self._days.today(organisation, now)
        with _transaction(self._engine) as connection, connection.pipeline():
            books = Books(now_ms=now, today=today, positions=iter(()))
            _load(connection, organisation, wanted, books)
            result = decide(books)
            _write(connection, organisation, books.changes, now)
            connection.commit()
        return result, books.last_position


@contextmanager
def _transaction(engine: sa.Engine) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose work is undone unless it was committed; errors are translated."""
    try:
        pooled = engine.raw_connection()
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise StorageUnavailable(str(error).splitlines()[0][:200]) from error
    connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
    try:
        yield connection
    except (pg.SerializationFailure, pg.DeadlockDetected, pg.UniqueViolation) as error:
        raise TryAgain from error
    except pg.DiskFull as error:
        raise StorageFull from error
    except psycopg.OperationalError as error:
        raise StorageUnavailable(str(error).splitlines()[0][:200]) from error
    finally:
        if connection.broken:
            pooled.invalidate()
        pooled.close()


def _load(
    connection: psycopg.Connection[Any], organisation: str, wanted: Wanted, books: Books
) -> None:
    """Send all questions, then read all answers: one round trip."""

    def ask(statement: str, *parameters: Any) -> psycopg.Cursor[Any]:
        return connection.execute(statement, (organisation, *parameters), prepare=True)

    ids, codes = list(wanted.ids), list(wanted.code_digests)
    vouchers, origins = list(wanted.voucher_ids), sorted(wanted.sequence)
    if origins:
        ask(sql.LOCK_ORIGINS, origins)
    accounts = ask(sql.LOCK_ACCOUNTS, vouchers, codes)
    requests = [ask(sql.HELD, organisation, vouchers, codes), ask(sql.REQUESTS, ids)]
    entries = ask(sql.ENTRIES, ids)
    if origins:
        pairs = [(origin, seq) for origin in origins for seq in wanted.sequence[origin]]
        chain = ask(sql.CHAIN, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
        transaction = connection.execute(sql.TRANSACTION, prepare=True)

    books.accounts = {row[0]: rows.account(row) for row in accounts}
    books.requests = {row[0]: rows.request(row) for cursor in requests for row in cursor}
    books.attach_holds()
    books.entries = {one.entry.entry_id: one for one in map(rows.booked, entries)}
    if origins:
        for booked in map(rows.booked, chain):
            place = (booked.entry.origin, booked.entry.origin_seq)
            books.chain.setdefault(place, []).append(booked)
        books.positions = _positions(transaction, books)


def _positions(transaction: psycopg.Cursor[Any], books: Books) -> Iterator[int]:
    """Positions of this transaction. Raises TryAgain when an account is ahead of it.

    A transaction that got its id, then waited for an account that a younger one had locked,
    would number its change before the one it builds upon.
    """
    first: int = transaction.fetchone()[0] << POSITION_BITS  # type: ignore[index]
    if any(account.version >= first for account in books.accounts.values()):
        raise TryAgain
    return itertools.count(first)


def _write(
    connection: psycopg.Connection[Any], organisation: str, changes: Changes, now: int
) -> None:
    def put(statement: sql.Write, values: Sequence[rows.Row]) -> None:
        if values:
            connection.execute(statement.text, statement.parameters(values), prepare=True)

    new_requests, old_requests = rows.stored_requests(changes)
    put(sql.NEW_REQUESTS, [rows.request_row(organisation, one) for one in new_requests])
    put(sql.OLD_REQUESTS, [rows.request_row(organisation, one) for one in old_requests])
    if not changes.entries and not changes.raised:
        return
    new_accounts, old_accounts = rows.stored_accounts(changes)
    put(sql.NEW_ACCOUNTS, [rows.account_row(organisation, one) for one in new_accounts])
    put(sql.OLD_ACCOUNTS, [rows.account_row(organisation, one) for one in old_accounts])
    put(sql.NEW_ENTRIES, [rows.entry_row(organisation, one, now) for one in changes.entries])
    put(sql.NEW_FEED, [rows.account_feed_row(organisation, one, now) for one in changes.feed])
    put(sql.RAISE, [rows.incident_row(organisation, one, now) for one in changes.raised])
    for settled in changes.settled:
        settle = (now, settled.how, organisation, settled.kind, settled.subject)
        connection.execute(sql.SETTLE, settle, prepare=True)
