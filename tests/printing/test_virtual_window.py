"""The virtual printer's window shows its paper and breaks it on demand."""

import threading

from pytestqt.qtbot import QtBot

from printing.layouts import LayoutBook
from printing.layouts.wording import wording
from printing.printers import EscPosPrinter
from printing.profiles import Profile
from printing.virtual import VirtualPrinter
from printing.virtual.window import PrinterWindow
from tests.printing.samples import receipt


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
