"""What has not come out of the printers yet, and copies of what has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.counter.handover import MAIL
from till.ui.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from printing.documents import Receipt
    from printing.spool import PrintJob
    from till.counter.counter import Counter
    from vouchers.people import User

RECEIPTS_SHOWN = 8


@dataclass(frozen=True)
class Papers:
    """What waits or is in doubt, the printers that could have it (addresses by kind), whether it
    could go out by e-mail, and the last receipts.
    """

    open: list[PrintJob]
    printers: dict[str, str]
    mail: bool
    receipts: list[Receipt]


class PaperFlow(QObject):
    """`shown` carries Papers, `said` the key of a sentence about what was done, `refused` an
    OperatingError.
    """

    shown = Signal(object)
    said = Signal(str)
    refused = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, user: User) -> None:
        super().__init__()
        self._counter, self._runner, self._user = counter, runner, user

    def refresh(self) -> None:
        """How it stands; `shown` follows."""
        self._runner.run(partial(_papers, self._counter), self.shown.emit, self.refused.emit)

    def came_out(self, job_id: UUID, whole: bool) -> None:
        """The cashier looked at a paper in doubt."""
        decide = partial(self._counter.handover.came_out, job_id, whole=whole, user=self._user)
        self._do(decide, "ui_paper_kept" if whole else "ui_paper_replaced")

    def give_to(self, job_id: UUID, printer: str) -> None:
        """Let another printer have it."""
        give = partial(self._counter.handover.give_to, job_id, printer, self._user)
        self._do(give, "ui_paper_given")

    def send(self, job_id: UUID, address: str) -> None:
        """Send it by e-mail instead."""
        give = partial(self._counter.handover.give_to, job_id, MAIL + address.strip(), self._user)
        self._do(give, "ui_paper_mailed")

    def reprint(self, number: str) -> None:
        """A receipt again, as a copy without codes."""
        self._do(partial(self._counter.paperwork.reprint, number, self._user), "ui_copy_printed")

    def open_drawer(self, reason: str) -> None:
        """Open the drawer, with a reason that is written down."""
        self._do(
            partial(self._counter.paperwork.open_drawer, reason, self._user), "ui_drawer_asked"
        )

    def _do(self, work: Callable[[], object], sentence: str) -> None:
        def done(_: object) -> None:
            self.said.emit(sentence)
            self.refresh()

        def failed(error: object) -> None:
            self.refused.emit(error)
            self.refresh()

        self._runner.run(work, done, failed)


def _papers(counter: Counter) -> Papers:
    return Papers(
        open=counter.handover.open(),
        printers=counter.handover.printers(),
        mail=counter.handover.can_mail(),
        receipts=counter.paperwork.latest_receipts(RECEIPTS_SHOWN),
    )
