"""Who may sign in follows the server at once; whoever guesses a PIN has to wait."""

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from tests.e2e.tills import CASHIER, REFUSED, SUPERVISOR, WORLD_FAILED, TillProcess
from tests.server_process import ServerProcess

NewTill = Callable[..., TillProcess]
KIM = {"TILL_USER": "kim", "TILL_PIN": "2468"}


@pytest.fixture
def venue(tmp_path: Path) -> Path:
    return Path(shutil.copytree(str(files("resources") / "demo"), tmp_path / "venue"))


def hire(server: ServerProcess, venue: Path, pin: str) -> None:
    users = (Path(str(files("resources"))) / "demo" / "users.toml").read_text()
    kim = f'\n[[users]]\nuser_id = "kim"\nname = "Kim"\nrole = "cashier"\npin = "{pin}"\n'
    (venue / "users.toml").write_text(users + kim)
    server.command("venue", "load", str(venue))


def test_a_command_judges_by_the_users_of_this_moment(
    server: ServerProcess, new_till: NewTill, venue: Path
) -> None:
    till = new_till("A")
    code = till("sell", "--value", "10", "--tender", "cash")["vouchers"][0]["code"]
    assert till.refused("balance", code, user=KIM) == "sign_in"
    hire(server, venue, "2468")
    assert till("balance", code, user=KIM)["basis"] == "online"
    hire(server, venue, "8642")
    assert till.refused("balance", code, user=KIM) == "sign_in"
    server.stop()
    offline = till.run("balance", code, user={**KIM, "TILL_PIN": "8642"})
    assert offline.returncode == 0
    assert "judged by the users this till knew before" in offline.stderr
    server.start()
    shutil.copy(str(files("resources") / "demo" / "users.toml"), venue)
    server.command("venue", "load", str(venue))
    assert till.refused("balance", code, user={**KIM, "TILL_PIN": "8642"}) == "sign_in"


def test_whoever_guesses_waits_and_the_doctor_tells(new_till: NewTill) -> None:
    till = new_till("A")
    for _ in range(3):
        assert till.refused("incidents", user={**SUPERVISOR, "TILL_PIN": "0000"}) == "sign_in"
    slowed = till("incidents", exit=REFUSED, user=SUPERVISOR)
    assert slowed["message"].startswith("Too many wrong PINs were typed. Wait ")
    assert till("sell", "--value", "10", "--tender", "cash", user=CASHIER)["receipt"]
    sign_in = till.run("doctor").stdout
    assert "supervisor (3)" in sign_in
    assert till.run("doctor").returncode != WORLD_FAILED
