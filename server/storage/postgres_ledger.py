"""Booking on PostgreSQL in two round trips: load and lock, then write and commit.

The feed position is the transaction's id and a count, so that readers can tell which positions
may still be filled (docs/decisions/0402-feed-positions.md).
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
import psycopg
import sqlalchemy as sa
from psycopg import errors as pg

from server.errors import StorageFull, StorageUnavailable
from server.ledger.state import Books, Changes
from server.ledger.work import TryAgain, Wanted
from server.storage import postgres_statements as sql
from server.storage import rows
from server.storage.database import booking_engine, now_ms
from server.storage.venue_day import VenueDays

T = TypeVar("T")

POSITION_BITS = 20
"""Room for a million changes in one transaction."""


class PostgresLedger:
    """A LedgerStore on PostgreSQL."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = booking_engine(engine)
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

    def close(self) -> None:
        """See LedgerStore."""
        self._engine.dispose()


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
    """Lock the accounts, ask what is known, then read all answers: one round trip."""
    places = [(origin, seq) for origin, seqs in wanted.sequence.items() for seq in seqs]
    asked = {
        "organisation": organisation,
        "ids": sql.array(wanted.ids),
        "vouchers": sql.array(wanted.voucher_ids),
        "codes": sql.array(wanted.code_digests),
        "origins": sql.array(origin for origin, _ in places),
        "seqs": sql.array(seq for _, seq in places),
    }
    accounts, requests, entries = (
        connection.execute(statement, asked, prepare=True)
        for statement in (sql.LOCK_ACCOUNTS, sql.REQUESTS, sql.ENTRIES)
    )
    books.accounts = {row[0]: rows.account(row) for row in accounts}
    books.requests = {row[0]: rows.request(row) for row in requests}
    books.attach_holds()
    known = entries.fetchall()
    for _, *entry in known:
        if entry[0] is not None:
            books.add_known(rows.booked(entry))
    books.positions = _positions(known[0][0] << POSITION_BITS, books)


def _positions(first: int, books: Books) -> Iterator[int]:
    """Positions of this transaction. Raises TryAgain when an account is ahead of it.

    A transaction that got its id, then waited for an account that a younger one had locked,
    would number its change before the one it builds upon.
    """
    if any(account.version >= first for account in books.accounts.values()):
        raise TryAgain
    return itertools.count(first)


def _write(
    connection: psycopg.Connection[Any], organisation: str, changes: Changes, now: int
) -> None:
    new_requests, old_requests = rows.stored_requests(changes)
    new_accounts, old_accounts = rows.stored_accounts(changes)
    values = {
        "new_requests": [rows.request_row(organisation, one) for one in new_requests],
        "old_requests": [rows.request_row(organisation, one) for one in old_requests],
        "new_accounts": [rows.account_row(organisation, one) for one in new_accounts],
        "old_accounts": [rows.account_row(organisation, one) for one in old_accounts],
        "entries": [rows.entry_row(organisation, one, now) for one in changes.entries],
        "feed": [rows.account_feed_row(organisation, one, now) for one in changes.feed],
        "incidents": [rows.incident_row(organisation, one, now) for one in changes.raised],
    }
    written = {name: msgspec.json.encode(some).decode() for name, some in values.items()}
    if changes.feed:
        connection.execute(sql.WRITE_BOOKED, written, prepare=True)
    elif changes.requests:
        connection.execute(sql.WRITE_REQUESTS, written, prepare=True)
    if changes.raised:
        connection.execute(sql.RAISE, written, prepare=True)
    for settled in changes.settled:
        settle = (now, settled.how, organisation, settled.kind, settled.subject)
        connection.execute(sql.SETTLE, settle, prepare=True)
