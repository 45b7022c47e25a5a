"""Booking on SQLite: the writer is alone, so a counter gives the feed positions."""

import itertools
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa

from server.ledger.incidents import fold
from server.ledger.state import Books, Changes, IncidentState
from server.ledger.work import Wanted
from server.storage import rows
from server.storage.database import now_ms, writing
from server.storage.positions import free_position
from server.storage.tables import accounts, entries, feed, incidents, requests
from server.storage.venue_day import VenueDays

T = TypeVar("T")


def _select(table: sa.Table, columns: tuple[str, ...], key: str) -> sa.Select[Any]:
    return sa.select(*(table.c[name] for name in columns)).where(
        table.c.organisation == sa.bindparam("organisation"),
        table.c[key].in_(sa.bindparam("some", expanding=True)),
    )


_ACCOUNTS = _select(accounts, rows.ACCOUNT, "voucher_id")
_ACCOUNTS_BY_CODE = _select(accounts, rows.ACCOUNT, "code_digest")
_REQUESTS = _select(requests, rows.REQUEST, "request_id")
_HELD = _select(requests, rows.REQUEST, "voucher_id").where(requests.c.state == "held")
_ENTRIES = _select(entries, rows.ENTRY, "entry_id")
_NEIGHBOURS = _select(entries, rows.ENTRY, "origin_seq").where(
    entries.c.origin == sa.bindparam("origin")
)
_ON_CARD = _select(entries, rows.ENTRY, "card_counter").where(
    entries.c.voucher_id == sa.bindparam("voucher_id")
)
_INCIDENTS = _select(incidents, rows.INCIDENT, "incident_id")
_OPEN_INCIDENTS = _select(incidents, rows.INCIDENT, "subject").where(
    incidents.c.settled_ms.is_(None)
)


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
                positions=itertools.count(free_position(connection, organisation)),
            )
            _load(connection, organisation, wanted, books)
            result = decide(books)
            _write(connection, organisation, books.changes, now)
        return result, books.last_position

    def close(self) -> None:
        """See LedgerStore."""
        self._engine.dispose()


def _load(connection: sa.Connection, organisation: str, wanted: Wanted, books: Books) -> None:
    def fetch(query: sa.Select[Any], values: Collection[Any], **more: Any) -> Iterable[sa.Row[Any]]:
        if not values:
            return ()
        asked = {"organisation": organisation, "some": list(values), **more}
        return connection.execute(query, asked)

    # Two look-ups by index: with OR between them, SQLite would walk the whole table.
    by_code = fetch(_ACCOUNTS_BY_CODE, wanted.code_digests)
    by_id = fetch(_ACCOUNTS, wanted.voucher_ids)
    for account in {row.voucher_id: rows.account(row) for row in (*by_code, *by_id)}.values():
        books.add_account(account)
    asked_for, held = fetch(_REQUESTS, wanted.ids), fetch(_HELD, books.accounts)
    books.requests = {row.request_id: rows.request(row) for row in (*asked_for, *held)}
    books.attach_holds()
    known = [*fetch(_ENTRIES, wanted.ids)]
    for origin, seqs in wanted.sequence.items():
        known += fetch(_NEIGHBOURS, seqs, origin=origin)
    for card in {card for card, _ in wanted.card_places}:
        counters = [counter for one, counter in wanted.card_places if one == card]
        known += fetch(_ON_CARD, counters, voucher_id=card)
    for row in known:
        books.add_known(rows.booked(row))
    chosen = fetch(_INCIDENTS, wanted.incident_ids)
    books.incidents = {row.incident_id: rows.incident(row) for row in chosen}


def _write(connection: sa.Connection, organisation: str, changes: Changes, now: int) -> None:
    def put(statement: sa.Executable, values: list[rows.Row]) -> None:
        if values:
            connection.execute(statement, values)

    new_accounts, old_accounts = rows.split_stored(
        changes.accounts.values(), lambda one: one.voucher_id
    )
    put(sa.insert(accounts), [rows.account_row(organisation, one) for one in new_accounts])
    put(_UPDATE_ACCOUNT, [_keyed(rows.account_row(organisation, one)) for one in old_accounts])
    new_requests, old_requests = rows.split_stored(
        changes.requests.values(), lambda one: one.request_id
    )
    put(sa.insert(requests), [rows.request_row(organisation, one) for one in new_requests])
    put(_UPDATE_REQUEST, [_keyed(rows.request_row(organisation, one)) for one in old_requests])
    put(sa.insert(entries), [rows.entry_row(organisation, one, now) for one in changes.entries])
    told = [rows.account_feed_row(organisation, one, now) for one in changes.feed]
    folded = fold(changes.incidents, _open_incidents(connection, organisation, changes), now)
    new, old = rows.split_stored(folded.touched.values(), lambda one: one.incident_id)
    # Settled ones first: the same may have come back, and only one of a kind can be open.
    put(_UPDATE_INCIDENT, [_keyed(rows.incident_row(organisation, one)) for one in old])
    put(sa.insert(incidents), [rows.incident_row(organisation, one) for one in new])
    told += [
        rows.feed_row(organisation, position, "incident", now, subject)
        for position, subject in folded.positions
    ]
    put(sa.insert(feed), told)


def _open_incidents(
    connection: sa.Connection, organisation: str, changes: Changes
) -> list[IncidentState]:
    subjects = {event.subject for event in changes.incidents}
    if not subjects:
        return []
    asked = {"organisation": organisation, "some": list(subjects)}
    return [rows.incident(row) for row in connection.execute(_OPEN_INCIDENTS, asked)]


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
_UPDATE_INCIDENT = _update(
    incidents,
    "incident_id",
    ("details", "times", "settled_ms", "settled_by", "settlement", "settlement_id"),
)
