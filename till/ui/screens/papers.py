"""Paper that has not come out, copies of receipts, and the drawer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from printing.spool import JobState
from till.counter.handover import MAIL
from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, figure, frame, label, spaced
from till.ui.widgets.basket import Primary

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame

    from printing.documents import Receipt
    from printing.spool import PrintJob
    from till.ui.flows.paper_flow import Papers
    from till.ui.look import Look

DRAWER_REASONS = ("change", "count", "check")


class PapersScreen(Screen):
    """`decided` carries a job's id and whether its paper is whole, `given` a job's id and a
    printer, `mailed` the job that is to go out by e-mail, `copied` a receipt's number, `drawer` a
    reason.
    """

    decided = Signal(object, bool)
    given = Signal(object, str)
    mailed = Signal(object)
    copied = Signal(str)
    drawer = Signal(str)
    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._shown: Papers | None = None
        words, inside = column()
        self._jobs, self._receipts = QVBoxLayout(), QVBoxLayout()
        spaced(self._jobs)
        spaced(self._receipts, gap=tokens.GRID)
        inside.addLayout(self._jobs)
        inside.addWidget(self._drawer_card())
        inside.addLayout(self._receipts)
        inside.addStretch(1)
        self.lay_out(look.say("ui_papers"), words)

    def show_papers(self, papers: Papers) -> None:
        """Draw what waits, and the last receipts. What is the same stays: a finger may be on it."""
        if papers == self._shown:
            return
        self._shown = papers
        empty(self._jobs)
        if not papers.open:
            self._jobs.addWidget(label(self.look.say("ui_papers_none"), "title", wrap=True))
        for job in papers.open:
            self._jobs.addWidget(self._job_card(job, papers))
        empty(self._receipts)
        self._receipts.addWidget(label(self.look.say("ui_papers_receipts"), "title"))
        for receipt in papers.receipts:
            self._receipts.addWidget(self._receipt_row(receipt))

    def primary(self) -> Primary:
        """Back to selling."""
        return Primary(self.look.say("ui_settings_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()

    def _job_card(self, job: PrintJob, papers: Papers) -> QFrame:
        look, undecided = self.look, job.state in (JobState.DOUBT, JobState.FAILED)
        card = frame("message" if undecided else "card", "attention" if undecided else "")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.GAP, tokens.GRID)
        title = look.say(f"paper_kind_{job.kind}")
        inside.addWidget(label(f"{title} · {job.reference}", "strong", wrap=True))
        inside.addWidget(label(self._state_of(job), wrap=True))
        choices = self._verdicts(job) if undecided else []
        if job.state is JobState.INTENT:
            choices = self._other_ways(job, papers)
        for each in choices:
            inside.addWidget(each)
        return card

    def _state_of(self, job: PrintJob) -> str:
        if not job.printer.startswith(MAIL):
            return self.look.say(f"ui_paper_{job.state.value}")
        address = job.printer.removeprefix(MAIL)
        return self.look.say(f"ui_mail_{job.state.value}", address=address)

    def _verdicts(self, job: PrintJob) -> list[QPushButton]:
        """What a person who has looked can say."""
        way = "mail" if job.printer.startswith(MAIL) else "paper"
        made: list[QPushButton] = []
        if job.state is JobState.DOUBT:
            whole = button(self.look.say(f"ui_{way}_whole"), "step", self.look.icon("check"))
            whole.clicked.connect(partial(self.decided.emit, job.job_id, True))
            made.append(whole)
        spoiled_key = f"ui_{way}_spoiled" if job.voucher_ids else f"ui_{way}_again"
        key = spoiled_key if job.state is JobState.DOUBT else f"ui_{way}_retry"
        spoiled = button(self.look.say(key), "step", self.look.icon("x"))
        spoiled.clicked.connect(partial(self.decided.emit, job.job_id, False))
        return [*made, spoiled]

    def _other_ways(self, job: PrintJob, papers: Papers) -> list[QPushButton]:
        """Other printers than the one it waits for, and e-mail."""
        made: list[QPushButton] = []
        for printer in others_than(job.printer, papers.printers):
            kind = self.look.say(f"paper_kind_{printer}")
            text = self.look.say("ui_paper_give", printer=kind)
            give = button(text, "step", self.look.icon("printer"))
            give.clicked.connect(partial(self.given.emit, job.job_id, printer))
            made.append(give)
        if papers.mail:
            mail = button(self.look.say("ui_paper_mail"), "step", self.look.icon("mail"))
            mail.clicked.connect(partial(self.mailed.emit, job))
            made.append(mail)
        return made

    def _receipt_row(self, receipt: Receipt) -> QFrame:
        row = frame("card")
        inside = QHBoxLayout(row)
        spaced(inside, tokens.GRID, tokens.GAP)
        inside.addWidget(label(f"{receipt.number}\n{receipt.at:%H:%M}"), 1)
        inside.addWidget(figure(self.look.amount(receipt.total), "strong"))
        again = button("", "icon", self.look.icon("printer"))
        again.setAccessibleName(self.look.say("ui_copy", receipt=receipt.number))
        again.setFixedSize(tokens.TOUCH, tokens.TOUCH)
        again.clicked.connect(partial(self.copied.emit, receipt.number))
        inside.addWidget(again)
        return row

    def _drawer_card(self) -> QFrame:
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.GAP, tokens.GRID)
        inside.addWidget(label(self.look.say("ui_drawer"), "strong", wrap=True))
        row = QHBoxLayout()
        spaced(row, gap=tokens.GRID)
        for name in DRAWER_REASONS:
            reason = self.look.say(f"ui_drawer_{name}")
            choice = button(reason, "choice")
            choice.clicked.connect(partial(self.drawer.emit, reason))
            row.addWidget(choice, 1)
        inside.addLayout(row)
        return card


def others_than(waited_for: str, printers: dict[str, str]) -> list[str]:
    """One name for each other device: what is set up for several kinds is offered once."""
    seen, others = {printers.get(waited_for)}, []
    for kind, address in printers.items():
        if address not in seen and kind != waited_for:
            seen.add(address)
            others.append(kind)
    return others
