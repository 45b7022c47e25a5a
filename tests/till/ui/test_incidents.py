"""Incidents: supervisors see them, understand them and settle them; nobody else does."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from resources.texts import LANGUAGES, Texts
from sync.wire.feed import IncidentChanged
from sync.wire.incidents import Incident, IncidentKind, SettlementAction
from tests.till.ui.cashier import Cashier, wait_until
from tests.till.ui.scripted_office import CODE, euros, raise_incident
from tests.till.ui.world import World
from till.counter.incidents import Case
from till.store.sync_store import TillSyncStore
from till.store.tables import audit
from till.ui.incident_words import ACTIONS, actions, story
from till.ui.look import Look
from till.ui.style.tokens import LIGHT
from till.ui.widgets.reason_field import ReasonField

OVERDRAWN = "More was redeemed than was left"


def test_a_write_off_is_sent_with_its_reason(supervisor: Cashier, world: World) -> None:
    raise_incident(world, IncidentKind.OVERDRAWN, balance=-4_00)
    supervisor.sees("1 incident")
    supervisor.tap("Incidents")
    supervisor.sees(OVERDRAWN, "Garden entrance", "−4.00 EUR")
    supervisor.tap(OVERDRAWN)
    supervisor.sees("What it means for the money", "Redeemed −54.00 EUR", "Kim Kasse", "T2-000017")
    supervisor.tap("Write off")
    supervisor.sees("The venue bears the amount")
    supervisor.type("copied")
    reason = next(f for f in supervisor.window.findChildren(ReasonField) if f.isVisible())
    wait_until(lambda: reason.text == "copied", "the reason: ", lambda: reason.text)
    supervisor.tap("Write off 4.00 EUR")
    supervisor.sees("Settled: Write off.", "Nothing waits for a supervisor.", "0 waiting")
    (settlement,) = world.server.settlements
    assert settlement.action is SettlementAction.WRITE_OFF
    assert (settlement.actor, settlement.reason) == ("s1", "copied")
    wait_until(lambda: "1 incident" not in supervisor.reads(), "gone: ", supervisor.reads)


def test_a_part_that_was_put_right_is_written_down_and_what_is_missing_stays_open(
    supervisor: Cashier, world: World
) -> None:
    raise_incident(world, IncidentKind.OVERDRAWN, balance_minor=-15_00)
    supervisor.tap("Incidents")
    supervisor.tap(OVERDRAWN)
    assert supervisor.button("Accept") is None
    supervisor.tap("Correct the balance")
    supervisor.type("5")
    supervisor.tap("Checked against the receipts")
    supervisor.tap("Book 5.00 EUR")
    supervisor.sees("10.00 EUR are still missing, so the incident stays open.")
    world.follow(after=10)
    supervisor.tap("Back to selling")
    supervisor.tap("Incidents")
    supervisor.sees("−10.00 EUR")
    supervisor.tap(OVERDRAWN)
    supervisor.sees("Missing now", "Correct the balance +5.00 EUR, Sam Schicht: ")
    supervisor.tap("Write off")
    supervisor.tap("The code was copied")
    supervisor.tap("Write off 10.00 EUR")
    supervisor.sees("Settled: Write off.", "Nothing waits for a supervisor.")


def test_a_large_amount_needs_another_supervisor(supervisor: Cashier, world: World) -> None:
    raise_incident(world, IncidentKind.OVERDRAWN, balance_minor=-250_00)
    supervisor.tap("Incidents")
    supervisor.tap(OVERDRAWN)
    supervisor.tap("Write off")
    supervisor.tap("The code was copied")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("This amount needs two supervisors.", "Uli Umsicht")
    assert supervisor.button("Sam Schicht") is None
    supervisor.type("5678")
    supervisor.tap("Agree")
    supervisor.sees("That is not the right PIN.")
    assert not world.server.settlements
    supervisor.type("9999")
    supervisor.tap("Agree")
    supervisor.sees("Settled: Write off.")
    assert world.server.settlements[0].second == "s2"


def test_an_adjustment_adds_or_takes_off(supervisor: Cashier, world: World) -> None:
    raise_incident(world, IncidentKind.CONFLICT, balance_minor=30_00)
    supervisor.tap("Incidents")
    supervisor.tap("One entry, two contents")
    supervisor.tap("Correct the balance")
    supervisor.tap("Take off")
    supervisor.type("12.5")
    supervisor.tap("Checked against the receipts")
    supervisor.tap("Book −12.50 EUR")
    supervisor.sees("Settled: Correct the balance.")
    assert world.server.settlements[0].amount == euros(-12_50)


def test_a_till_enrolled_anew_shows_its_code_once(supervisor: Cashier, world: World) -> None:
    raise_incident(world, IncidentKind.FORK, balance_minor=50_00, seq=17)
    supervisor.tap("Incidents")
    supervisor.tap("A till was copied or put back")
    supervisor.tap("Enrol till anew")
    supervisor.tap("The till was repaired")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees(CODE, "Till Garden entrance is shut out.")
    supervisor.tap("Code noted")
    supervisor.sees("Nothing waits for a supervisor.")
    assert CODE not in supervisor.reads()


def test_a_lost_code_is_asked_for_again(supervisor: Cashier, world: World) -> None:
    incident = raise_incident(world, IncidentKind.FORK, balance_minor=50_00, seq=17)
    supervisor.tap("Incidents")
    supervisor.tap("A till was copied or put back")
    supervisor.tap("Enrol till anew")
    supervisor.tap("The till was repaired")
    world.server.loses_answers = True
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("nothing is booked twice")
    world.line.answered()
    told = world.server.settled[world.server.settlements[0].settlement_id].incident
    TillSyncStore(world.database).apply([IncidentChanged(position=9, incident=told)], 9)
    world.change()
    supervisor.tap("Sell")
    supervisor.sees("1 incident")
    supervisor.tap("Incidents")
    supervisor.tap("A till was copied or put back")
    supervisor.sees("The answer with the enrolment code got lost.")
    supervisor.tap("Enrol till anew")
    supervisor.tap("The till was repaired")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees(CODE)
    assert len(world.server.settlements) == 1
    supervisor.tap("Code noted")
    supervisor.sees("Nothing waits for a supervisor.")
    assert incident.incident_id not in world.server.open_incidents


def test_a_cashier_needs_a_supervisors_pin_for_one_visit(cashier: Cashier, world: World) -> None:
    assert cashier.button("Incidents") is None
    raise_incident(world, IncidentKind.CLOCK, balance_minor=50_00)
    cashier.tap("Incidents")
    cashier.sees("Incidents are settled by supervisors.")
    cashier.type("1234")
    cashier.tap("Open incidents")
    cashier.sees("That is no supervisor's PIN.")
    cashier.type("5678")
    cashier.tap("Open incidents")
    cashier.tap("A till's clock is wrong")
    cashier.tap("Accept")
    cashier.tap("Checked against the receipts")
    cashier.press(Qt.Key.Key_Return)
    cashier.sees("Settled: Accept.")
    assert world.server.settlements[0].actor == "s1"
    with world.database.read() as work:
        written = work.execute(select(audit.c.actor, audit.c.action, audit.c.approved_by)).all()
    assert ("c1", "incidents", "s1") in [tuple(row) for row in written]
    raise_incident(world, IncidentKind.CLOCK, balance_minor=50_00)
    cashier.tap("Sell")
    cashier.tap("Incidents")
    cashier.sees("Incidents are settled by supervisors.")


def test_offline_incidents_are_read_and_not_settled(supervisor: Cashier, world: World) -> None:
    raise_incident(world, IncidentKind.OVERDRAWN)
    world.go_offline()
    supervisor.tap("Incidents")
    supervisor.sees("The server does not answer", "This till may still accept 500.00 EUR")
    supervisor.tap(OVERDRAWN)
    supervisor.sees("only the server can settle them")
    assert supervisor.button("Write off") is None


def test_a_line_lost_while_settling_says_what_it_means(supervisor: Cashier, world: World) -> None:
    raise_incident(world, IncidentKind.OVERDRAWN)
    supervisor.tap("Incidents")
    supervisor.tap(OVERDRAWN)
    supervisor.tap("Block voucher")
    supervisor.tap("The code was copied")
    world.server.away = True
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("nothing is booked twice", "Offline since")


def test_one_settled_elsewhere_says_so(supervisor: Cashier, world: World) -> None:
    raise_incident(world, IncidentKind.OVERDRAWN)
    supervisor.tap("Incidents")
    supervisor.tap(OVERDRAWN)
    world.server.open_incidents.clear()
    supervisor.tap("Block voucher")
    supervisor.tap("Goodwill towards the visitor")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.sees("Somebody has settled this incident already.")


def test_a_sum_leads_to_what_it_consists_of(supervisor: Cashier, world: World) -> None:
    raise_incident(world, IncidentKind.OVERDRAWN)
    account = list(world.server.accounts.values())[-1]
    supervisor.tap("Incidents")
    supervisor.tap("Overdrawn, not settled")
    supervisor.sees("Accounts found: 1", f"\u2026{account.voucher.last4}", "\u22124.00 EUR")
    supervisor.tap(account.voucher.title)
    supervisor.sees("Redeemed", "\u221254.00")


def test_the_venues_stake_is_shown(supervisor: Cashier, world: World) -> None:
    supervisor.tap("Incidents")
    supervisor.sees(
        "Nothing waits for a supervisor.",
        "Worst outage, all 3 tills",
        "1,500.00 EUR",
        "Owed to visitors",
        "48,211.50 EUR",
    )


def test_a_crowd_of_incidents_is_shown_in_part(supervisor: Cashier, world: World) -> None:
    for _ in range(32):
        raise_incident(world, IncidentKind.GAP, balance_minor=0, missing=16)
    supervisor.sees("32 incidents")
    supervisor.tap("Incidents")
    supervisor.sees("2 more wait behind these.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*IncidentKind, "moon_phase"])
def test_every_kind_has_words_and_a_way_out(kind: str, language: str) -> None:
    incident = Incident(
        incident_id=uuid4(),
        kind=IncidentKind(kind),
        opened_at=datetime.now(UTC),
        details={},
        origin="till-2",
    )
    case = Case(incident=incident, till="Garden entrance")
    told = story(Look(Texts(language), LIGHT), case)
    assert all((told.title, told.happened, told.money, told.to_do))
    assert SettlementAction.ACCEPT in actions(case)
    assert set(ACTIONS) == set(IncidentKind)
