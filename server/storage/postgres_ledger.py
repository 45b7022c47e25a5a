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
from psycopg.pq import TransactionStatus

from server.errors import StorageFull, StorageUnavailable
from server.ledger.incidents import fold
from server.ledger.state import Books, Changes, IncidentState
from server.ledger.work import TryAgain, Wanted
from server.storage import postgres_statements as sql
from server.storage import rows
from server.storage.database import booking_engine, limit_transactions, now_ms
from server.storage.venue_day import VenueDays

INTRANS, INERROR = TransactionStatus.INTRANS, TransactionStatus.INERROR

S = TypeVar("S")
T = TypeVar("T")


class PostgresLedger:
    """A LedgerStore on PostgreSQL."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = booking_engine(engine)
        self._days = VenueDays(engine)
        self._connection: psycopg.Connection[Any] | None = None

    def book(
        self, organisation: str, wanted: Wanted, decide: Callable[[Books], T]
    ) -> tuple[T, int]:
        """See LedgerStore."""
        now = now_ms()
        today = self._days.today(organisation, now)
        with self._transaction() as connection, connection.pipeline():
            connection.execute("BEGIN", prepare=True)  # psycopg's own would wait for its answer
            books = Books(now_ms=now, today=today, positions=iter(()))
            _load(connection, organisation, wanted, books)
            result = decide(books)
            _write(connection, organisation, books.changes, now)
            connection.execute("COMMIT", prepare=True)
        return result, books.last_position

    def close(self) -> None:
        """See LedgerStore."""
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection whose work is undone unless it was committed; errors are translated."""
        try:
            connection = self._connected()
            try:
                yield connection
            finally:
                if connection.info.transaction_status in (INTRANS, INERROR):
                    connection.rollback()
        except (pg.SerializationFailure, pg.DeadlockDetected, pg.UniqueViolation) as error:
            raise TryAgain from error
        except pg.DiskFull as error:
            raise StorageFull from error
        except (psycopg.OperationalError, sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
            raise StorageUnavailable(str(error).splitlines()[0][:200]) from error

    def _connected(self) -> psycopg.Connection[Any]:
        """The one connection of the booking thread, a new one when it broke."""
        if self._connection is not None and not self._connection.closed:
            return self._connection
        pooled = self._engine.raw_connection()
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        pooled.detach()
        limit_transactions(connection)
        self._connection = connection
        return connection


def _load(
    connection: psycopg.Connection[Any], organisation: str, wanted: Wanted, books: Books
) -> None:
    """Lock the accounts, ask what is known, then read all answers: one round trip."""
    places = [(origin, seq) for origin, seqs in wanted.sequence.items() for seq in seqs]
    asked = {
        "organisation": organisation,
        "now": books.now_ms,
        "ids": sql.array(wanted.ids),
        "vouchers": sql.array(wanted.voucher_ids),
        "codes": sql.text_array(wanted.code_digests),
        "origins": sql.text_array(origin for origin, _ in places),
        "seqs": sql.array(seq for _, seq in places),
    }
    accounts, requests, entries = (
        connection.execute(statement, asked, prepare=True)
        for statement in (sql.LOCK_ACCOUNTS, sql.REQUESTS, sql.ENTRIES)
    )
    for row in accounts:
        books.add_account(rows.account(row))
    books.requests = {row[0]: rows.request(row) for row in requests}
    books.attach_holds()
    if wanted.incident_ids:
        chosen = {"organisation": organisation, "ids": sql.array(wanted.incident_ids)}
        for row in connection.execute(sql.INCIDENTS, chosen):
            books.incidents[row[0]] = rows.incident(row)
    known = entries.fetchall()
    for _, *entry in known:
        if entry[0] is not None:
            books.add_known(rows.booked(entry))
    if wanted.card_places:
        beside = {
            "organisation": organisation,
            "cards": sql.array(card for card, _ in wanted.card_places),
            "counters": sql.array(counter for _, counter in wanted.card_places),
        }
        for row in connection.execute(sql.ON_CARDS, beside, prepare=True):
            books.add_known(rows.booked(row))
    books.positions = _positions(known[0][0], books)


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
    told = [rows.account_feed_row(organisation, one, now) for one in changes.feed]
    if changes.incidents:
        told += _write_incidents(connection, organisation, changes, now)
    requests = rows.split_stored(changes.requests.values(), lambda one: one.request_id)
    accounts = rows.split_stored(changes.accounts.values(), lambda one: one.voucher_id)
    values = {
        **_split("requests", organisation, requests, rows.request_row),
        **_split("accounts", organisation, accounts, rows.account_row),
        "entries": [rows.entry_row(organisation, one, now) for one in changes.entries],
        "feed": told,
    }
    written = {name: msgspec.json.encode(some).decode() for name, some in values.items() if some}
    if written:
        connection.execute(sql.write(tuple(written)), written, prepare=True)


def _write_incidents(
    connection: psycopg.Connection[Any], organisation: str, changes: Changes, now: int
) -> list[rows.Row]:
    folded = fold(changes.incidents, _open_incidents(connection, organisation, changes), now)
    touched = rows.split_stored(folded.touched.values(), lambda one: one.incident_id)
    values = _split("incidents", organisation, touched, rows.incident_row)
    written = {name: msgspec.json.encode(some).decode() for name, some in values.items()}
    connection.execute(sql.OLD_INCIDENTS, written, prepare=True)
    connection.execute(sql.NEW_INCIDENTS, written, prepare=True)
    return [
        rows.feed_row(organisation, position, "incident", now, subject)
        for position, subject in folded.positions
    ]


def _split(
    name: str,
    organisation: str,
    states: tuple[list[S], list[S]],
    as_row: Callable[[str, S], rows.Row],
) -> dict[str, list[rows.Row]]:
    new, old = states
    return {
        f"new_{name}": [as_row(organisation, one) for one in new],
        f"old_{name}": [as_row(organisation, one) for one in old],
    }


def _open_incidents(
    connection: psycopg.Connection[Any], organisation: str, changes: Changes
) -> list[IncidentState]:
    subjects = sql.text_array({event.subject for event in changes.incidents})
    asked = {"organisation": organisation, "subjects": subjects}
    return [rows.incident(row) for row in connection.execute(sql.OPEN_INCIDENTS, asked)]
