"""Printers: how they are reached, what they say, and what became of a job."""

from printing.outcome import Outcome, PrintResult
from printing.printers.addresses import open_printer
from printing.printers.printer import EscPosPrinter, OpenJob, ReceiptPrinter

__all__ = [
    "EscPosPrinter",
    "OpenJob",
    "Outcome",
    "PrintResult",
    "ReceiptPrinter",
    "open_printer",
]
