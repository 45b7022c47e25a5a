"""The feed never skips an entry that committed late, and streams wake at once."""

import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest
import sqlalchemy as sa

from server.errors import PositionLost
from server.ledger.state import Books
from server.ledger.work import BookEntries, TryAgain, wanted_by
from server.storage.database import open_engine, reading, writing
from server.storage.feed import changes_after, check_kept
from server.storage.positions import begin_life, newest_position, settled_position
from server.storage.postgres_ledger import PostgresLedger
from server.storage.retention import sweep_feed
from server.storage.venues import announce, ensure_organisation
from sync.wire import API, Problem
from sync.wire.booking import BatchAnswer, EntryPage
from sync.wire.feed import AccountChanged, Change, FeedPage
from tests.postgres import Postgres
from tests.server.client import Chain, new_voucher, reported
from tests.server.conftest import Venue, serving
from vouchers.ledger import LedgerEntry
from vouchers.voucher import Voucher

ORG = "main"
SPENDINGS = 30


@pytest.fixture
def pg(postgres: Postgres) -> Iterator[sa.Engine]:
    engine = open_engine(postgres.new_database())
    with writing(engine) as connection:
        ensure_organisation(connection, ORG)
    yield engine
    engine.dispose()


@pytest.fixture
def ledgers(pg: sa.Engine) -> Iterator[list[PostgresLedger]]:
    """Two workers' ledgers on one database."""
    both = [PostgresLedger(pg), PostgresLedger(pg)]
    yield both
    for ledger in both:
        ledger.close()


class Held:
    """Books an entry in a thread and stops before the commit until it is told to go on."""

    def __init__(self, ledger: PostgresLedger, entry: LedgerEntry) -> None:
        self._go, self._there = threading.Event(), threading.Event()
        self._ledger, self._entry = ledger, entry
        self.failure: Exception | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._there.wait(10)

    def _run(self) -> None:
        work = reported(self._entry)

        def decide(books: Books) -> BatchAnswer:
            answer = work.decide(books)
            self._there.set()
            assert self._go.wait(10)
            return answer

        try:
            self._ledger.book(ORG, wanted_by([work]), decide)
        except TryAgain as error:
            self.failure = error

    def commit(self) -> None:
        self._go.set()
        self._thread.join(10)


def book(ledger: PostgresLedger, entry: LedgerEntry) -> None:
    work = reported(entry)
    ledger.book(ORG, wanted_by([work]), work.decide)


def follow(pg: sa.Engine, after: int) -> tuple[list[Any], int]:
    with reading(pg) as connection:
        items = changes_after(connection, ORG, after, 100)
    return items, items[-1].position if items else after


def test_an_entry_that_commits_late_is_not_skipped(
    pg: sa.Engine, ledgers: list[PostgresLedger]
) -> None:
    early, late = Chain("early"), Chain("late")
    first, second = early.issue(new_voucher()), late.issue(new_voucher())
    slow = Held(ledgers[0], first)
    book(ledgers[1], second)
    seen, position = follow(pg, 0)
    assert seen == []  # the younger one is there, but waits for the older one to end
    slow.commit()
    seen, position = follow(pg, position)
    assert [change.contains for change in seen] == [[first.entry_id], [second.entry_id]]
    assert follow(pg, position) == ([], position)


def test_a_change_never_gets_a_position_below_the_one_it_builds_upon(
    pg: sa.Engine, ledgers: list[PostgresLedger]
) -> None:
    """A transaction may get its id first and the account second; it must then start anew."""
    one, other = sorted((new_voucher(), new_voucher()), key=lambda v: v.voucher_id)
    book(ledgers[0], (seller := Chain("seller")).issue(one))
    book(ledgers[0], seller.issue(other))
    # The younger holds `other`; the older locks `one`, which gives it its id, and must wait.
    chain = Chain("older")
    work = reported(*(chain.entry(v.voucher_id, -1) for v in (one, other)))
    url = pg.url.set(drivername="postgresql").render_as_string(hide_password=False)
    lock = "SELECT 1 FROM accounts WHERE voucher_id = %s FOR NO KEY UPDATE"
    with psycopg.connect(url) as blocker:
        blocker.execute(lock, (other.voucher_id,))
        results: list[bool] = []
        older = threading.Thread(target=lambda: results.append(booked(ledgers[0], work)))
        older.start()
        wait_for_lock(pg)
        blocker.execute(
            "UPDATE accounts SET version = pg_current_xact_id()::text::bigint + 1 << 16"
            " WHERE voucher_id = %s",
            (other.voucher_id,),
        )
    older.join(10)
    assert results == [False]


def wait_for_lock(pg: sa.Engine) -> None:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while True:
        with reading(pg) as connection:
            if connection.scalar(waiting):
                return


def test_positions_stay_true_under_contention(pg: sa.Engine, ledgers: list[PostgresLedger]) -> None:
    """Two workers on the same vouchers: versions only rise, and end at the true balance."""
    vouchers = [new_voucher() for _ in range(3)]
    seller = Chain("seller")
    for voucher in vouchers:
        book(ledgers[0], seller.issue(voucher))
    spenders = [
        threading.Thread(target=spend, args=(ledger, Chain(f"till-{number}"), order))
        for number, (ledger, order) in enumerate(
            zip(ledgers, (vouchers, vouchers[::-1]), strict=True)
        )
    ]
    for thread in spenders:
        thread.start()
    seen: list[AccountChanged] = []
    position = 0
    while len(seen) < 3 + 2 * SPENDINGS * 3:
        items, position = follow(pg, position)
        seen += [item for item in items if isinstance(item, AccountChanged)]
    for thread in spenders:
        thread.join(10)
    assert follow(pg, position)[0] == []
    for voucher in vouchers:
        balances = [c.balance.minor for c in seen if c.voucher_id == voucher.voucher_id]
        assert balances == list(range(5000, 5000 - 2 * SPENDINGS - 1, -1))


def spend(ledger: PostgresLedger, chain: Chain, vouchers: list[Voucher]) -> None:
    for _ in range(SPENDINGS):
        work = reported(*(chain.entry(v.voucher_id, -1) for v in vouchers))
        while not booked(ledger, work):
            pass


def booked(ledger: PostgresLedger, work: BookEntries) -> bool:
    try:
        ledger.book(ORG, wanted_by([work]), work.decide)
    except TryAgain:
        return False
    return True


def test_swept_changes_are_lost_and_the_newest_is_kept(
    engine: sa.Engine, organisation: str
) -> None:
    with writing(engine) as connection:
        for _ in range(3):
            announce(connection, organisation, "users")
        newest = newest_position(connection, organisation)
    with writing(engine) as connection:
        sweep_feed(connection, kept_ms=-1)
    with reading(engine) as connection:
        check_kept(connection, organisation, newest)
        with pytest.raises(PositionLost):
            check_kept(connection, organisation, 0)


def test_a_restored_database_numbers_above_everything_known(
    engine: sa.Engine, organisation: str
) -> None:
    with writing(engine) as connection:
        before = newest_position(connection, organisation)
        begin_life(connection)
        announce(connection, organisation, "users")
    with reading(engine) as connection:
        assert newest_position(connection, organisation) > before + 2**54
        assert settled_position(connection, organisation) in (
            before,
            newest_position(connection, organisation),
        )
        with pytest.raises(PositionLost):
            check_kept(connection, organisation, before)


def test_a_stream_resumes_and_goes_on(venue: Venue) -> None:
    front, shop = venue.till("front"), venue.till("shop")
    first = front.sell(1000)
    start = front.get("/feed", FeedPage).changes[-2].position
    with shop.stream(start) as events:
        assert next(events) is None
        missed = next(event for event in events if event is not None)
        assert isinstance(missed, AccountChanged) and missed.voucher_id == first.voucher_id
        second = front.sell(2000)
        own = shop.chain.entry(second.voucher_id, -500)
        shop.push(own)
        seen: list[Change] = []
        while len(seen) < 2:
            seen += [event for event in [next(events)] if event is not None]
    (issued,) = front.get(f"/accounts/{second.voucher_id}/entries", EntryPage, limit=1).entries
    assert [one.contains for one in seen if isinstance(one, AccountChanged)] == [
        [issued.entry_id],
        [own.entry_id],
    ]


def test_sweeping_never_tells_tills_of_an_earlier_life_to_go_on(
    pg: sa.Engine, ledgers: list[PostgresLedger]
) -> None:
    book(ledgers[0], Chain("before").issue(new_voucher()))
    with reading(pg) as connection:
        known = newest_position(connection, ORG)
    with writing(pg) as connection:
        begin_life(connection)
    book(ledgers[0], Chain("after").issue(new_voucher()))
    with writing(pg) as connection:
        sweep_feed(connection, kept_ms=-1)
    with reading(pg) as connection, pytest.raises(PositionLost):
        check_kept(connection, ORG, known)


def test_a_second_worker_wakes_the_streams_of_the_first(venue: Venue, shared_database: str) -> None:
    front, shop = venue.till("front"), venue.till("shop")
    position = front.get("/feed", FeedPage).position
    with serving(shared_database) as url, shop.stream(position) as events:
        assert next(events) is None
        front.http.base_url = url
        voucher = front.sell(1000)
        event = next(event for event in events if event is not None)
        assert isinstance(event, AccountChanged) and event.voucher_id == voucher.voucher_id
        front.http.base_url = venue.url


def test_a_stream_from_a_lost_position_says_so(venue: Venue) -> None:
    front = venue.till("front")
    answer = front.http.get(f"{API}/feed/stream?after={2**62}", headers=front.bearer)
    assert answer.status_code == 410
    assert msgspec.json.decode(answer.content, type=Problem).word == "position-lost"
