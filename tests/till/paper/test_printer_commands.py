"""Finding and trying printers, and an account on paper, without a window."""

import socket
from collections.abc import Callable
from pathlib import Path

from zeroconf import ServiceInfo, Zeroconf

from printing.printers.discovery import SERVICE
from printing.virtual import VirtualPrinter
from tests.till.paper.conftest import REFUSED, SUPERVISOR, USAGE, WORLD_FAILED, TillAtHand

LOOPBACK = "127.0.0.1"


def test_a_printer_that_announces_itself_is_found_and_can_be_set_up(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    info = ServiceInfo(
        SERVICE,
        f"Bon 7.{SERVICE}",
        addresses=[socket.inet_aton(LOOPBACK)],
        port=printer.port,
        properties={"ty": "EPSON TM-T88V"},
        server="bon7.local.",
    )
    with Zeroconf(interfaces=[LOOPBACK]) as network:
        network.register_service(info, cooperating_responders=True)
        announced = till("printer", "find", "--on", LOOPBACK)["found"]
    found = [each for each in announced if each["name"] == "Bon 7"]  # other tests announce too
    address = f"tcp://{LOOPBACK}:{printer.port}"
    assert found == [{"name": "Bon 7", "address": address, "model": "EPSON TM-T88V"}]
    till("printer", "set", "voucher", found[0]["address"])
    assert till("printer", "test", "voucher")["outcome"] == "printed"


def test_a_test_page_is_read_back(till: TillAtHand, printer: VirtualPrinter) -> None:
    assert till("printer", "test", "receipt") == {"printer": "receipt", "outcome": "printed"}
    assert "Testseite" in printer.documents[0].text
    printer.script(cover_open=True)
    assert till("printer", "test", "receipt", exits=WORLD_FAILED)["failed"] == "printer_cover_open"
    assert till("printer", "test", "pass", exits=USAGE)["failed"] == "printer_unknown"


def test_a_printer_that_never_answers_says_so(till: TillAtHand, tmp_path: Path) -> None:
    till("printer", "set", "receipt", f"file://{tmp_path / 'paper'}", "--profile", "generic-58")
    assert till("printer", "test", "receipt")["outcome"] == "unconfirmed"
    assert (tmp_path / "paper").stat().st_size > 500


def test_an_account_is_printed_with_its_entries_and_without_its_code(
    till: TillAtHand, printer: VirtualPrinter, as_user: Callable[[tuple[str, str]], None]
) -> None:
    code = till.sell()["vouchers"][0]["code"]
    till("redeem", code, "--amount", "12.50")
    assert till("statement", code, exits=REFUSED)["refused"] == "not_allowed"
    as_user(SUPERVISOR)
    answer = till("statement", code)
    assert (answer["balance"]["amount"], answer["papers"]) == (1750, [])
    paper = printer.documents[-1].text
    assert "Kontoauszug" in paper and code not in paper
    assert all(said in paper for said in ("30,00", "-12,50", "17,50 EUR", f"..{code[-4:]}"))


def test_what_an_operator_gets_wrong_is_wrong_usage(till: TillAtHand) -> None:
    for address in ("nonsense", "tcp://", "ftp://host"):
        wrong = till("printer", "set", "receipt", address, exits=USAGE)
        assert wrong["failed"] == "printer_address_unreadable"
    known = ("printer", "set", "receipt", "tcp://127.0.0.1:9")
    assert till(*known, "--profile", "none", exits=USAGE)["failed"] == "profile_unreadable"
    assert till(*known, "--layout", "none", exits=USAGE)["failed"] == "layout_unknown"
