"""What an outage left behind stays open until it is put right, at every till."""

import shutil
from collections.abc import Callable

from tests import commands
from tests.e2e.tills import CASHIER, PATIENT, SUPERVISOR, TillProcess
from tests.server_process import ServerProcess
from till.main import main

NewTill = Callable[..., TillProcess]


def overdrawn(server: ServerProcess, a: TillProcess, b: TillProcess) -> str:
    """A voucher of 50 that two tills redeem while the line is down, and the id of its incident."""
    code: str = a("sell", "--value", "50", "--tender", "cash")["vouchers"][0]["code"]
    b("sync", "--once")
    server.stop()
    for till in (a, b):
        till("redeem", code, "--amount", "40")
    server.start()
    for till in (a, b, a):
        till("sync", "--once")
    (incident,) = a("incidents", user=SUPERVISOR)["incidents"]
    return str(incident["incident_id"])


def test_a_partial_correction_and_a_block_leave_it_open(
    server: ServerProcess, new_till: NewTill
) -> None:
    a, b = new_till("A"), new_till("B")
    incident = overdrawn(server, a, b)

    def settle(*how: str) -> str:
        words = ("settle", incident, *how, "--reason", "looked into it")
        done = a.run(*words, user=SUPERVISOR)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "settled_at" not in settle("adjust", "--amount", "5.00")
    assert "settled_at" not in settle("block")
    (still_open,) = b("incidents", user=SUPERVISOR)["incidents"]
    assert [step["action"] for step in still_open["details"]["steps"]] == ["adjust", "block"]
    assert "settled_at" in settle("write_off")
    assert b("incidents", user=SUPERVISOR)["incidents"] == []


def test_a_block_made_offline_tells_of_what_was_redeemed_meanwhile(
    server: ServerProcess, new_till: NewTill
) -> None:
    a, b = new_till("A"), new_till("B")
    code = a("sell", "--value", "50", "--tender", "cash")["vouchers"][0]["code"]
    block = ("account", "block", code, "--reason", "code copied", "--offline")
    assert a("sync", "--once")["online"]
    server.stop()
    assert a(*block, user=SUPERVISOR)["told"] is False
    server.start()
    b("redeem", code, "--amount", "20")
    a("sync", "--once")
    (incident,) = b("incidents", user=SUPERVISOR)["incidents"]
    assert incident["kind"] == "blocked"
    said = commands.run(main, ["balance", code, "--data", str(b.data)], {**PATIENT, **CASHIER})
    assert "30.00 left. It is blocked: nothing can be redeemed from it." in said.stdout
    assert b.refused("redeem", code, "--amount", "5") == "blocked"


def test_what_was_given_for_a_code_nobody_knows_is_found_by_code_and_last_four(
    server: ServerProcess, new_till: NewTill
) -> None:
    a, b = new_till("A"), new_till("B")
    lost = a("sell", "--value", "50", "--tender", "cash", "--offline")["vouchers"][0]
    shutil.rmtree(a.data)
    server.stop()
    override = ("redeem", lost["code"], "--amount", "10", "--override", "regular guest")
    assert b(*override, user=SUPERVISOR)["redeemed"][0]["basis"] == "override"
    for asked in (lost["code"], lost["last4"]):
        assert b("account", asked, user=SUPERVISOR)["balance"]["amount"] == -1000
    server.start()
    told = b("incidents", user=SUPERVISOR)
    (incident,) = told["incidents"]
    assert incident["kind"] == "unknown_voucher"
    c = new_till("C")
    for till in (b, c):
        for asked in (lost["code"], lost["last4"]):
            found = till("account", asked, user=SUPERVISOR)
            assert (found["basis"], found["balance"]["amount"]) == ("online", -1000)
            assert [entry["reason"] for entry in found["entries"]] == ["supervisor: regular guest"]
    told = c("incidents", user=SUPERVISOR)
    assert told["exposure"]["overdrawn"]["amount"] == 1000
    assert [one["last4"] for one in told["overdrawn"]] == [lost["last4"]]
    assert c.refused("redeem", lost["code"], "--amount", "5") == "unknown"
    settled = c(
        *("settle", incident["incident_id"], "write_off", "--reason", "never sold"),
        user=SUPERVISOR,
    )
    assert "settled_at" in settled["incident"]
    assert c("incidents", user=SUPERVISOR)["overdrawn"] == []
    assert c("account", lost["last4"], user=SUPERVISOR)["balance"]["amount"] == 0
