"""Paper that nobody is sure of: it came out whole, or its vouchers get new codes."""

from typing import Any

import pytest

from printing.virtual import VirtualPrinter
from tests.server_process import ServerProcess
from tests.till.paper.conftest import REFUSED, SUPERVISOR, WORLD_FAILED, TillAtHand

BEFORE = {"cover_open": True}, {"paper_left_lines": 0}, {"garbage_status": True}, {"paused": True}
DURING = (
    {"resets_after_bytes": 600},
    {"closes_after_bytes": 600},
    {"stalls_after_bytes": 600},
    {"paper_left_lines": 6},
    {"never_prints": True},
)


def left(till: TillAtHand, code: str) -> int:
    return int(till("balance", code)["balance"]["amount"])


def in_doubt(till: TillAtHand, printer: VirtualPrinter, **fault: Any) -> tuple[Any, str]:
    """A sale whose paper is in doubt, and the job; the printer is well again."""
    printer.script(**(fault or {"resets_after_bytes": 600}))
    sold = till.sell(exits=WORLD_FAILED)
    printer.mend()
    (paper,) = sold["papers"]
    assert (paper["state"], sold["printed"]) == ("doubt", False)
    return sold, paper["job"]


@pytest.mark.parametrize("fault", BEFORE, ids=lambda fault: next(iter(fault)))
def test_a_printer_that_is_not_ready_owes_the_paper_and_prints_it_once(
    till: TillAtHand, printer: VirtualPrinter, fault: dict[str, Any]
) -> None:
    printer.script(**fault)
    sold = till.sell(exits=WORLD_FAILED)
    assert [paper["state"] for paper in sold["papers"]] == ["intent"]
    printer.mend()
    printer.script(garbage_status=False, paused=False)
    till("paper", "list")
    assert till("paper", "list")["papers"] == []
    code = sold["vouchers"][0]["code"]
    assert [code in page.text for page in printer.documents] == [True]
    assert left(till, code) == 3000


@pytest.mark.parametrize("fault", DURING, ids=lambda fault: next(iter(fault)))
def test_spoiled_paper_gets_a_new_code_and_the_old_one_is_empty(
    till: TillAtHand, printer: VirtualPrinter, fault: dict[str, Any]
) -> None:
    sold, job = in_doubt(till, printer, **fault)
    old = sold["vouchers"][0]["code"]
    answer = till("paper", "spoiled", job)
    (new,) = answer["vouchers"]
    assert answer["papers"] == []
    assert left(till, new["code"]) == 3000
    assert left(till, old) == 0
    assert till("redeem", old, "--amount", "1", exits=REFUSED)["refused"] == "empty"
    assert sum(new["code"] in page.text for page in printer.documents) == 1
    assert till("redeem", new["code"], "--amount", "30")["redeemed"][0]["balance"]["amount"] == 0
    assert till.codes_in_clear([old, new["code"]]) == []


def test_paper_that_came_out_whole_keeps_its_code(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    sold, job = in_doubt(till, printer)
    code = sold["vouchers"][0]["code"]
    assert till.codes_in_clear([code]) == [code]
    assert till("paper", "whole", job)["papers"] == []
    assert till.codes_in_clear([code]) == []
    assert left(till, code) == 3000
    assert till("paper", "spoiled", job, exits=REFUSED)["refused"] == "settled_already"


def test_only_what_is_left_moves_to_the_new_code(till: TillAtHand, printer: VirtualPrinter) -> None:
    sold, job = in_doubt(till, printer)
    old = sold["vouchers"][0]["code"]
    till("redeem", old, "--amount", "12.50")
    (new,) = till("paper", "spoiled", job)["vouchers"]
    assert new["balance"]["amount"] == left(till, new["code"]) == 1750
    assert left(till, old) == 0


def test_a_voucher_that_was_used_up_needs_no_new_code(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    sold, job = in_doubt(till, printer)
    till("redeem", sold["vouchers"][0]["code"], "--amount", "30")
    assert till("paper", "spoiled", job)["vouchers"] == []


def test_without_the_server_the_till_replaces_what_it_issued(
    server: ServerProcess, till: TillAtHand, printer: VirtualPrinter, as_user: Any
) -> None:
    server.stop()
    try:
        sold, job = in_doubt(till, printer)
        old = sold["vouchers"][0]["code"]
        (new,) = till("paper", "spoiled", job)["vouchers"]
        assert till("redeem", old, "--amount", "1", exits=REFUSED)["refused"] == "empty"
        assert till("redeem", new["code"], "--amount", "10")["basis"] == "offline"
    finally:
        server.start()
    assert till("sync", "--once")["parked"] == 0
    as_user(SUPERVISOR)
    assert till("incidents")["incidents"] == []
    account = till("account", new["code"])
    assert (account["balance"]["amount"], account["basis"]) == (2000, "online")
    came, _spent = account["entries"]
    (_sold, went) = till("account", old)["entries"]
    assert (came["kind"], went["kind"]) == ("transfer_in", "transfer_out")
    assert (came["corrects"], went["corrects"]) == (went["entry_id"], came["entry_id"])


def test_a_paper_that_would_lose_its_code_is_not_made_and_its_code_is_kept(
    till: TillAtHand, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unreadable:
        unreadable.setattr("printing.layouts.book.lacks_code", lambda *_: True)
        sold = till.sell(exits=WORLD_FAILED)
    (paper,) = sold["papers"]
    code = sold["vouchers"][0]["code"]
    assert (paper["state"], paper["trouble"]) == ("failed", "code_not_on_paper")
    assert (printer.documents, till.codes_in_clear([code])) == ([], [code])
    assert till("paper", "spoiled", paper["job"])["papers"] == []
    assert code in printer.documents[0].text
    assert (left(till, code), till.codes_in_clear([code])) == (3000, [])


def test_a_layout_of_this_till_that_lost_the_code_gives_way_to_the_one_that_came(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    """It was saved by an older program, or by hand."""
    own = till.data / "layouts" / "receipt-80.toml"
    own.parent.mkdir()
    own.write_text('name = "Bare"\ndocument = "receipt"\n\n[[part]]\nshow = "lines"\n')
    sold = till.sell(exits=WORLD_FAILED)
    own.unlink()
    own.parent.rmdir()
    (printed,) = printer.documents
    assert sold["vouchers"][0]["code"] in printed.text
