"""Setting up printers in the window, with real printers on ports of this test."""

import socket
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from zeroconf import ServiceInfo, Zeroconf

from printing.printers.discovery import SERVICE
from printing.spool import JobState
from printing.virtual import VirtualPrinter
from tests.till.ui.cashier import Cashier, wait_until
from tests.till.ui.test_papers import jobs, sell_a_voucher
from tests.till.ui.world import World
from till.store.settings import PrinterSetting
from till.store.tables import audit
from till.ui.widgets.text_field import TextField


@pytest.fixture
def paper() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as listening:
        yield listening


@pytest.fixture
def at_work(world: World) -> World:
    world.room.start()
    return world


def address(paper: VirtualPrinter) -> str:
    return f"127.0.0.1:{paper.port}"


def type_address(supervisor: Cashier, where: str) -> None:
    fields = supervisor.window.findChildren(TextField)
    (field,) = [each for each in fields if each.isVisible()]
    supervisor.window.activateWindow()
    field.setFocus()
    wait_until(field.hasFocus, "the cursor in the field: ", supervisor.reads)
    field.selectAll()
    supervisor.type(where)
    assert isinstance(field, QLineEdit) and field.text() == where


def set_up(supervisor: Cashier, where: str, *kinds: str) -> None:
    supervisor.tap("Settings")
    supervisor.tap("Printers")
    supervisor.tap("Add printer")
    for kind in kinds:
        supervisor.tap(kind)
    type_address(supervisor, where)
    supervisor.tap("Save printer")
    supervisor.sees("Saved. What waits for this printer goes on at once.")


def printers(world: World) -> dict[str, PrinterSetting]:
    return world.room.identity().printers


def test_a_new_printer_prints_at_once(
    supervisor: Cashier, at_work: World, paper: VirtualPrinter
) -> None:
    set_up(supervisor, address(paper), "Receipt", "Voucher")
    supervisor.sees("Receipt, Voucher", "Epson TM-T88V", address(paper), "Ready.")
    assert set(printers(at_work)) == {"receipt", "voucher"}
    supervisor.tap("Sell")
    sell_a_voucher(supervisor)
    at_work.room.wake()
    assert len(paper.wait_for_documents(1)) == 1


def test_a_test_page_is_read_back_before_anything_is_saved(
    supervisor: Cashier, at_work: World, paper: VirtualPrinter
) -> None:
    supervisor.tap("Settings")
    supervisor.tap("Printers")
    supervisor.tap("Add printer")
    type_address(supervisor, f"tcp://{address(paper)}")
    supervisor.tap("Print test page")
    supervisor.sees("The test page is on paper: the printer confirmed it.")
    assert len(paper.documents) == 1
    paper.script(cover_open=True)
    supervisor.tap("Print test page")
    supervisor.sees(f"The cover of the printer {address(paper)} is open.")
    assert printers(at_work) == {}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"paper_low": True}, "Ready. Its roll ends soon"),
        ({"cover_open": True}, "The cover of the printer"),
        ({}, "Ready."),
    ],
)
def test_each_printer_says_how_it_is(
    supervisor: Cashier, at_work: World, paper: VirtualPrinter, fault: dict[str, bool], said: str
) -> None:
    paper.script(**fault)
    set_up(supervisor, address(paper), "Receipt")
    supervisor.sees(said)


def test_what_waits_for_a_dead_printer_comes_out_of_the_one_in_its_place(
    supervisor: Cashier, at_work: World, paper: VirtualPrinter
) -> None:
    with VirtualPrinter() as gone:
        dead = address(gone)
    set_up(supervisor, dead, "Receipt")
    supervisor.tap("Sell")
    sell_a_voucher(supervisor)
    at_work.room.wake()
    wait_until(lambda: bool(at_work.room.troubles()), "a trouble: ", str)
    supervisor.tap("Settings")
    supervisor.tap("Printers")
    supervisor.tap("Change")
    type_address(supervisor, address(paper))
    supervisor.tap("Save printer")
    wait_until(lambda: not jobs(at_work), "nothing to wait: ", lambda: str(jobs(at_work)))
    assert len(paper.documents) == 1
    assert at_work.room.troubles() == []


def test_what_waits_for_a_printer_that_was_removed_stays_and_can_be_moved(
    supervisor: Cashier, at_work: World, paper: VirtualPrinter
) -> None:
    with VirtualPrinter() as gone:
        set_up(supervisor, address(gone), "Receipt")
        gone.script(cover_open=True)
        supervisor.tap("Sell")
        sell_a_voucher(supervisor)
        supervisor.tap("Settings")
        supervisor.tap("Printers")
        supervisor.tap("Change")
        supervisor.tap("Remove printer")
        supervisor.sees("Removed.", "No printer is set up.")
    assert [trouble.key for trouble in at_work.room.troubles()] == ["printer_unknown"]
    assert [job.state for job in jobs(at_work)] == [JobState.INTENT]
    supervisor.tap("Add printer")
    supervisor.tap("Voucher")
    type_address(supervisor, address(paper))
    supervisor.tap("Save printer")
    supervisor.sees("Saved.")
    supervisor.tap("Paper")
    supervisor.tap("Print at: Voucher")
    supervisor.sees("The other printer has it now.")
    at_work.room.wake()
    assert len(paper.wait_for_documents(1)) == 1
    assert at_work.room.troubles() == []


def test_printers_on_the_network_are_found_and_taken(
    qtbot: QtBot, supervisor: Cashier, at_work: World, paper: VirtualPrinter
) -> None:
    info = ServiceInfo(
        SERVICE,
        f"Bon Kasse 1.{SERVICE}",
        addresses=[socket.inet_aton("127.0.0.1")],
        port=paper.port,
        properties={"ty": "EPSON TM-T20III"},
        server="bon1.local.",
    )
    supervisor.tap("Settings")
    supervisor.tap("Printers")
    supervisor.tap("Add printer")
    with Zeroconf(interfaces=["127.0.0.1"]) as network:
        network.register_service(info, cooperating_responders=True)
        supervisor.tap("Find printers on the network")
        supervisor.sees("Listening for printers…", "Bon Kasse 1")
    supervisor.tap(f"Bon Kasse 1 · EPSON TM-T20III · tcp://{address(paper)}")
    supervisor.tap("Receipt")
    supervisor.tap("Save printer")
    supervisor.sees("Saved.")
    expected = PrinterSetting(address=f"tcp://{address(paper)}", profile="epson-tm-t20iii")
    assert printers(at_work) == {"receipt": expected}


def test_what_is_no_address_is_refused_and_nothing_changes(
    supervisor: Cashier, at_work: World
) -> None:
    supervisor.tap("Settings")
    supervisor.tap("Printers")
    supervisor.tap("Add printer")
    supervisor.tap("Receipt")
    supervisor.tap("USB")
    type_address(supervisor, "no such")
    supervisor.tap("Save printer")
    supervisor.sees("is not the address of a printer")
    assert printers(at_work) == {}


def test_cashiers_have_no_such_settings(cashier: Cashier) -> None:
    cashier.tap("Settings")
    cashier.sees("Language")
    assert "Printers" not in cashier.reads()


def test_who_changed_a_printer_is_written_down(
    supervisor: Cashier, at_work: World, paper: VirtualPrinter
) -> None:
    set_up(supervisor, address(paper), "Receipt")
    with at_work.database.read() as work:
        written = work.execute(select(audit.c.actor, audit.c.action, audit.c.subject)).all()
    assert ("s1", "printer", f"receipt: tcp://{address(paper)}") in written
