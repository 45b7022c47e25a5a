"""The foot of the wide area: what the till has to say, below everything that can be tapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.ui.look import Message
from till.ui.presses import Settling
from till.ui.session import Level
from till.ui.style import tokens
from till.ui.widgets.basics import spaced
from till.ui.widgets.done_panel import done_panel
from till.ui.widgets.message_panel import message_panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame, QPushButton

    from sync.line import LineState
    from till.counter.checkout import Committed
    from till.ui.look import Look


class Slot(QWidget):
    """What was last said of the sale, and what holds the printer up.

    There is room for both beside the tiles; elsewhere the printer waits until the other is read.
    """

    _printing_seen = Signal()
    _dismissed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._problems: list[str] = []
        self._in_trouble: frozenset[str] = frozenset()
        self._done: tuple[Committed, LineState] | None = None
        self._column = QVBoxLayout(self)
        spaced(self._column, gap=tokens.GRID)
        self._printing: QFrame | None = None
        self._said: QFrame | None = None
        self._since = Settling()
        self._printing_seen.connect(self._drop_printing)
        self._dismissed.connect(self.clear)

    @property
    def settled(self) -> bool:
        """Whether people had the time to see what was said last."""
        return self._since.done

    def clear(self) -> None:
        """What was said of the sale has been read."""
        _drop(self._said)
        self._said = self._done = None
        if self._printing is not None:
            self._printing.show()

    def show_message(self, message: Message, offer: QPushButton | None = None) -> None:
        """Say something of the sale; `offer` is a button for what may help."""
        self._say(message_panel(self._look, message, self._dismissed, offer))
        if self._printing is not None:
            self._printing.hide()

    def show_done(self, committed: Committed, line: LineState) -> None:
        """Show the change due and what happened."""
        self._say(done_panel(self._look, committed, line, self._in_trouble))
        self._done = committed, line

    def show_print_problems(self, problems: list[str], in_trouble: frozenset[str]) -> None:
        """What waits to be printed and why, said once until it changes; and `in_trouble`, the
        printers that print nothing now: what they owe of the last sale is said to wait.
        """
        if in_trouble != self._in_trouble:
            self._in_trouble = in_trouble
            if self._done is not None:
                self.show_done(*self._done)
        if problems == self._problems:
            return
        self._problems = problems
        self._drop_printing()
        if problems:
            text = problems[0]
            if len(problems) > 1:
                text += " " + self._look.say("ui_more_problems", count=len(problems) - 1)
            message = Message(Level.ATTENTION, text)
            self._printing = message_panel(self._look, message, self._printing_seen)
            self._column.insertWidget(0, self._printing)

    def _say(self, panel: QFrame) -> None:
        self.clear()
        self._since.restart()
        self._said = panel
        self._column.addWidget(panel)

    def _drop_printing(self) -> None:
        _drop(self._printing)
        self._printing = None


def _drop(panel: QFrame | None) -> None:
    if panel is not None:
        panel.hide()
        panel.deleteLater()
