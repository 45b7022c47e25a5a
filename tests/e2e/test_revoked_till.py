"""A till that is shut out sells nothing that nobody else would know of, and keeps what it owes."""

import time
from collections.abc import Callable

from sync.engine import Engine
from tests.e2e.tills import REFUSED, SUPERVISOR, TillProcess
from tests.server_process import ServerProcess
from till.assembly import open_till

NewTill = Callable[..., TillProcess]


def tills_at_stake(till: TillProcess) -> int:
    opened = open_till(till.data)
    try:
        return opened.link.exposure().tills
    finally:
        opened.close()


def test_it_says_so_sells_nothing_and_delivers_what_it_owed_once_enrolled_again(
    server: ServerProcess, new_till: NewTill
) -> None:
    a, b = new_till("A"), new_till("B")
    known = a("sell", "--value", "50", "--tender", "cash")["vouchers"][0]
    server.stop()
    owed = a("sell", "--value", "20", "--tender", "cash")["vouchers"][0]
    server.command("till", "revoke", "A")
    server.start()
    assert tills_at_stake(b) == 2, "it may not know yet"

    assert a.refused("sell", "--value", "30", "--tender", "cash") == "revoked"
    assert tills_at_stake(b) == 1, "it knows"
    assert a.refused("redeem", known["code"], "--amount", "5") == "revoked"
    override = ("redeem", known["code"], "--amount", "5", "--override", "regular guest")
    assert a.refused(*override, user=SUPERVISOR) == "revoked"
    state = a("sync", "--once", exit=REFUSED)
    assert (state["revoked"], state["waiting"]) == (True, 1)
    server.stop()
    assert a.refused("sell", "--value", "30", "--tender", "cash", "--offline") == "revoked"
    looked = a.run("balance", known["code"])
    assert looked.returncode == 0
    assert "shut out at the server" in looked.stderr
    server.start()

    code = server.add_till("A")
    a("enrol", "--server", server.url, "--code", code, "--again")
    state = a("sync", "--once")
    assert (state["revoked"], state["waiting"], state["parked"]) == (False, 0, 0)
    assert b("redeem", owed["code"], "--amount", "20")["basis"] == "online"
    assert a("sell", "--value", "30", "--tender", "cash")["basis"] == "online"
    assert b("incidents", user=SUPERVISOR)["incidents"] == []


def test_an_open_stream_tells_it_at_once(server: ServerProcess, new_till: NewTill) -> None:
    till = open_till(new_till("A").data)
    engine = Engine(till.books, till.link, till.line)
    engine.start()
    try:
        _wait(lambda: till.line.state.online)
        server.command("till", "revoke", "A")
        revoked_at = time.monotonic()
        _wait(lambda: till.counter.status().revoked)
        assert time.monotonic() - revoked_at < 2
    finally:
        engine.stop()
        till.close()


def test_who_enrols_anew_without_having_been_online_counts_once(
    server: ServerProcess, new_till: NewTill
) -> None:
    a, b = new_till("A"), new_till("B")
    server.command("till", "revoke", "A")
    a("enrol", "--server", server.url, "--code", server.add_till("A"), "--again")
    assert tills_at_stake(b) == 2


def _wait(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)
