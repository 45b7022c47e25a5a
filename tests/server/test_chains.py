"""What sequences and digests tell of clones, restored tills and jumping clocks."""

from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync.wire.incidents import Incident, IncidentKind, IncidentPage
from tests.server.client import Chain, Till
from tests.server.conftest import Venue
from vouchers.voucher import Voucher


def open_of(till: Till, kind: IncidentKind) -> list[Incident]:
    found = till.get("/incidents", IncidentPage).incidents
    return [one for one in found if one.kind is kind]


@pytest.fixture
def front(venue: Venue) -> Till:
    return venue.till("front")


@pytest.fixture
def voucher(front: Till) -> Voucher:
    return front.sell(1000)


class TestClones:
    """Two disks go on as one till: entries 2 and 3 exist twice."""

    @pytest.fixture
    def four(self, front: Till, voucher: Voucher) -> dict[str, Any]:
        clone: Chain = copy(front.chain)
        taken = voucher.voucher_id
        return {
            "2": front.chain.entry(taken, -1),
            "3": front.chain.entry(taken, -2),
            "2 of the clone": clone.entry(taken, -4),
            "3 of the clone": clone.entry(taken, -8),
        }

    def test_a_wrong_successor_beside_a_right_one_is_told(
        self, front: Till, four: dict[str, Any]
    ) -> None:
        front.push(four["3"])
        front.push(four["3 of the clone"])
        assert len(open_of(front, IncidentKind.FORK)) == 1
        front.push(four["2"])
        (broken,) = open_of(front, IncidentKind.DIGEST)
        assert broken.entry_id == four["2"].entry_id
        assert open_of(front, IncidentKind.GAP) == []
        front.push(four["2 of the clone"])
        (fork,) = open_of(front, IncidentKind.FORK)
        assert fork.times == 2

    @pytest.mark.parametrize("order", ["2,3,2 of the clone,3 of the clone", "3 of the clone,2,3"])
    def test_whatever_comes_first_somebody_is_told(
        self, front: Till, four: dict[str, Any], order: str
    ) -> None:
        for name in order.split(","):
            front.push(four[name])
        assert open_of(front, IncidentKind.FORK)

    def test_a_late_predecessor_that_fits_nobody_is_told(
        self, front: Till, four: dict[str, Any]
    ) -> None:
        front.push(four["3 of the clone"])
        front.push(four["2"])
        (broken,) = open_of(front, IncidentKind.DIGEST)
        assert broken.details["seq"] == 3


@pytest.mark.parametrize(
    ("jump", "why"),
    [(timedelta(days=3 * 365), "in_the_future"), (-timedelta(hours=5), "went_back")],
)
def test_a_clock_that_jumps_is_told_with_both_times(
    front: Till, voucher: Voucher, jump: timedelta, why: str
) -> None:
    moment = datetime.now(UTC) + jump
    entry = front.chain.entry(voucher.voucher_id, -1, occurred_at=moment)
    (answer,) = front.push(entry).answers
    assert (answer.verdict, answer.incidents) == ("booked", ["clock"])
    (incident,) = open_of(front, IncidentKind.CLOCK)
    assert incident.details["why"] == why
    assert datetime.fromisoformat(str(incident.details["occurred_at"])) == moment
    assert incident.origin == front.enrolment.till_id


def test_a_clock_a_few_minutes_off_is_no_incident(front: Till, voucher: Voucher) -> None:
    moment = datetime.now(UTC) + timedelta(minutes=7)
    (answer,) = front.push(front.chain.entry(voucher.voucher_id, -1, occurred_at=moment)).answers
    assert answer.incidents == []
