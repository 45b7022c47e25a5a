"""The line breaks in the middle of an answer: nobody pays twice, nothing is lost, no guessing."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from sync.engine import Engine
from sync.link import Unreachable
from sync.wire.incidents import Incident, IncidentKind, SettlementAction
from tests.cardreader.waiting import eventually
from tests.server_process import ServerProcess
from tests.sync.cutting_proxy import CuttingProxy
from tests.sync.tills import PATIENCE_S, TEN, enrol, enrolled, redeemed, sold, supervisor_of
from till.assembly import Till, open_till
from till.counter.basket import OPEN_AMOUNT
from till.counter.checkout import Committed
from till.counter.sale import Sale
from till.store import ledger
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, EntryKind
from vouchers.money import Money


@pytest.fixture
def till(
    server: ServerProcess, proxy: CuttingProxy, tmp_path: Path, patient: None
) -> Iterator[Till]:
    opened = enrolled(tmp_path / "till", proxy.url, server.add_till(tmp_path.name[-12:]))
    yield opened
    opened.close()


def server_balance(till: Till, done: Committed) -> int:
    digest = done.vouchers[0].voucher.code_digest
    return till.link.find(code_digest=digest).accounts[0].balance.minor


@pytest.mark.parametrize("after_bytes", [0, 1, 40, 300])
def test_a_hold_whose_answer_is_lost_is_spent_once(
    till: Till, proxy: CuttingProxy, after_bytes: int
) -> None:
    voucher = sold(till)
    assert till.get_in_step()
    proxy.cut("/holds", after_bytes)
    done = redeemed(till, voucher.vouchers[0].code.text)
    assert proxy.cut_answers == 1
    assert done.basis is Basis.OFFLINE
    assert till.get_in_step()
    assert server_balance(till, voucher) == 4000
    assert till.counter.incidents.open() == []
    assert till.books.counts() == (0, 0)


@pytest.mark.parametrize("after_bytes", [0, 1, 200])
def test_entries_whose_answer_is_lost_are_booked_once(
    till: Till, proxy: CuttingProxy, after_bytes: int
) -> None:
    voucher = sold(till)
    proxy.cut("/entries", after_bytes)
    assert not till.get_in_step()
    assert till.books.counts() == (1, 0)
    assert till.get_in_step()
    assert server_balance(till, voucher) == 5000
    assert till.books.counts() == (0, 0)
    assert till.counter.incidents.open() == []


def test_a_sale_given_up_while_the_line_is_down_is_released_later(
    till: Till, proxy: CuttingProxy
) -> None:
    voucher = sold(till)
    assert till.get_in_step()
    redemption = till.counter.redemption
    sale = Sale.new("EUR").add(OPEN_AMOUNT, 1, TEN)
    sale = redemption.add(sale, redemption.look_up(voucher.vouchers[0].code.text), TEN)
    assert server_balance(till, voucher) == 4000
    proxy.down = True
    redemption.give_up(sale)
    with pytest.raises(Unreachable):
        server_balance(till, voucher)
    proxy.down = False
    assert till.get_in_step()
    assert server_balance(till, voucher) == 5000


def test_the_till_is_online_again_within_three_seconds_and_reports_by_itself(
    till: Till, proxy: CuttingProxy
) -> None:
    engine = Engine(till.books, till.link, till.line)
    engine.start()
    eventually(lambda: till.line.state.online, seconds=5)
    proxy.down = True
    with pytest.raises(Unreachable):
        till.link.changes(0)
    voucher = sold(till)
    engine.nudge()
    eventually(lambda: not till.line.state.online, seconds=20)
    proxy.down = False
    back = time.monotonic()
    eventually(lambda: till.line.state.online and till.books.counts() == (0, 0))
    assert time.monotonic() - back < 3.5  # the promise is 3 s; half a second is this machine's
    assert server_balance(till, voucher) == 5000
    engine.stop()


def forked(till: Till, server: ServerProcess, folder: Path) -> Incident:
    """The incident of another till that was copied and goes on as two."""
    code = server.add_till(folder.name[-10:] + "x")
    assert enrol(folder / "other", server.url, code) == 0
    shutil.copytree(folder / "other", folder / "clone")
    for each in ("other", "clone"):
        opened = open_till(folder / each)
        sold(opened)
        assert opened.get_in_step()
        opened.close()
    assert till.get_in_step()
    return next(i for i in till.counter.incidents.open() if i.kind is IncidentKind.FORK)


@pytest.mark.parametrize("after_bytes", [0, 200])
def test_a_till_is_enrolled_anew_though_the_answer_with_its_code_was_lost(
    till: Till, proxy: CuttingProxy, server: ServerProcess, tmp_path: Path, after_bytes: int
) -> None:
    incident = forked(till, server, tmp_path)
    supervisor = supervisor_of(till)
    reenrol = partial(
        till.counter.incidents.settle, action=SettlementAction.REENROL, supervisor=supervisor
    )
    proxy.cut("/settlement", after_bytes)
    with pytest.raises(Unreachable):
        reenrol(incident, reason="copied by mistake")
    assert proxy.cut_answers == 1
    till.close()
    restarted = open_till(tmp_path / "till", patience_s=PATIENCE_S)
    assert restarted.get_in_step()
    (case,) = [c for c in restarted.counter.incidents.cases() if c.unanswered]
    assert case.incident.incident_id == incident.incident_id
    assert restarted.counter.status().incidents == 1
    again = partial(
        restarted.counter.incidents.settle, action=SettlementAction.REENROL, supervisor=supervisor
    )
    codes = {again(case.incident, reason="told differently").enrolment_code for _ in range(2)}
    (code,) = codes
    assert code
    assert enrol(tmp_path / "other", server.url, code, "--again") == 0
    assert again(case.incident, reason="asked too late").enrolment_code == ""
    restarted.counter.incidents.enrolment_noted(case.incident)
    assert restarted.counter.incidents.open() == []
    restarted.close()


def test_receipts_after_a_restore_have_numbers_of_their_own(
    server: ServerProcess, tmp_path: Path
) -> None:
    """Visitors hold receipts the restored books know nothing of: no number comes twice."""
    here, copy = tmp_path / "here", tmp_path / "copy"
    assert enrol(here, server.url, server.add_till("restored")) == 0
    given = [one_receipt(here)]
    shutil.copytree(here, copy)
    given += [one_receipt(here) for _ in range(2)]
    for attempt in range(2):  # put back from the same backup twice
        shutil.rmtree(here)
        shutil.copytree(copy, here)
        assert enrol(here, server.url, server.add_till(f"restored-{attempt}"), "--again") == 0
        given += [one_receipt(here) for _ in range(2)]
    assert len(set(given)) == len(given)
    till = open_till(here)
    assert [account.voucher.title for account in till.counter.accounts.find(given[-1])]
    till.close()


def one_receipt(folder: Path) -> str:
    till = open_till(folder)
    number = sold(till).receipt.number
    assert till.get_in_step()
    till.close()
    return number


def test_a_write_off_whose_answer_is_lost_is_booked_once(till: Till, proxy: CuttingProxy) -> None:
    voucher = sold(till)
    assert till.get_in_step()
    supervisor = supervisor_of(till)
    with till.database.write() as work:
        ledger.append(work, overdraft(voucher, -6000))
    assert till.get_in_step()
    (incident,) = till.counter.incidents.open()
    write_off = partial(
        till.counter.incidents.settle,
        incident,
        SettlementAction.WRITE_OFF,
        supervisor=supervisor,
        reason="copied code",
    )
    proxy.cut("/settlement", 0)
    with pytest.raises(Unreachable):
        write_off()
    write_off()
    assert till.get_in_step()
    assert server_balance(till, voucher) == 0
    assert till.counter.incidents.open() == []


def overdraft(voucher: Committed, minor: int) -> EntryDraft:
    return EntryDraft(
        entry_id=new_id(),
        voucher_id=voucher.vouchers[0].voucher.voucher_id,
        kind=EntryKind.REDEEM,
        amount=Money(minor, "EUR"),
        occurred_at=datetime.now(UTC),
        actor="cashier",
        reference="by hand",
        basis=Basis.OVERRIDE,
    )


def test_an_enrolment_whose_answer_is_lost_is_asked_for_again(
    server: ServerProcess, proxy: CuttingProxy, tmp_path: Path
) -> None:
    code = server.add_till("lost-answer")
    proxy.cut("/enrolments", 20)
    assert enrol(tmp_path / "till", proxy.url, code) == 4
    assert enrol(tmp_path / "thief", proxy.url, code) == 3
    assert enrol(tmp_path / "till", proxy.url, code) == 0
