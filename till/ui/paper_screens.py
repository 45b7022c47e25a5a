"""Paper: the screen about it, wired to its flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from till.ui.look import Message
from till.ui.screens.mail import MailScreen
from till.ui.screens.papers import PapersScreen
from till.ui.session import Level
from till.ui.stage import HOME, Stage

if TYPE_CHECKING:
    from uuid import UUID

    from printing.spool import PrintJob
    from till.ui.flows.paper_flow import PaperFlow

PLACE, MAIL_PLACE = "papers", "papers/mail"


class PaperScreens(QObject):
    """What has not come out, copies, and the drawer."""

    def __init__(self, stage: Stage, flow: PaperFlow) -> None:
        super().__init__(stage)
        self._stage, self._flow = stage, flow
        papers = PapersScreen(stage.look)
        stage.add(PLACE, papers)
        papers.decided.connect(flow.came_out)
        papers.given.connect(flow.give_to)
        self._mail = MailScreen(stage.look)
        stage.add(MAIL_PLACE, self._mail)
        papers.mailed.connect(self._on_mail)
        self._mail.left.connect(self.enter)
        self._mail.sent.connect(self._on_sent)
        papers.copied.connect(flow.reprint)
        papers.drawer.connect(flow.open_drawer)
        papers.finished.connect(lambda: stage.go(HOME))
        papers.left.connect(lambda: stage.go(HOME))
        flow.shown.connect(papers.show_papers)
        flow.said.connect(self._on_said)
        flow.refused.connect(stage.refuse)

    def enter(self) -> None:
        """Show how it stands."""
        self._stage.slot.clear()
        self._flow.refresh()
        self._stage.go(PLACE)

    def on_change(self) -> None:
        """The printer has gone on, or a sale was added."""
        if self._stage.place == PLACE:
            self._flow.refresh()

    def _on_mail(self, job: PrintJob) -> None:
        self._stage.slot.clear()
        self._mail.begin(job)
        self._stage.go(MAIL_PLACE)

    def _on_sent(self, job_id: UUID, address: str) -> None:
        self.enter()
        self._flow.send(job_id, address)

    def _on_said(self, sentence: str) -> None:
        self._stage.say(Message(Level.ACCEPTED, self._stage.look.say(sentence)))
