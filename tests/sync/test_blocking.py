"""Blocking a voucher without an incident: at every till at once, or as soon as the line is back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server_process import ServerProcess
from tests.sync.cutting_proxy import CuttingProxy
from tests.sync.tills import enrolled, redeemed, sold, supervisor_of
from till.assembly import Till
from till.commands.arguments import parser
from till.commands.run import run_command
from till.store import accounts
from vouchers.errors import OperatingError, Refused
from vouchers.voucher import Account, VoucherStatus


@pytest.fixture
def new_till(
    server: ServerProcess, tmp_path: Path, patient: None
) -> Iterator[Callable[[str], Till]]:
    made: list[Till] = []

    def make(url: str) -> Till:
        code = server.add_till(f"{tmp_path.name[-12:]}-{len(made)}")
        made.append(enrolled(tmp_path / f"till{len(made)}", url, code))
        return made[-1]

    yield make
    for till in made:
        till.close()


def cached(till: Till, account: Account) -> VoucherStatus:
    with till.database.read() as work:
        found = accounts.by_id(work, account.voucher.voucher_id)
    assert found is not None
    return found.status


def test_a_block_reaches_the_other_till_and_the_servers_audit(
    server: ServerProcess, new_till: Callable[[str], Till]
) -> None:
    here, there = new_till(server.url), new_till(server.url)
    code = sold(here).vouchers[0].code.text
    assert here.get_in_step() and there.get_in_step()
    (account,) = here.counter.accounts.find(code)
    supervisor = supervisor_of(here)
    assert here.counter.accounts.block(account, supervisor=supervisor, reason="stolen")
    assert there.get_in_step()
    assert cached(there, account) is VoucherStatus.BLOCKED
    with pytest.raises(Refused, match="blocked"):
        redeemed(there, code)
    (noted,) = [
        one
        for one in json.loads(server.command("audit", "--json"))
        if one["subject"] == str(account.voucher.voucher_id)
    ]
    assert (noted["action"], noted["actor"], noted["reason"]) == (
        "status blocked",
        supervisor.user_id,
        "stolen",
    )
    here.counter.accounts.unblock(account, supervisor=supervisor, reason="found again")
    assert there.get_in_step()
    assert redeemed(there, code).receipt


def test_a_block_made_offline_holds_here_and_is_told_later(
    server: ServerProcess, proxy: CuttingProxy, new_till: Callable[[str], Till]
) -> None:
    here, there = new_till(proxy.url), new_till(server.url)
    code = sold(here).vouchers[0].code.text
    assert here.get_in_step() and there.get_in_step()
    (account,) = here.counter.accounts.find(code)
    supervisor = supervisor_of(here)
    proxy.down = True
    assert not here.counter.accounts.block(account, supervisor=supervisor, reason="stolen")
    with pytest.raises(Refused, match="blocked"):
        redeemed(here, code)
    with pytest.raises(OperatingError, match="unblock_needs_server"):
        here.counter.accounts.unblock(account, supervisor=supervisor, reason="never mind")
    redeemed(there, code)
    assert there.get_in_step()
    proxy.down = False
    here.line.answered()
    here.books.apply(here.link.changes(here.books.position()).changes, here.books.position())
    assert cached(here, account) is VoucherStatus.BLOCKED  # though the server says otherwise
    assert here.get_in_step() and there.get_in_step()
    assert cached(there, account) is VoucherStatus.BLOCKED
    assert here.books.blocks_to_tell() == []


def test_a_block_whose_answer_is_lost_holds_everywhere(
    server: ServerProcess, proxy: CuttingProxy, new_till: Callable[[str], Till]
) -> None:
    here = new_till(proxy.url)
    code = sold(here).vouchers[0].code.text
    assert here.get_in_step()
    (account,) = here.counter.accounts.find(code)
    proxy.cut("/status", 0)
    assert not here.counter.accounts.block(account, supervisor=supervisor_of(here), reason="stolen")
    assert here.get_in_step()
    assert here.books.blocks_to_tell() == []
    assert here.link.find(code_digest=account.voucher.code_digest).accounts[0].status == "blocked"


def test_only_a_supervisor_with_a_reason_blocks(
    server: ServerProcess, new_till: Callable[[str], Till]
) -> None:
    here = new_till(server.url)
    code = sold(here).vouchers[0].code.text
    (account,) = here.counter.accounts.find(code)
    cashier = next(user for user in here.counter.sign_in.users() if user.user_id == "cashier")
    for person, reason in ((cashier, "stolen"), (supervisor_of(here), " ")):
        with pytest.raises(Refused):
            here.counter.accounts.block(account, supervisor=person, reason=reason)


def test_by_command(
    server: ServerProcess,
    new_till: Callable[[str], Till],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = new_till(server.url)
    code = sold(here).vouchers[0].code.text
    assert here.get_in_step()
    for name, value in {"TILL_USER": "supervisor", "TILL_PIN": "5678"}.items():
        monkeypatch.setenv(name, value)

    def account(*words: str) -> tuple[int, dict[str, object]]:
        capsys.readouterr()
        asked = parser().parse_args(["account", *words, "--json"])
        done = run_command(asked, here.folder)
        return done, json.loads(capsys.readouterr().out)

    assert account("block", code)[0] == 3
    status, answer = account("block", code, "--reason", "copied")
    assert (status, answer["status"], answer["told"]) == (0, "blocked", True)
    assert account(code)[1]["status"] == "blocked"
    assert account("unblock", code, "--reason", "found")[1]["status"] == "active"
    with pytest.raises(SystemExit):
        parser().parse_args(["account", "freeze", code])
