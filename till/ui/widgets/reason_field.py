"""A reason: the usual ones to tap, any other to type."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from till.ui.style import tokens
from till.ui.widgets.basics import button, frame, label, spaced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from till.ui.look import Look

SIGNS_MIN, SIGNS_MAX = 3, 140


class ReasonField(QWidget):
    """`changed` says that `text` may be another. `usual` are the keys of what can be tapped."""

    changed = Signal()

    def __init__(self, look: Look, title: str, usual: Sequence[str]) -> None:
        super().__init__()
        self._edit = QLineEdit()
        self._edit.setMaxLength(SIGNS_MAX)
        self._edit.setAccessibleName(title)
        self._edit.textChanged.connect(self.changed)
        column = QVBoxLayout(self)
        spaced(column, gap=tokens.GRID)
        column.addWidget(label(title, "strong", wrap=True))
        for key in usual:
            column.addWidget(self._choice(look.say(key)))
        ground = frame("scan")
        inside = QHBoxLayout(ground)
        inside.setContentsMargins(tokens.GAP, 2, tokens.GAP, 2)
        inside.addWidget(self._edit)
        column.addWidget(ground)

    @property
    def text(self) -> str:
        """The reason, empty while it is too short to be one."""
        typed = self._edit.text().strip()
        return typed if len(typed) >= SIGNS_MIN else ""

    @property
    def has_keyboard(self) -> bool:
        """Whether its cursor blinks."""
        return self._edit.hasFocus()

    def clear(self) -> None:
        """Nothing has been said yet."""
        self._edit.clear()
        self._edit.clearFocus()

    def memento(self) -> Callable[[], None]:
        """The way back to what stands there now."""
        return partial(self._edit.setText, self._edit.text())

    def type_key(self, sign: str) -> None:
        """Type where the cursor is; without a cursor at the end."""
        if not self._edit.hasFocus():
            self._edit.end(False)
        self._edit.insert(sign)

    def erase(self) -> None:
        """Take the last sign back."""
        self._edit.backspace()

    def _choice(self, text: str) -> QWidget:
        made = button(text, "step")
        made.clicked.connect(lambda: self._edit.setText(text))
        return made
