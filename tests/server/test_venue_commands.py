"""What an operator does at the server, with the mistakes that operators make."""

import getpass
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from server.main import main
from server.storage.venues import digest_key, load_catalogue
from tests import commands
from tests.server.client import new_voucher
from tests.server.conftest import Venue
from tests.server.written_venue import Document, demo, toml, write_venue
from vouchers.codes import VoucherCode, code_digest
from vouchers.voucher import VoucherKind

DONE, WRONG_USAGE, REFUSED = 0, 2, 3


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A venue's folder, with the demo's files in it."""
    write_venue(tmp_path / "files", demo("catalogue"))
    return tmp_path / "files"


@pytest.fixture
def server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """A command on a server of its own: its exit status, and all it said."""

    def run(*words: str) -> tuple[int, str]:
        try:
            status = main([*words, "--data", str(tmp_path / "server")])
        except SystemExit as wrong_usage:
            status = int(wrong_usage.code or 0)
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


Run = Callable[..., tuple[int, str]]


def test_a_check_makes_no_database(server: Run, files: Path, tmp_path: Path) -> None:
    status, said = server("venue", "load", str(files), "--check")
    assert status == DONE and "no faults" in said
    assert not (tmp_path / "server").exists()


def test_a_file_that_is_wrong_changes_nothing(server: Run, files: Path) -> None:
    assert server("venue", "load", str(files))[0] == DONE
    wrong = demo("catalogue")
    wrong["products"][8]["tax_pb"] = wrong["products"][8].pop("tax_bp")
    wrong["products"][9]["price"]["amount"] = -400
    users = demo("users")
    users["users"][0]["pin"] = "12"
    write_venue(files, wrong, users)
    before = server("audit", "--json")
    for words in (["--check"], [], ["--even-so"]):
        status, said = server("venue", "load", str(files), *words)
        assert status == WRONG_USAGE
        assert "reduced: tax_pb is no key that is known here; did you mean tax_bp?" in said
        assert "child: price.amount is -400" in said
        assert "users.toml, line 5: cashier: pin must be 4 to 12 digits" in said
        assert '"12"' not in said and "3 found. Nothing was changed." in said
    assert server("audit", "--json") == before


def test_the_audit_names_who_changed_what(server: Run, files: Path) -> None:
    server("venue", "load", str(files))
    cheaper = demo("catalogue")
    cheaper["products"][7]["price"]["amount"] = 1100
    del cheaper["products"][15]
    write_venue(files, cheaper)
    assert server("venue", "load", str(files))[0] == DONE
    assert server("till", "add", "Kasse 1")[0] == DONE
    added, changed, first = json.loads(server("audit", "--json")[1])
    assert (first["action"], first["actor"]) == ("venue load", getpass.getuser())
    assert changed["reason"] == "changed: adult; gone: magnet"
    assert first["subject"] != changed["subject"]
    assert (added["action"], added["subject"]) == ("till add", "Kasse 1")


def test_an_organisation_is_made_only_when_asked(server: Run, files: Path) -> None:
    load = ("venue", "load", str(files))
    status, said = server(*load, "--organisation", "zoo")
    assert status == WRONG_USAGE and "--new-organisation" in said
    assert server(*load, "--organisation", "zoo", "--new-organisation")[0] == DONE
    assert server(*load, "--organisation", "zoo")[0] == DONE
    assert "Name one with --organisation" in server("audit")[1]


@pytest.mark.parametrize(
    "words",
    [
        ["till", "list", "--organisation", "zo"],
        ["till", "list", "--organisation", ""],
        ["till", "add", "x", "--organisation", "zo"],
        ["audit", "--organisation", "zo"],
        ["campaigns", "show", "--organisation", "zo"],
        ["cards", "rotate", "--organisation", "zo"],
        ["venue", "load", ".", "--new-organisation", "--organisation", "two words"],
        ["audit", "--last", "-1"],
        ["audit", "--last", "many"],
        ["run", "--workers", "0"],
        ["run", "--listen", "8470"],
        ["run", "--listen", "127.0.0.1:99999"],
        ["restore", "/no/such/file"],
        ["backup", "/no/such/folder/file"],
        ["till", "list", "--database", "mysql://x"],
        *(["till", "add", name] for name in ("", "  ", " Kasse", "x" * 41, "a\nb", "\x1b[2J")),
    ],
    ids=str,
)
def test_a_mistake_of_an_operator_is_explained(server: Run, words: list[str]) -> None:
    status, said = server(*words)
    assert status == WRONG_USAGE
    assert len(said) > 20 and "Traceback" not in said


def test_a_folder_that_is_a_file_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["till", "list", "--data", str(tmp_path / "file")]) == WRONG_USAGE
    assert "cannot be used as a folder" in capsys.readouterr().err


def test_a_folders_name_is_only_a_folders_name(tmp_path: Path) -> None:
    folder = tmp_path / "kasse?x=1#%41"
    assert main(["till", "list", "--data", str(folder)]) == DONE
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert (folder / "server.sqlite").is_file()


def command(venue: Venue, *words: str) -> CompletedProcess[str]:
    """A command on the server of that venue, in a process of its own."""
    url = venue.engine.url.render_as_string(hide_password=False)
    where = ["--database", url, "--organisation", venue.organisation]
    return commands.run(main, [*words, *where], {})


def load(venue: Venue, folder: Path, *words: str) -> CompletedProcess[str]:
    return command(venue, "venue", "load", str(folder), *words)


def test_two_enrolled_tills_never_share_a_name(venue: Venue) -> None:
    venue.till("Kasse 1")
    assert command(venue, "till", "add", "KASSE 1").returncode == WRONG_USAGE


@pytest.fixture
def held(venue: Venue) -> Venue:
    """People hold two vouchers over 50 and one for a family ticket; two more are used up or old."""
    till = venue.till("front")
    family = new_voucher(
        2400, kind=VoucherKind.SERVICE, product_id="voucher-family", yields="family"
    )
    vouchers = [new_voucher() for _ in range(3)]
    late = new_voucher(expires_on=datetime.now(UTC).date() - timedelta(days=2))
    issues = [till.chain.issue(one) for one in (*vouchers, family, late)]
    used = till.chain.entry(vouchers[0].voucher_id, -5000)
    assert till.post("/entries", {"entries": [*issues, used]}).status_code == 200
    return venue


def _without(catalogue: Document, *product_ids: str) -> None:
    catalogue["products"] = [
        one for one in catalogue["products"] if one["product_id"] not in product_ids
    ]


def _renamed(catalogue: Document) -> None:
    catalogue["products"][1]["product_id"] = "value-fifty"


def _shorter(catalogue: Document) -> None:
    catalogue["products"][1]["valid_years"] = 2


def _in_francs(catalogue: Document) -> None:
    def change(value: Any) -> None:
        if isinstance(value, dict):
            value.update({"currency": "CHF"} if "currency" in value else {})
        for inside in value.values() if isinstance(value, dict) else value:
            if isinstance(inside, dict | list):
                change(inside)

    change(catalogue)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda one: _without(one, "value-50"), "2 open vouchers are sold as value-50, which is"),
        (_renamed, "2 open vouchers are sold as value-50, which is no longer there"),
        (_shorter, "2 open vouchers are sold as value-50, which would be valid for a shorter time"),
        (
            lambda one: _without(one, "voucher-family", "family"),
            "1 open voucher is for family, which is no longer there",
        ),
        (_in_francs, "3 open vouchers are in EUR and could not be redeemed"),
    ],
)
def test_what_holders_of_vouchers_would_suffer_from_must_be_asked_for_twice(
    held: Venue,
    change: Callable[[Document], None],
    says: str,
    tmp_path: Path,
) -> None:
    catalogue = demo("catalogue")
    change(catalogue)
    write_venue(tmp_path, catalogue)
    with held.engine.connect() as connection:
        before = load_catalogue(connection, held.organisation)
    for words in (["--check"], []):
        asked = load(held, tmp_path, *words)
        assert asked.returncode == REFUSED and says in asked.stderr
    with held.engine.connect() as connection:
        assert load_catalogue(connection, held.organisation) == before
    assert load(held, tmp_path, "--even-so").returncode == DONE
    with held.engine.connect() as connection:
        assert load_catalogue(connection, held.organisation) != before


def test_a_product_that_nobody_holds_a_voucher_of_goes_without_a_question(
    held: Venue, tmp_path: Path
) -> None:
    catalogue = demo("catalogue")
    _without(catalogue, "value-25", "magnet")
    write_venue(tmp_path, catalogue)
    assert load(held, tmp_path).returncode == DONE


def test_campaigns_in_force_are_named_before_they_lose_what_they_are_for(
    server: Run, files: Path
) -> None:
    server("venue", "load", str(files))
    campaigns = files / "campaigns.toml"
    campaigns.write_text(toml(demo("campaigns")), "utf-8")
    assert server("campaigns", "load", str(campaigns))[0] == DONE
    catalogue = demo("catalogue")
    catalogue["categories"]["admission"] = catalogue["categories"].pop("tickets")
    for one in catalogue["products"]:
        one["category"] = one["category"].replace("tickets", "admission")
    write_venue(files, catalogue)
    status, said = server("venue", "load", str(files))
    assert status == REFUSED and "The campaign rainy-day is in force" in said


def test_a_voucher_that_costs_nothing_must_be_asked_for_twice(server: Run, files: Path) -> None:
    catalogue = demo("catalogue")
    catalogue["products"][3]["price"]["amount"] = 0
    write_venue(files, catalogue)
    status, said = server("venue", "load", str(files))
    assert status == REFUSED and "value-50-60 costs nothing" in said and "60.00 EUR" in said
    assert server("venue", "load", str(files), "--even-so")[0] == DONE
    assert server("venue", "load", str(files))[0] == DONE, "it is in force already"


def test_the_demo_takes_no_venues_place(server: Run, files: Path) -> None:
    catalogue = demo("catalogue")
    catalogue["venue"]["name"] = "Zoo"
    write_venue(files, catalogue)
    assert server("venue", "load", str(files))[0] == DONE
    status, said = server("run", "--demo", "--listen", "127.0.0.1:0")
    assert status == WRONG_USAGE and "The venue in force is Zoo" in said


def test_a_vouchers_code_is_no_action_code(venue: Venue, tmp_path: Path) -> None:
    with venue.engine.connect() as connection:
        key = bytes.fromhex(digest_key(connection, venue.organisation))
    foreign = new_voucher(code_digest=code_digest(key, VoucherCode("FRIENDS")))
    till = venue.till("front")
    assert till.post("/entries", {"entries": [till.chain.issue(foreign)]}).status_code == 200
    file = tmp_path / "campaigns.toml"
    file.write_text(toml(demo("campaigns")), "utf-8")
    loaded = command(venue, "campaigns", "load", str(file))
    assert loaded.returncode == WRONG_USAGE
    assert "friends: code is the code of a voucher" in loaded.stderr
