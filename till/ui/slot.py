"""The foot of the wide area: what the till has to say, below everything that can be tapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.ui.look import Message
from till.ui.session import Level
from till.ui.style import tokens
from till.ui.widgets.basics import empty, spaced
from till.ui.widgets.done_panel import done_panel
from till.ui.widgets.message_panel import message_panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame

    from sync.line import LineState
    from till.counter.checkout import Committed
    from till.ui.look import Look


class Slot(QWidget):
    """One message of the sale at a time; print problems stand above it until they are over."""

    _printing_seen = Signal()
    _dismissed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._problems: list[str] = []
        self._printing = QVBoxLayout()
        self._sale = QVBoxLayout()
        column = QVBoxLayout(self)
        spaced(column, gap=tokens.GRID)
        column.addLayout(self._printing)
        column.addLayout(self._sale)
        self._printing_seen.connect(lambda: empty(self._printing))
        self._dismissed.connect(self.clear)

    @property
    def occupied(self) -> bool:
        """Whether a message of the sale stands there."""
        return self._sale.count() > 0

    def clear(self) -> None:
        """What was said of the sale has been read."""
        empty(self._sale)

    def show_message(self, message: Message) -> None:
        """Say something of the sale."""
        self._show(message_panel(self._look, message, self._dismissed))

    def show_done(self, committed: Committed, line: LineState) -> None:
        """Show the change due and what happened."""
        self._show(done_panel(self._look, committed, line))

    def show_print_problems(self, problems: list[str]) -> None:
        """What waits to be printed and why; said once until it changes."""
        if problems == self._problems:
            return
        self._problems = problems
        empty(self._printing)
        if problems:
            text = problems[0]
            if len(problems) > 1:
                text += " " + self._look.say("ui_more_problems", count=len(problems) - 1)
            message = Message(Level.ATTENTION, text)
            self._printing.addWidget(message_panel(self._look, message, self._printing_seen))

    def _show(self, panel: QFrame) -> None:
        self.clear()
        self._sale.addWidget(panel)
