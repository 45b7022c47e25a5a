"""The virtual printer on its own: its window, its folder, its command line."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from printing.layouts import LayoutBook
from printing.layouts.wording import wording
from printing.printers import EscPosPrinter
from printing.printers.check import print_test_page
from printing.printers.network import NetworkAddress
from printing.profiles import Profile
from printing.virtual import VirtualPrinter
from printing.virtual.window import PrinterWindow
from tests.printing.samples import printer_test_page, receipt


def test_paper_grows_and_buttons_break_it(
    qtbot: QtBot,
    paper: VirtualPrinter,
    printer: EscPosPrinter,
    layouts: LayoutBook,
    profile: Profile,
) -> None:
    window = PrinterWindow(paper, wording("en"))
    qtbot.addWidget(window)
    assert "Virtual" in window.windowTitle()
    job = printer.open(1)
    job.print(layouts.to_bytes(receipt(), profile), lambda _: None, threading.Event())
    job.close()
    qtbot.waitUntil(lambda: window._paper.pixmap().height() > 800)
    window._cover.click()
    assert paper.faults.cover_open
    window._mend()
    assert not paper.faults.cover_open


def test_paper_is_kept_in_a_folder_over_restarts(
    tmp_path: Path, layouts: LayoutBook, profile: Profile
) -> None:
    for _ in range(2):
        with VirtualPrinter(paper_folder=tmp_path) as paper:
            address = NetworkAddress("127.0.0.1", paper.port)
            print_test_page(
                EscPosPrinter("receipts", profile, address), layouts, printer_test_page()
            )
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["0001.png", "0002.png"]
    assert "Testseite" in (tmp_path / "0002.txt").read_text("utf-8")


def test_on_the_command_line(tmp_path: Path, layouts: LayoutBook, profile: Profile) -> None:
    words = ("-m", "printing.virtual", "--listen", "127.0.0.1:0", "--paper", str(tmp_path))
    with subprocess.Popen((sys.executable, *words), stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        port = int(running.stderr.readline().rpartition(":")[2])
        printer = EscPosPrinter("receipts", profile, NetworkAddress("127.0.0.1", port))
        print_test_page(printer, layouts, printer_test_page())
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
    assert (tmp_path / "0001.png").exists()


def test_no_qt_without_a_window() -> None:
    program = "import sys, printing.virtual.__main__; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run((sys.executable, "-c", program), check=False).returncode == 0
