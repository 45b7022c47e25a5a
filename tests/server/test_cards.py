"""Purse cards at the server: lies are told, gaps fill, doubts stay, keys go where they may."""

from typing import Any
from uuid import UUID

import pytest

from server.storage.card_keys import rotate_card_keys
from server.storage.database import writing
from server.tills.directory import add_till
from sync.wire.booking import StatusChange
from sync.wire.cards import CardKeys, CardRecord, CardReport
from sync.wire.incidents import IncidentPage
from tests.server.client import Till, euros, new_voucher
from tests.server.conftest import Venue
from vouchers.ids import new_id
from vouchers.ledger import Basis, LedgerEntry
from vouchers.voucher import Voucher, VoucherStatus


class Purse:
    """A card that behaves: numbers its movements, and each names the one before."""

    def __init__(self) -> None:
        self.terms: Voucher = new_voucher(0)
        self.counter = self.balance = 0
        self.newest = new_id()

    def move(self, till: Till, minor: int, **lies: Any) -> LedgerEntry:
        self.counter += 1
        self.balance += minor
        told = {
            "basis": Basis.CARD,
            "voucher": self.terms,
            "card_counter": self.counter,
            "card_balance_minor": self.balance,
            "card_follows": self.newest,
        }
        entry = till.chain.entry(self.terms.voucher_id, minor, **{**told, **lies})
        self.newest = entry.entry_id
        return entry

    def record(self, entry: LedgerEntry) -> CardRecord:
        return CardRecord(
            entry_id=entry.entry_id,
            counter=entry.card_counter or 0,
            amount=entry.amount,
            balance=euros(entry.card_balance_minor or 0),
        )


def kinds(till: Till) -> list[str]:
    return [one.kind.value for one in till.get("/incidents", IncidentPage).incidents]


def test_movements_arrive_in_any_order_from_any_till(venue: Venue) -> None:
    a, b, purse = venue.till("A"), venue.till("B"), Purse()
    load, pay, again = purse.move(a, 5000), purse.move(b, -1200), purse.move(a, -300)
    a.push(load)
    a.push(again)
    assert kinds(a) == ["card_gap"]
    assert b.push(pay).answers[0].balance == euros(3500)
    assert kinds(a) == []


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"card_counter": 1}, id="a number taken twice: cloned, or rolled back"),
        pytest.param({"card_balance_minor": 9999}, id="a balance that does not follow"),
    ],
)
def test_a_card_that_lies_is_told(venue: Venue, lie: dict[str, Any]) -> None:
    till, purse = venue.till("A"), Purse()
    till.push(purse.move(till, 5000))
    answer = till.push(purse.move(till, -1000, **lie)).answers[0]
    assert answer.verdict == "booked"
    assert "card" in answer.incidents
    assert "card" in kinds(till)


def test_a_card_loaded_elsewhere_is_told(venue: Venue) -> None:
    till, purse = venue.till("A"), Purse()
    till.push(purse.move(till, 1000))
    purse.balance += 5000  # by keys that are not ours
    assert "card" in till.push(purse.move(till, -4000)).answers[0].incidents


def test_a_doubt_stays_until_the_card_told_another_till(venue: Venue) -> None:
    a, b, purse = venue.till("A"), venue.till("B"), Purse()
    torn = purse.move(a, 2000)
    card = purse.terms.voucher_id
    ask = CardReport(voucher_id=card, doubts=[purse.record(torn)], asks_from=1)
    told = a.post("/card-reports", ask).json()
    assert (told["records"], told["doubts"][0]["counter"]) == ([], 1)
    assert kinds(b) == ["card_doubt"]
    b.post("/card-reports", CardReport(voucher_id=card, records=[purse.record(torn)]))
    told = a.post("/card-reports", CardReport(voucher_id=card, asks_from=1)).json()
    assert told["records"][0]["entry_id"] == str(torn.entry_id)
    a.push(torn)
    assert kinds(b) == []


def test_a_doubt_that_came_to_nothing_is_told_to_the_till_that_has_it(venue: Venue) -> None:
    a, b, purse = venue.till("A"), venue.till("B"), Purse()
    torn = purse.move(a, 2000)
    card = purse.terms.voucher_id
    a.post("/card-reports", CardReport(voucher_id=card, doubts=[purse.record(torn)], asks_from=1))
    look = b.post("/card-reports", CardReport(voucher_id=card, asks_from=2**32)).json()
    never = [UUID(one["entry_id"]) for one in look["doubts"]]
    b.post("/card-reports", CardReport(voucher_id=card, never_happened=never, asks_from=2**32))
    told = a.post("/card-reports", CardReport(voucher_id=card, asks_from=1)).json()
    assert told == {"records": [], "never_happened": [str(torn.entry_id)]}
    assert kinds(b) == []


def test_a_movement_that_names_it_vouches_for_the_one_before(venue: Venue) -> None:
    a, b, purse = venue.till("A"), venue.till("B"), Purse()
    torn = purse.move(a, 2000)
    b.push(purse.move(b, -500))
    asked = CardReport(voucher_id=purse.terms.voucher_id, asks_from=1)
    records = a.post("/card-reports", asked).json()["records"]
    assert records[0]["entry_id"] == str(torn.entry_id)
    never = CardReport(voucher_id=purse.terms.voucher_id, never_happened=[new_id()])
    assert a.post("/card-reports", never).status_code == 200


def test_keys_go_where_they_may(venue: Venue) -> None:
    loads = venue.till("A")
    with writing(venue.engine) as connection:
        code = add_till(connection, venue.organisation, "kiosk", debit_only=True).code
    redeems = Till(venue.client(), code)
    told, fewer = loads.enrolment.card_keys, redeems.enrolment.card_keys
    assert told is not None and fewer is not None
    assert set(told.sets[0].masters) > set(fewer.sets[0].masters) == {"debit", "proof"}
    assert told.sets[0].masters["debit"] == fewer.sets[0].masters["debit"]
    assert told.sets[0].masters["load"] not in repr(told)
    with writing(venue.engine) as connection:
        assert rotate_card_keys(connection, venue.organisation) == 2
    fresh = redeems.get("/card-keys", CardKeys)
    assert (fresh.current, len(fresh.sets)) == (2, 2)
    assert set(fresh.sets[1].masters) == {"debit", "proof"}


def test_a_supervisor_blocks_a_lost_card(venue: Venue) -> None:
    till, purse = venue.till("A"), Purse()
    till.push(purse.move(till, 5000))
    path = f"/accounts/{purse.terms.voucher_id}/status"
    blocked = StatusChange(status=VoucherStatus.BLOCKED, actor="cashier", reason="lost it")
    assert till.post(path, blocked).status_code == 403
    blocked.actor = "supervisor"
    assert till.post(path, blocked).status_code == 204
    assert "blocked" in till.push(purse.move(till, -100)).answers[0].incidents
