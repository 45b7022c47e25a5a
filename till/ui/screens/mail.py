"""Where a paper that has not come out is to be sent by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from till.ui.screens.screen import Screen, column
from till.ui.widgets.basics import label
from till.ui.widgets.basket import Primary
from till.ui.widgets.text_field import TextField, titled

if TYPE_CHECKING:
    from printing.spool import PrintJob
    from till.ui.look import Look


class MailScreen(Screen):
    """`sent` carries a job's id and the address that was typed."""

    sent = Signal(object, str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._job: PrintJob | None = None
        self._what = label("", "title", wrap=True)
        self._address = TextField(look.say("ui_mail_address"))
        self._address.setPlaceholderText(look.say("ui_for_example", what="name@example.org"))
        self._address.textChanged.connect(self.primary_changed)
        self._address.returnPressed.connect(self.press_primary)
        words, inside = column(width_max=640)
        inside.addWidget(self._what)
        inside.addWidget(label(look.say("ui_mail_why"), "body", "soft", wrap=True))
        inside.addWidget(titled(look.say("ui_mail_address"), self._address.framed))
        inside.addStretch(1)
        self.lay_out(look.say("ui_paper_mail"), words)

    def begin(self, job: PrintJob) -> None:
        """Ask about one job."""
        self._job = job
        kind = self.look.say(f"paper_kind_{job.kind}")
        self._what.setText(f"{kind} · {job.reference}")
        self._address.clear()
        self._address.setFocus()

    def primary(self) -> Primary:
        """Send it."""
        return Primary(self.look.say("ui_mail_send"), enabled="@" in self._address.text())

    def press_primary(self) -> None:
        """See primary."""
        if self._job is not None and self.primary().enabled:
            self.sent.emit(self._job.job_id, self._address.text())

    def type_key(self, sign: str) -> bool:
        """Signs are the address."""
        self._address.type_key(sign)
        return True

    def erase(self) -> bool:
        """Of the address."""
        self._address.backspace()
        return True
