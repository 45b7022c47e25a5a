"""Value on cards with nothing faked: server, tills, PC/SC daemon and card are processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cardreader.conftest import daemon as daemon  # noqa: PLC0414 - a fixture
from tests.cardreader.pcscd import Daemon
from tests.cardreader.slot import Slot, slot
from tests.e2e.tills import DONE, SUPERVISOR, WORLD_FAILED, TillProcess, sums
from tests.server_process import ServerProcess

DOUBT = 5
FIRST_COMMIT, COMMIT, PAPER_COMMIT = 22, 23, 33
"""The exchange that carries Commit, after a look at the card: of a card's first load, of another
`till card load` or `pay`, of `till card paper`.
"""

NewTill = Callable[..., TillProcess]


def euros(minor: int) -> dict[str, object]:
    return {"amount": minor, "currency": "EUR"}


@pytest.fixture
def card(daemon: Daemon, tmp_path: Path) -> Iterator[Slot]:
    with slot(daemon, tmp_path / "card.json") as held:
        yield held


def test_a_blank_card_is_made_loaded_paid_with_and_agrees_everywhere(
    server: ServerProcess, card: Slot, new_till: NewTill
) -> None:
    a, b = new_till("A"), new_till("B")
    with card.lying():
        made = a("card", "init")
        assert made["balance"] == euros(0)
        assert a.refused("card", "pay", "1.00") == "empty"
        loaded = a("card", "load", "50.00")
        assert (loaded["basis"], loaded["balance"]) == ("card", euros(5000))
        paid = b("card", "pay", "12.50")
        assert paid["redeemed"][0]["balance"] == euros(3750)
        assert b.refused("card", "pay", "37.51") == "insufficient"
        shown = a("card", "show")
        assert shown["balance"] == shown["account"]["balance"] == euros(3750)
        assert shown["agrees"]
        assert [one["amount"]["amount"] for one in shown["records"]] == [-1250, 5000]
    expected = {made["id"].replace("-", ""): 3750}
    accounts = sums(server.data / "server.sqlite", "SELECT voucher_id, balance FROM accounts")
    assert a.balances() == accounts == expected
    assert a("incidents", user=SUPERVISOR)["incidents"] == []


def test_sold_onto_a_card_and_moved_from_paper_and_back(card: Slot, new_till: NewTill) -> None:
    till = new_till("A")
    code = till("sell", "--value", "20.00", "--tender", "cash")["vouchers"][0]["code"]
    with card.lying():
        till("card", "init")
        sold = till("sell", "--product", "value-50-60", "--medium", "card", "--tender", "cash")
        assert sold["vouchers"][0]["value"] == euros(6000)
        assert sold["total"] == euros(5000)
        moved = till("card", "load", code)
        assert moved["balance"] == euros(8000)
        assert till("balance", code)["balance"] == euros(0)
        back = till("card", "paper")
        assert till("card", "show")["balance"] == euros(0)
    assert till("balance", back["vouchers"][0]["code"])["balance"] == euros(8000)
    assert till.refused("redeem", code, "--amount", "1") == "empty"


@pytest.mark.parametrize("mishap", ["before", "after"])
def test_pulled_in_mid_load_and_tapped_again(mishap: str, card: Slot, new_till: NewTill) -> None:
    till = new_till("A")
    with card.lying():
        till("card", "init")
    with card.lying(mishap, FIRST_COMMIT):
        doubt = till("card", "load", "25.00", exit=DOUBT)
        assert doubt["doubt"]["amount"] == euros(2500)
    assert len(till("card", "open")["open"]) == 1
    with card.lying():
        settled = till("card", "settle")
        happened = mishap == "after"
        assert settled["settled"][0]["state"] == ("done" if happened else "void")
        assert settled["balance"] == euros(2500 if happened else 0)
        assert bool(settled["settled"][0]["receipt"]) is happened
        assert till("card", "show")["agrees"]
    assert till("card", "open")["open"] == []


@pytest.mark.parametrize("words", [("load", "25.00"), ("pay", "12.50"), ("paper",)])
def test_the_same_command_after_a_doubt_only_tells(
    words: tuple[str, ...], card: Slot, new_till: NewTill
) -> None:
    till = new_till("A")
    with card.lying():
        till("card", "init")
        till("card", "load", "50.00")
    with card.lying("after", PAPER_COMMIT if words == ("paper",) else COMMIT):
        assert till("card", *words, exit=DOUBT)["basis"] == "card"
    with card.lying():
        told = till("card", *words, exit=DOUBT)
        assert [(one["state"], bool(one["receipt"])) for one in told["settled"]] == [("done", True)]
        assert told["balance"] == till("card", "show")["balance"]
        left = {"load": 75_00, "pay": 37_50, "paper": 0}[words[0]]
        assert told["balance"] == euros(left)


def test_a_till_that_only_redeems_cannot_load(
    server: ServerProcess, card: Slot, new_till: NewTill, tmp_path: Path
) -> None:
    loads = new_till("A")
    redeems = TillProcess(tmp_path / "kiosk")
    code = server.command("till", "add", "kiosk", "--debit-only", "--json")
    import json

    redeems("enrol", "--server", server.url, "--code", json.loads(code)["code"])
    with card.lying():
        loads("card", "init")
        loads("card", "load", "10.00")
        assert redeems.refused("card", "load", "5.00") == "not_allowed"
        assert redeems("card", "pay", "4.00", exit=DONE)["balance"] == euros(600)


def test_without_a_card_in_time(daemon: Daemon, new_till: NewTill) -> None:
    till = new_till("A")
    missing = till("card", "show", "--wait", "0.2", exit=WORLD_FAILED)
    assert missing["failed"] == "card_missing"


def test_a_lost_card_is_blocked_and_its_value_moves_to_a_new_one(
    server: ServerProcess, card: Slot, new_till: NewTill, daemon: Daemon, tmp_path: Path
) -> None:
    till = new_till("A")
    with card.lying():
        till("card", "init")
        till("card", "load", "40.00")
        name = till("card", "show")["last4"]
    assert till.refused("card", "block", name, "--reason", "lost") == "not_allowed"
    with slot(daemon, tmp_path / "new.json", 1) as new, new.lying():
        till("card", "init", "--reader", new.reader)
        where = ("--reason", "lost by its owner", "--reader", new.reader)
        moved = till("card", "replace", name, *where, user=SUPERVISOR)
        assert moved["balance"] == euros(4000)
        till("card", "pay", "15.00", "--reader", new.reader)
    with card.lying():
        assert till.refused("card", "pay", "1.00") == "blocked"
        server.command("cards", "rotate")
        assert till("card", "init")["balance"] == euros(4000)
    assert till("incidents", user=SUPERVISOR)["incidents"] == []


def test_a_series_of_blank_cards(card: Slot, new_till: NewTill) -> None:
    till = new_till("A")
    with card.lying():
        made = till("card", "init", "--series", "1")
        assert len(made["made"]) == 1
        some = till("card", "init", "--series", "2", "--wait", "1", exit=WORLD_FAILED)
        assert len(some["made"]) == 1


def test_a_key_card_opens_a_voucher_until_it_is_lost(
    server: ServerProcess, card: Slot, new_till: NewTill, daemon: Daemon, tmp_path: Path
) -> None:
    a, b = new_till("A"), new_till("B")
    code = a("sell", "--value", "50.00", "--tender", "cash")["vouchers"][0]["code"]
    with card.lying():
        assert a.refused("card", "pay", "1.00") == "not_allowed"  # blank
        linked = a("card", "link", code)
        assert (linked["balance"], linked["proven"]) == (euros(5000), True)
        paid = b("card", "pay", "20.00", "--tender", "cash:7.50")
        assert paid["redeemed"][0]["amount"] == euros(1250)
        assert a("balance", code)["balance"] == euros(3750)
        a("card", "load", "10.00")
        shown = b("card", "show")
        assert (shown["card"], shown["balance"]) == (linked["card"], euros(4750))
        assert [one["kind"] for one in shown["entries"]] == ["top_up", "redeem", "issue"]
    with slot(daemon, tmp_path / "new.json", 1) as new, new.lying():
        where = ("--reason", "lost by its owner", "--reader", new.reader)
        moved = a("card", "replace", linked["card"], *where, user=SUPERVISOR)
        assert moved["balance"] == euros(4750)
        assert b("card", "pay", "7.50", "--reader", new.reader)["balance"] == euros(4000)
        b("card", "unlink", "--reader", new.reader)
        assert a.refused("card", "pay", "1.00", "--reader", new.reader) == "unknown"
    with card.lying():
        assert b.refused("card", "pay", "1.00") == "blocked"
    assert b("redeem", code, "--amount", "40.00")["redeemed"][0]["balance"] == euros(0)
    assert a("incidents", user=SUPERVISOR)["incidents"] == []


@pytest.mark.parametrize("mishap", ["before", "after"])
def test_a_payment_torn_at_one_till_is_settled_by_a_look_at_another(
    server: ServerProcess, mishap: str, card: Slot, new_till: NewTill
) -> None:
    a, b = new_till("A"), new_till("B")
    with card.lying():
        made = a("card", "init")
        a("card", "load", "50.00")
    with card.lying(mishap, COMMIT):
        a("card", "pay", "12.50", exit=DOUBT)
    a("sync", "--once")
    with card.lying():
        left = euros(3750 if mishap == "after" else 5000)
        assert b("card", "show")["balance"] == left
    a("sync", "--once")
    assert a("card", "open") == {"open": [], "owed": []}
    balances = sums(server.data / "server.sqlite", "SELECT voucher_id, balance FROM accounts")
    assert balances == {made["id"].replace("-", ""): left["amount"]} == a.balances()
    assert a("incidents", user=SUPERVISOR)["incidents"] == []
