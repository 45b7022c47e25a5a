"""A worker that stands still in the middle of a booking must not hold its vouchers for ever."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest
import sqlalchemy as sa

from server.errors import StorageUnavailable
from server.ledger.state import Books
from server.ledger.work import wanted_by
from server.storage import database
from server.storage.database import open_engine
from server.storage.postgres_ledger import PostgresLedger
from sync.wire.booking import BatchAnswer
from tests.postgres import Postgres
from tests.server.client import Chain, new_voucher, reported

LIMIT_MS = 500
FROZEN_MAX_S = 120
ORGANISATION = "frozen"


@pytest.fixture
def engine(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    monkeypatch.setattr(database, "BOOKING_LIMIT_MS", LIMIT_MS)
    opened = open_engine(postgres.new_database())
    yield opened
    opened.dispose()


def persistent(book: Callable[[], BatchAnswer]) -> BatchAnswer:
    """Whoever waits for the frozen one may reach the limit too; it tries again, as workers do."""
    while True:
        with suppress(StorageUnavailable):
            return book()


def test_others_go_on_and_the_frozen_worker_has_booked_nothing(engine: sa.Engine) -> None:
    chain, voucher = Chain("T"), new_voucher(5000)
    issue = reported(chain.issue(voucher))
    redeem = reported(chain.entry(voucher.voucher_id, -1000))
    wanted = wanted_by([redeem])
    standing, gone_on = threading.Event(), threading.Event()
    failed: list[type[Exception]] = []

    def stands_still(books: Books) -> None:
        standing.set()
        gone_on.wait(FROZEN_MAX_S)
        redeem.decide(books)

    def freeze(frozen: PostgresLedger) -> None:
        try:
            frozen.book(ORGANISATION, wanted, stands_still)
        except StorageUnavailable as error:
            failed.append(type(error))

    with closing(PostgresLedger(engine)) as frozen, closing(PostgresLedger(engine)) as other:
        other.book(ORGANISATION, wanted_by([issue]), issue.decide)
        worker = threading.Thread(target=freeze, args=(frozen,))
        worker.start()
        assert standing.wait(10)
        answer = persistent(lambda: other.book(ORGANISATION, wanted, redeem.decide)[0])
        assert worker.is_alive(), "the frozen worker was waited for"
        gone_on.set()
        worker.join(30)
        assert failed == [StorageUnavailable]
        again, _ = frozen.book(ORGANISATION, wanted, redeem.decide)
    assert [each.verdict for each in answer.answers] == ["booked"]
    assert [each.verdict for each in again.answers] == ["exists"]
    assert again.answers[0].balance == answer.answers[0].balance
