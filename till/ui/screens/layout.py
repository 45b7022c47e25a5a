"""One layout: its text, and beside it what it prints, as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from till.ui.paper_office import Origin
from till.ui.screens.layouts import origin_of
from till.ui.screens.screen import Screen
from till.ui.style import tokens
from till.ui.widgets.basics import button, label, restyle, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.paper_view import PaperView
from till.ui.widgets.text_editor import TextEditor

if TYPE_CHECKING:
    from till.ui.look import Look
    from till.ui.paper_office import LayoutText, Preview
    from vouchers.errors import OperatingError

PAUSE_MS = 250
"""Nothing is laid out while somebody is still typing."""


class LayoutScreen(Screen):
    """`edited` carries the LayoutText and what stands there now, `saved` a file and its text,
    `given_up` a file whose own version is to go.
    """

    edited = Signal(object, str)
    saved = Signal(str, str)
    given_up = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._before: LayoutText | None = None
        self._good = False
        self._origin = label("", "secondary", wrap=True)
        self._editor = TextEditor(look, look.say("ui_layout_text"))
        self._editor.textChanged.connect(self._on_typed)
        self._paper = PaperView(look.say("ui_layout_preview"))
        self._told = label("", "small", wrap=True)
        self._told.setMinimumHeight(tokens.TOUCH)
        self._give_up = button(look.say("ui_layout_give_up"), "step", look.icon("undo-2"))
        self._give_up.clicked.connect(self._on_give_up)
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._on_pause)
        self._lay_out()

    def begin(self, layout: LayoutText, text: str) -> None:
        """Edit a layout, with `text` in it."""
        self._before = layout
        self._tell_about(layout)
        self._good = False
        self._told.clear()
        self._paper.clear()
        self._editor.setPlainText(text)
        self._pause.stop()
        self._on_pause()

    def show_saved(self, layout: LayoutText) -> None:
        """What was typed is in use; typing may have gone on meanwhile."""
        self._before = layout
        self._tell_about(layout)
        self.primary_changed.emit()

    def show_preview(self, preview: Preview) -> None:
        """It can be read: this is what it prints."""
        self._good = True
        self._paper.show_picture(preview)
        self._editor.mark(None)
        self._say("", self.look.say("ui_layout_on", model=preview.model))

    def show_wrong(self, error: OperatingError) -> None:
        """It cannot be read; the last picture stays."""
        self._good = False
        line = error.details.get("line")
        self._editor.mark(line if isinstance(line, int) else None)
        self._paper.show_old()
        self._say("refused", self.look.texts.explain(error))

    def primary(self) -> Primary:
        """Use it from the next paper on."""
        changed = self._before is not None and self._text != self._before.text
        enabled = changed and self._good and not self._pause.isActive()
        return Primary(self.look.say("ui_layout_save"), enabled=enabled)

    def press_primary(self) -> None:
        """See primary."""
        if self._before is not None:
            self.saved.emit(self._before.layout.file, self._text)

    def type_key(self, sign: str) -> bool:
        """Signs go into the text."""
        self._editor.insertPlainText(sign)
        return True

    def _tell_about(self, layout: LayoutText) -> None:
        about = layout.layout
        self.heading.setText(about.title)
        self._origin.setText(f"{about.file} · {origin_of(self.look, about)}")
        self._give_up.setVisible(about.origin is Origin.TILL)

    @property
    def _text(self) -> str:
        return self._editor.toPlainText()

    def _lay_out(self) -> None:
        beside = QHBoxLayout()
        spaced(beside)
        beside.addWidget(self._editor, 1)
        beside.addWidget(self._paper, 1)
        foot = QHBoxLayout()
        spaced(foot)
        foot.addWidget(self._told, 1)
        foot.addWidget(self._give_up)
        page = QVBoxLayout(self)
        spaced(page, gap=tokens.GRID)
        page.addLayout(self.header(self.look.say("ui_layout")))
        self.heading.setWordWrap(True)
        page.addWidget(self._origin)
        page.addLayout(beside, 1)
        page.addLayout(foot)

    def _say(self, tone: str, text: str) -> None:
        self._told.setText(text)
        restyle(self._told, tone=tone or "soft")
        self.primary_changed.emit()

    def _on_typed(self) -> None:
        self._pause.start()
        self.primary_changed.emit()

    def _on_pause(self) -> None:
        if self._before is not None:
            self.edited.emit(self._before, self._text)

    def _on_give_up(self) -> None:
        if self._before is not None:
            self.given_up.emit(self._before.layout.file)
