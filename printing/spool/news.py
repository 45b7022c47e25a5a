"""What the spool tells whoever shows it."""

from collections.abc import Callable
from dataclasses import dataclass

from printing.spool.jobs import PrintJob
from vouchers.errors import OperatingError


@dataclass(frozen=True, slots=True)
class SpoolNews:
    """A job reached a new state; or a printer says whether its roll ends soon (`paper_low`); or,
    with neither, a printer has a trouble or has none now.
    """

    printer: str
    job: PrintJob | None = None
    trouble: OperatingError | None = None
    paper_low: bool | None = None


OnNews = Callable[[SpoolNews], None]
