"""Paper in the window: what has not come out, copies, the drawer, media, reports."""

import re
from uuid import UUID

from msgspec.structs import replace

from printing.spool import JobState, PrintJob
from tests.till.ui.cashier import Cashier
from tests.till.ui.world import World
from till.store import settings, spool
from till.store.settings import MailSetting, PrinterSetting
from till.ui.screens.papers import others_than
from till.ui.window import Window
from vouchers.codes import code_digest, parse_code


def with_printers(world: World, *kinds: str) -> None:
    with world.database.write() as work:
        identity = settings.identity.get(work)
        assert identity is not None
        printers = {
            kind: PrinterSetting(address=f"tcp://127.0.0.1:{port}")
            for port, kind in enumerate(kinds, start=9)
        }
        settings.identity.put(work, replace(identity, printers=printers))


def jobs(world: World) -> list[PrintJob]:
    with world.database.read() as work:
        return spool.unsettled(work)


def put(world: World, job_id: UUID, state: JobState) -> None:
    with world.database.write() as work:
        job = spool.get(work, job_id)
        assert job is not None
        spool.step(work, job, replace(job, state=state))


def sell_a_voucher(cashier: Cashier, *, taps: tuple[str, ...] = ()) -> None:
    cashier.tap("Voucher €25")
    cashier.tap("Pay 25.00 EUR")
    for tap in taps:
        cashier.tap(tap)
    cashier.tap("Exact: 25.00")
    cashier.sees("Paid, no change")


def voucher_in_doubt(cashier: Cashier, world: World) -> PrintJob:
    """A voucher is sold, nobody knows whether its paper came out, and the cashier is asked."""
    with_printers(world, "receipt")
    sell_a_voucher(cashier)
    (job,) = jobs(world)
    put(world, job.job_id, JobState.DOUBT)
    cashier.tap("Paper")
    cashier.sees("did it come out whole?")
    return job


def test_a_voucher_in_doubt_gets_a_new_code_from_the_window(cashier: Cashier, world: World) -> None:
    job = voucher_in_doubt(cashier, world)
    cashier.tap("Not whole: new code")
    cashier.sees("has a new code", "Waits for its printer.")
    (fresh,) = jobs(world)
    assert fresh.voucher_ids != job.voucher_ids


def test_a_tap_counts_while_the_till_keeps_in_step(cashier: Cashier, world: World) -> None:
    voucher_in_doubt(cashier, world)
    cashier.has_all_answers()
    cashier.press_and_let_go("Came out whole", world.change)
    cashier.sees("Everything has come out")


def test_paper_that_waits_goes_to_another_printer(cashier: Cashier, world: World) -> None:
    with_printers(world, "receipt", "voucher")
    sell_a_voucher(cashier, taps=("Own paper",))
    assert [(job.kind, job.printer) for job in jobs(world)] == [
        ("receipt", "receipt"),
        ("voucher", "voucher"),
    ]
    cashier.tap("Paper")
    cashier.tap("Print at: Receipt")
    cashier.sees("The other printer has it now.")
    assert [job.printer for job in jobs(world)] == ["receipt", "receipt"]


def test_copies_drawer_and_reports_are_printed(cashier: Cashier, world: World) -> None:
    with_printers(world, "receipt")
    sell_a_voucher(cashier)
    cashier.tap("Paper")
    cashier.tap("Copy of T1-000001")
    cashier.sees("The copy is being printed.")
    cashier.tap("Change")
    cashier.sees("The drawer opens.")
    cashier.tap("Shift")
    cashier.sees("No shift is open")
    cashier.type("100")
    cashier.tap("Open with 100.00 EUR")
    cashier.tap("Print X report")
    cashier.sees("The report is being printed.")
    assert [job.kind for job in jobs(world)] == [
        "receipt",
        "receipt",
        "drawer_slip",
        "shift_report",
    ]


def test_a_till_without_a_printer_says_so(cashier: Cashier, window: Window) -> None:
    sell_a_voucher(cashier)
    cashier.tap("Paper")
    cashier.sees("Everything has come out")
    cashier.tap("Copy of T1-000001")
    cashier.sees("has no printer for that")


def test_paper_that_waits_goes_out_by_e_mail(cashier: Cashier, world: World) -> None:
    with_printers(world, "receipt")
    with world.database.write() as work:
        settings.mail.put(work, MailSetting(host="127.0.0.1", port=9, sender="a@example.org"))
    sell_a_voucher(cashier)
    cashier.tap("Paper")
    cashier.tap("E-mail it instead")
    cashier.sees("Receipt · T1-000001", "The address is forgotten when the mail has gone.")
    cashier.type("visitor@example.org")
    cashier.tap("Send by e-mail")
    cashier.sees("It goes out by e-mail.", "Waits to be sent to visitor@example.org.")
    (job,) = jobs(world)
    put(world, job.job_id, JobState.DOUBT)
    world.change()
    cashier.sees("did not confirm the e-mail to visitor@example.org")
    cashier.tap("It came")
    cashier.sees("Everything has come out")


def test_what_is_no_address_is_refused_and_waits_on(cashier: Cashier, world: World) -> None:
    with_printers(world, "receipt")
    with world.database.write() as work:
        settings.mail.put(work, MailSetting(host="127.0.0.1", port=9, sender="a@example.org"))
    sell_a_voucher(cashier)
    cashier.tap("Paper")
    cashier.tap("E-mail it instead")
    cashier.type("a b@c")
    cashier.tap("Send by e-mail")
    cashier.sees("That is no e-mail address. The voucher waits.", "Waits for its printer.")


def test_one_device_that_prints_several_kinds_is_offered_once() -> None:
    printers = {"receipt": "tcp://a", "voucher": "tcp://b", "ticket": "tcp://b", "pass": "tcp://a"}
    assert others_than("receipt", printers) == ["voucher"]
    assert others_than("gone", printers) == ["receipt", "voucher"]


def test_a_voucher_at_a_dead_printer_is_not_said_to_come_with_the_receipt(
    cashier: Cashier, world: World
) -> None:
    with_printers(world, "receipt")
    sell_a_voucher(cashier)
    cashier.sees("comes with the receipt")
    world.in_trouble = {"receipt"}
    world.change()
    cashier.sees("has not come out: its printer is in trouble")
    assert "comes with the receipt" not in cashier.reads()
    world.in_trouble = set()
    world.change()
    cashier.sees("comes with the receipt")


def test_without_a_printer_the_code_is_shown(cashier: Cashier, world: World) -> None:
    sell_a_voucher(cashier)
    cashier.sees("this till has no printer for it. Its code is")
    world.report()
    (issue,) = world.server.ledger
    assert issue.voucher is not None
    shown = re.search(r"Its code is ((?:\w{4}-){3}\w{4})", cashier.reads())
    assert shown is not None
    assert code_digest(world.keys.digest_key, parse_code(shown[1])) == issue.voucher.code_digest


def test_what_could_not_be_laid_out_is_tried_again_with_its_code(
    cashier: Cashier, world: World
) -> None:
    with_printers(world, "receipt")
    sell_a_voucher(cashier)
    (job,) = jobs(world)
    with world.database.write() as work:
        failed = replace(job, state=JobState.FAILED, trouble="code_not_on_paper")
        spool.step(work, job, failed)
    cashier.tap("Paper")
    cashier.sees("Nothing of it is on paper, and every voucher on it keeps its code.")
    cashier.tap("Try again")
    cashier.sees("Waits for its printer.")
    assert jobs(world) == [job]
