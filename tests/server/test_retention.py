"""Answers to requests are kept as long as a till may come back with them, and no longer."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from server.storage import retention
from server.storage.database import now_ms, writing
from server.storage.retention import REQUESTS_KEPT_MS, sweep_requests
from server.storage.tables import requests
from sync.wire import Problem
from sync.wire.booking import Hold
from tests.server.client import Till
from tests.server.conftest import Venue
from vouchers.ids import new_id

DAY_MS = 24 * 3600 * 1000


def made(days_ago: int) -> UUID:
    """An id as it was made then."""
    return UUID(int=(now_ms() - days_ago * DAY_MS) << 80 | new_id().int % (1 << 80))


def kept(venue: Venue) -> set[UUID]:
    with writing(venue.engine) as connection:
        mine = requests.c.organisation == venue.organisation
        return set(connection.scalars(sa.select(requests.c.request_id).where(mine)))


def age(venue: Venue, hold_id: UUID, days: int) -> None:
    with writing(venue.engine) as connection:
        ran_out = {"expires_ms": now_ms() - days * DAY_MS}
        one = requests.c.request_id == hold_id
        connection.execute(sa.update(requests).where(one).values(ran_out))


@pytest.fixture
def front(venue: Venue) -> Till:
    return venue.till("front")


def test_only_what_nobody_can_come_back_with_is_forgotten(venue: Venue, front: Till) -> None:
    voucher = front.sell(1000)
    old, recent, refused, released = made(500), made(390), made(500), made(500)
    for hold_id, minor in ((old, 10), (recent, 10), (refused, 99_999)):
        assert isinstance(front.hold(voucher, minor, hold_id), Hold if minor == 10 else Problem)
    front.release(released)
    age(venue, old, 499)
    age(venue, recent, 389)
    age(venue, refused, 499)
    with writing(venue.engine) as connection:
        assert sweep_requests(connection) >= 2
    assert kept(venue) == {recent, released}  # released just now, whatever its id says


def test_a_fact_whose_hold_is_forgotten_is_booked_once(venue: Venue, front: Till) -> None:
    voucher = front.sell(1000)
    hold_id = made(500)
    front.hold(voucher, 300, hold_id)
    entry = front.chain.entry(voucher.voucher_id, -300, entry_id=hold_id)
    front.push(entry)
    age(venue, hold_id, 499)
    with writing(venue.engine) as connection:
        sweep_requests(connection)
    (again,) = front.push(entry).answers
    assert again.verdict == "exists"
    late = front.hold(voucher, 300, hold_id)
    assert isinstance(late, Problem) and late.word == "gone"


def test_it_is_swept_in_small_transactions(
    venue: Venue, front: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SWEPT_AT_ONCE_MAX", 2)
    voucher = front.sell(1000)
    for _ in range(5):
        hold_id = made(500)
        front.hold(voucher, 10, hold_id)
        age(venue, hold_id, 499)
    for _ in range(3):
        with writing(venue.engine) as connection:
            assert sweep_requests(connection, REQUESTS_KEPT_MS) <= 2
    assert kept(venue) == set()
