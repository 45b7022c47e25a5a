"""What can go wrong at a printer. Each is told to the cashier; the job is kept."""

from vouchers.errors import OperatingError


class PrinterError(OperatingError):
    """A printer failed. `printer` is its name at this till."""

    key = ""

    def __init__(self, printer: str) -> None:
        super().__init__(type(self).key, printer=printer)


class PrinterUnavailable(PrinterError):
    """No answer: off, unplugged, or busy with another till."""

    key = "printer_unavailable"


class PrinterOffline(PrinterError):
    """It answers, but somebody paused it."""

    key = "printer_offline"


class PaperOut(PrinterError):
    """The roll has ended."""

    key = "printer_paper_out"


class CoverOpen(PrinterError):
    """The cover is open."""

    key = "printer_cover_open"


class CutterError(PrinterError):
    """The knife is jammed."""

    key = "printer_cutter"


class PrinterFault(PrinterError):
    """A fault that the printer cannot clear by itself."""

    key = "printer_fault"


class NotUnderstood(PrinterError):
    """What answers is no receipt printer, or its status is garbage."""

    key = "printer_not_understood"


class ConnectionLost(PrinterError):
    """The connection broke after data had left."""

    key = "printer_connection_lost"


class PrinterStalled(PrinterError):
    """It takes no more data."""

    key = "printer_stalled"


class Unconfirmed(PrinterError):
    """It took everything and says it is well, but never that the job is on paper."""

    key = "printer_unconfirmed"


class GivenUp(PrinterError):
    """Somebody stopped waiting for it."""

    key = "printer_given_up"


class Interrupted(PrinterError):
    """Paper or cover stopped the job in the middle; it went on later and ended."""

    key = "printer_interrupted"
