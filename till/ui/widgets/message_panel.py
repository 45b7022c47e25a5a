"""What the till has to say: an icon, a word, a colour and a whole sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from till.ui.look import LEVEL_ICONS
from till.ui.style import tokens
from till.ui.widgets.basics import button, frame, label, picture, spaced

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QFrame, QPushButton

    from till.ui.look import Look, Message


def message_panel(
    look: Look,
    message: Message,
    dismissed: SignalInstance | None = None,
    offer: QPushButton | None = None,
) -> QFrame:
    """The message as a panel; with `dismissed`, a cross emits it; `offer` is what may help."""
    tone = message.level.value
    panel = frame("message", tone)
    row = QHBoxLayout(panel)
    spaced(row)
    row.setContentsMargins(tokens.GAP, tokens.GRID, tokens.GRID, tokens.GRID)
    row.addWidget(picture(look.pixmap(LEVEL_ICONS[message.level], tone)))
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.addWidget(label(look.say(f"ui_level_{tone}"), "strong", tone))
    words.addWidget(label(message.text, wrap=True))
    row.addLayout(words, 1)
    if offer is not None:
        row.addWidget(offer)
    if dismissed is not None:
        close = button("", "bare", look.icon("x", tone))
        close.setAccessibleName(look.say("ui_dismiss"))
        close.setFixedSize(tokens.TOUCH, tokens.TOUCH)
        close.clicked.connect(dismissed)
        row.addWidget(close)
    return panel


def override_button(look: Look) -> QPushButton:
    """What a refusal offers where a supervisor's word goes past it."""
    return button(look.say("override_offer"), "step", look.icon("shield-check"))
