"""What a supervisor is told, and how it is put right, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.storage.database import writing
from server.storage.migrate import migrate
from server.storage.tables import incidents
from server.storage.venues import ensure_organisation, save_catalogue
from server.tills.directory import add_till
from sync.wire import API, Problem
from sync.wire.booking import AccountPage, Hold, StatusChange
from sync.wire.feed import FeedPage, IncidentChanged
from sync.wire.incidents import (
    Exposure,
    Incident,
    IncidentKind,
    IncidentPage,
    Settled,
    Settlement,
    SettlementAction,
)
from tests.server.client import Till, euros, new_voucher
from tests.server.conftest import DEMO_CATALOGUE, Venue
from vouchers.codes import code_digest, new_code
from vouchers.ids import new_id
from vouchers.ledger import Basis
from vouchers.voucher import Voucher, VoucherStatus


def open_incidents(till: Till) -> list[Incident]:
    return till.get("/incidents", IncidentPage).incidents


def settle(till: Till, incident: Incident, **fields: Any) -> Settled | Problem:
    settlement = Settlement(
        **{
            "settlement_id": new_id(),
            "action": SettlementAction.ACCEPT,
            "actor": "supervisor",
            "reason": "looked into it",
            **fields,
        }
    )
    answer = till.post(f"/incidents/{incident.incident_id}/settlement", settlement)
    if answer.status_code == 200:
        return msgspec.json.decode(answer.content, type=Settled)
    return msgspec.json.decode(answer.content, type=Problem)


@pytest.fixture
def front(venue: Venue) -> Till:
    return venue.till("front")


def overdraw(till: Till, by: int, value: int = 1000) -> Voucher:
    voucher = till.sell(value)
    till.push(till.chain.entry(voucher.voucher_id, -value - by))
    return voucher


def test_an_overdraft_is_told_in_the_feed_and_written_off(front: Till) -> None:
    voucher = overdraw(front, 400)
    told = [c for c in front.get("/feed", FeedPage).changes if isinstance(c, IncidentChanged)]
    assert [one.incident.kind for one in told] == [IncidentKind.OVERDRAWN]
    (incident,) = open_incidents(front)
    assert incident == told[0].incident and incident.voucher_id == voucher.voucher_id
    settled = settle(front, incident, action=SettlementAction.WRITE_OFF)
    assert isinstance(settled, Settled)
    assert settled.incident.settled_by == "supervisor"
    assert settled.incident.settlement == "write_off: looked into it"
    assert open_incidents(front) == []
    (account,) = front.get("/accounts", AccountPage, last4=voucher.last4).accounts
    assert account.balance == euros(0)
    told = [c for c in front.get("/feed", FeedPage).changes if isinstance(c, IncidentChanged)]
    assert told[-1].incident == settled.incident


def test_an_overdraft_that_is_paid_back_settles_itself(front: Till) -> None:
    voucher = overdraw(front, 400)
    front.push(front.chain.entry(voucher.voucher_id, 400))
    assert open_incidents(front) == []
    (incident,) = front.get("/incidents", IncidentPage, open=False).incidents
    assert (incident.settlement, incident.settled_by) == ("balance_restored", "")


def test_overdrawn_restored_and_overdrawn_again_in_one_batch_stays_open(front: Till) -> None:
    voucher = front.sell(100)
    front.push(*(front.chain.entry(voucher.voucher_id, minor) for minor in (-200, 150, -100)))
    (incident,) = open_incidents(front)
    assert incident.kind is IncidentKind.OVERDRAWN


def test_what_happens_again_is_counted(front: Till) -> None:
    voucher = overdraw(front, 400)
    front.push(front.chain.entry(voucher.voucher_id, -1), front.chain.entry(voucher.voucher_id, -1))
    (incident,) = open_incidents(front)
    assert incident.times == 3


def test_much_money_needs_two_supervisors(front: Till) -> None:
    overdraw(front, 10_001)
    (incident,) = open_incidents(front)
    for second in (None, "supervisor", "cashier", "nobody"):
        refused = settle(front, incident, action=SettlementAction.WRITE_OFF, second=second)
        assert isinstance(refused, Problem) and refused.word == "four-eyes"
    assert len(open_incidents(front)) == 1


def test_a_cashier_settles_nothing(front: Till) -> None:
    overdraw(front, 1)
    (incident,) = open_incidents(front)
    refused = settle(front, incident, actor="cashier")
    assert isinstance(refused, Problem) and refused.word == "not-allowed"


def test_a_repeated_settlement_books_once_and_another_is_refused(front: Till) -> None:
    voucher = overdraw(front, 400)
    (incident,) = open_incidents(front)
    same = new_id()
    write_off: dict[str, Any] = {"action": SettlementAction.WRITE_OFF, "settlement_id": same}
    first, again = (settle(front, incident, **write_off) for _ in range(2))
    assert first == again
    late = settle(front, incident, action=SettlementAction.WRITE_OFF)
    assert isinstance(late, Problem) and late.word == "settled-already"
    (account,) = front.get("/accounts", AccountPage, last4=voucher.last4).accounts
    assert account.balance == euros(0)


def test_an_adjustment_books_its_amount_with_its_reason(front: Till) -> None:
    voucher = overdraw(front, 400)
    (incident,) = open_incidents(front)
    assert isinstance(settle(front, incident, action=SettlementAction.ADJUST), Problem)
    adjust = {"action": SettlementAction.ADJUST, "amount": euros(500)}
    assert isinstance(settle(front, incident, **adjust), Settled)
    (account,) = front.get("/accounts", AccountPage, last4=voucher.last4).accounts
    assert account.balance == euros(100)


def test_a_blocked_voucher_is_refused_and_can_be_unblocked(front: Till) -> None:
    voucher = overdraw(front, 400)
    (incident,) = open_incidents(front)
    assert isinstance(settle(front, incident, action=SettlementAction.BLOCK), Settled)
    (account,) = front.get("/accounts", AccountPage, last4=voucher.last4).accounts
    assert account.status is VoucherStatus.BLOCKED
    refused = front.hold(voucher, 1)
    assert isinstance(refused, Problem) and refused.word == "blocked"
    (answer,) = front.push(front.chain.entry(voucher.voucher_id, -1)).answers
    assert answer.incidents == ["blocked", "overdrawn"]
    blocked = next(one for one in open_incidents(front) if one.kind is IncidentKind.BLOCKED)
    settle(front, blocked, action=SettlementAction.UNBLOCK)
    front.push(front.chain.entry(voucher.voucher_id, 1000))
    assert isinstance(front.hold(voucher, 1), Hold)


def test_an_overdraft_stays_open_while_money_is_missing(front: Till) -> None:
    voucher = overdraw(front, 1500)
    (incident,) = open_incidents(front)
    same = new_id()
    part: dict[str, Any] = {
        "action": SettlementAction.ADJUST,
        "amount": euros(500),
        "settlement_id": same,
    }
    for _ in range(2):
        left_open = settle(front, incident, **part)
        assert isinstance(left_open, Settled)
        assert left_open.incident.settled_at is None
    for nothing in (SettlementAction.BLOCK, SettlementAction.UNBLOCK, SettlementAction.ACCEPT):
        assert isinstance(settle(front, incident, action=nothing), Settled)
    (still_open,) = open_incidents(front)
    steps = still_open.details["steps"]
    assert [step["action"] for step in steps] == ["adjust", "block", "unblock", "accept"]
    assert steps[0] | {"at_ms": 0} == {
        "settlement": str(same),
        "at_ms": 0,
        "by": "supervisor",
        "action": "adjust",
        "minor": 500,
        "reason": "looked into it",
    }
    (account,) = front.get("/accounts", AccountPage, last4=voucher.last4).accounts
    assert account.balance == euros(-1000)
    settled = settle(front, incident, action=SettlementAction.ADJUST, amount=euros(1000))
    assert isinstance(settled, Settled) and settled.incident.settled_at is not None
    assert open_incidents(front) == []


def test_small_steps_are_as_much_as_a_large_one(front: Till) -> None:
    overdraw(front, 20_000)
    (incident,) = open_incidents(front)
    half = {"action": SettlementAction.ADJUST, "amount": euros(8_000)}
    assert isinstance(settle(front, incident, **half), Settled)
    refused = settle(front, incident, **half)
    assert isinstance(refused, Problem) and refused.word == "four-eyes"


def test_money_given_for_a_code_nobody_knows_is_missing_until_it_is_written_off(
    front: Till,
) -> None:
    front.push(front.chain.entry(new_id(), -1000, basis=Basis.OVERRIDE))
    (incident,) = open_incidents(front)
    assert incident.kind is IncidentKind.UNKNOWN_VOUCHER
    assert isinstance(settle(front, incident), Settled)
    assert [one.incident_id for one in open_incidents(front)] == [incident.incident_id]
    part = settle(front, incident, action=SettlementAction.ADJUST, amount=euros(400))
    assert isinstance(part, Settled) and part.incident.times == 1
    settled = settle(front, incident, action=SettlementAction.WRITE_OFF)
    assert isinstance(settled, Settled) and settled.incident.settled_at is not None
    assert open_incidents(front) == []


def test_what_was_held_before_a_block_is_told_when_it_is_redeemed(front: Till) -> None:
    voucher, hold_id = front.sell(1000), new_id()
    assert isinstance(front.hold(voucher, 600, hold_id), Hold)
    block(front, voucher)
    (answer,) = front.push(front.chain.entry(voucher.voucher_id, -600, entry_id=hold_id)).answers
    assert answer.incidents == ["blocked"]


def test_what_was_redeemed_after_a_block_that_came_late_is_told(front: Till) -> None:
    voucher, blocked_at = front.sell(1000), datetime.now(UTC) + timedelta(seconds=1)
    long_before = front.chain.entry(voucher.voucher_id, -100)
    after = front.chain.entry(
        voucher.voucher_id, -200, occurred_at=blocked_at + timedelta(seconds=5), clock_skew_ms=0
    )
    clock_ahead = front.chain.entry(
        voucher.voucher_id,
        -300,
        occurred_at=blocked_at + timedelta(seconds=9),
        clock_skew_ms=60_000,
    )
    front.push(long_before, after, clock_ahead)
    assert open_incidents(front) == []
    block(front, voucher, since=blocked_at)
    told = open_incidents(front)
    assert [(one.kind, one.entry_id) for one in told] == [(IncidentKind.BLOCKED, after.entry_id)]


def block(till: Till, voucher: Voucher, since: datetime | None = None) -> None:
    change = StatusChange(
        status=VoucherStatus.BLOCKED, actor="supervisor", reason="copied", since=since
    )
    assert till.post(f"/accounts/{voucher.voucher_id}/status", change).status_code == 204


def test_a_cloned_till_is_shut_out_and_may_enrol_anew(venue: Venue) -> None:
    front, clone = venue.till("front"), venue.till("clone")
    voucher = clone.sell(1000)
    clone.push(clone.chain.entry(voucher.voucher_id, -1, origin_seq=1))
    incident = next(one for one in open_incidents(front) if one.kind is IncidentKind.FORK)
    assert incident.origin == clone.enrolment.till_id
    settled_by = new_id()
    settled = settle(front, incident, action=SettlementAction.REENROL, settlement_id=settled_by)
    assert isinstance(settled, Settled) and settled.enrolment_code
    asked_again = settle(front, incident, action=SettlementAction.REENROL, settlement_id=settled_by)
    assert asked_again == settled
    again = Till(venue.client(), settled.enrolment_code)
    too_late = settle(front, incident, action=SettlementAction.REENROL, settlement_id=settled_by)
    assert isinstance(too_late, Settled) and too_late.enrolment_code == ""
    assert again.enrolment.name == "clone"
    assert again.enrolment.till_id != clone.enrolment.till_id


def test_nothing_crosses_organisations(venue: Venue, front: Till) -> None:
    overdraw(front, 400)
    (incident,) = open_incidents(front)
    others = f"others-{new_id().hex[-12:]}"
    with writing(venue.engine) as connection:
        ensure_organisation(connection, others)
        save_catalogue(connection, others, DEMO_CATALOGUE)
        code = add_till(connection, others, "stranger").code
    stranger = Till(venue.client(), code)
    assert open_incidents(stranger) == []
    refused = settle(stranger, incident)
    assert isinstance(refused, Problem) and refused.word == "not-found"


def test_the_exposure_is_the_limit_times_the_tills(venue: Venue, front: Till) -> None:
    venue.till("shop")
    front.hold(front.sell(3000), 1000)
    overdraw(front, 400)
    found = front.get("/exposure", Exposure)
    assert found.tills == 2
    assert (found.one_code, found.worst_outage) == (euros(10_000), euros(100_000))
    assert (found.outstanding, found.held, found.overdrawn) == tuple(map(euros, (3000, 1000, 400)))


class TestVisitors:
    def ask(self, venue: Venue, code: str, organisation: str | None = None) -> tuple[int, bytes]:
        body = {"organisation": organisation or venue.organisation, "code": code}
        answer = venue.client().post(f"{API}/balance", json=body)
        return answer.status_code, answer.content

    def test_strangers_get_one_refusal_and_are_slowed_down(self, venue: Venue, front: Till) -> None:
        code = new_code()
        digest = code_digest(bytes.fromhex(front.enrolment.digest_key), code)
        front.push(front.chain.issue(new_voucher(1000, code_digest=digest)))
        status, content = self.ask(venue, code.grouped.lower())
        assert status == 200 and msgspec.json.decode(content)["balance"]["amount"] == 1000
        unknown, mistyped = new_code().text, "ABC"
        refusals = {
            self.ask(venue, unknown),
            self.ask(venue, mistyped),
            self.ask(venue, code.text, "no-such-organisation"),
        }
        assert len(refusals) == 1 and refusals.pop()[0] == 404
        statuses = [self.ask(venue, unknown)[0] for _ in range(4)]
        assert statuses[-1] == 429


def test_a_server_that_forgot_missing_money_tells_of_it_after_its_upgrade(
    venue: Venue, front: Till
) -> None:
    voucher = overdraw(front, 400)
    front.push(front.chain.entry(new_id(), -700, basis=Basis.OVERRIDE))
    overdraw(front, 100)
    forgotten, unknown, known = open_incidents(front)
    with writing(venue.engine) as connection:
        lost = incidents.c.incident_id.in_([forgotten.incident_id, unknown.incident_id])
        connection.execute(sa.update(incidents).where(lost).values(settled_ms=1, settled_by="s"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0004'"))
    migrate(venue.engine)
    again = open_incidents(front)
    assert again[0] == known
    assert {(one.kind, one.voucher_id) for one in again[1:]} == {
        (IncidentKind.OVERDRAWN, voucher.voucher_id),
        (IncidentKind.UNKNOWN_VOUCHER, unknown.voucher_id),
    }
    told = [c for c in front.get("/feed", FeedPage).changes if isinstance(c, IncidentChanged)]
    assert [one.incident.incident_id for one in told[-2:]] == [i.incident_id for i in again[1:]]
    settled = settle(front, again[1], action=SettlementAction.WRITE_OFF)
    assert isinstance(settled, Settled) and settled.incident.settled_at is not None
