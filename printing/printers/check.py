"""Trying a printer: print a test page, and read back by its status what became of it."""

import threading

from printing.documents import TestPage
from printing.layouts import LayoutBook
from printing.outcome import PrintResult
from printing.printers.printer import ReceiptPrinter

TEST_JOB = 9_999
PATIENCE_S = 15.0


def print_test_page(
    printer: ReceiptPrinter, layouts: LayoutBook, page: TestPage, patience_s: float = PATIENCE_S
) -> PrintResult:
    """Print `page` and wait for the printer's word, for at most about `patience_s`.

    Raises PrinterError when the printer cannot be reached or is not ready; nothing was printed.
    """
    data = layouts.to_bytes(page, printer.profile)
    job = printer.open(TEST_JOB)
    give_up = threading.Event()
    timer = threading.Timer(patience_s, give_up.set)
    timer.start()
    try:
        return job.print(data, lambda _: None, give_up)
    finally:
        timer.cancel()
        job.close()
