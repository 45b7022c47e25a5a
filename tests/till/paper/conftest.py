"""A real server, one till driven through its commands, and printers on ports of this test."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from printing.virtual import Model, VirtualPrinter
from tests.server_process import ServerProcess, server_process
from tests.till.paper.mailbox import MailBox, free_port, listening
from till.main import main

CASHIER = ("cashier", "1234")
SUPERVISOR = ("supervisor", "5678")
DONE, USAGE, REFUSED, WORLD_FAILED = 0, 2, 3, 4


class TillAtHand:
    """The commands of one till, run in this process."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capsys = capsys

    def __call__(self, *words: str, exits: int = DONE) -> Any:
        """What the command answers; it has to end with the status `exits`."""
        status = main([*words, "--data", str(self.data), "--json"])
        said = self._capsys.readouterr()
        assert status == exits, said.out + said.err
        return json.loads(said.out)

    def sell(self, *words: str, exits: int = DONE) -> Any:
        return self("sell", *(words or ("--value", "30.00")), "--tender", "card", exits=exits)

    def use(self, kind: str, printer: VirtualPrinter, *options: str) -> None:
        self("printer", "set", kind, f"tcp://127.0.0.1:{printer.port}", *options)

    def codes_in_clear(self, codes: list[str]) -> list[str]:
        """The codes that can be found in the till's database or its write-ahead log."""
        content = b"".join(file.read_bytes() for file in self.data.glob("till.sqlite*"))
        return [code for code in codes if code.encode() in content]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with server_process(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def enrolled(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till of that server, shared by the tests of a module: they leave no paper behind."""
    data = tmp_path_factory.mktemp("till") / "A"
    code = server.add_till("A")
    status = main(["enrol", "--server", server.url, "--code", code, "--data", str(data)])
    assert status == DONE
    return data


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> Callable[[tuple[str, str]], None]:
    def sign_in(user: tuple[str, str]) -> None:
        monkeypatch.setenv("TILL_USER", user[0])
        monkeypatch.setenv("TILL_PIN", user[1])

    monkeypatch.setenv("TILL_DEADLINE_MS", "10000")
    sign_in(CASHIER)
    return sign_in


@pytest.fixture
def till(
    enrolled: Path, capsys: pytest.CaptureFixture[str], as_user: object
) -> Iterator[TillAtHand]:
    capsys.readouterr()
    at_hand = TillAtHand(enrolled, capsys)
    yield at_hand
    for kind in at_hand("printer", "list")["printers"]:
        at_hand("printer", "remove", kind)


@pytest.fixture
def printer(till: TillAtHand) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(Model()) as listening:
        till.use("receipt", listening)
        yield listening


@pytest.fixture
def mail_port(till: TillAtHand) -> Iterator[int]:
    """The port of the venue's mail server; nobody listens there yet."""
    port = free_port()
    sender = ("--sender", "museum@example.org", "--security", "none")
    till("mail", "set", "--host", "127.0.0.1", "--port", str(port), *sender)
    yield port
    till("mail", "off")


@pytest.fixture
def mailbox(mail_port: int) -> Iterator[MailBox]:
    box = MailBox()
    with listening(box, mail_port):
        yield box


@pytest.fixture
def waiting(till: TillAtHand, printer: VirtualPrinter) -> tuple[str, str]:
    """The code and the job of a voucher that waits for a broken printer."""
    printer.script(cover_open=True)
    sold = till.sell(exits=WORLD_FAILED)
    return sold["vouchers"][0]["code"], sold["papers"][0]["job"]
