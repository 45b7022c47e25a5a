"""How cards and their movements are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from till.ui.style import tokens
from till.ui.widgets.basics import button, figure, frame, label, picture, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QFrame

    from till.counter.card_touched import CardLine
    from till.ui.look import Look


def choice_tile(look: Look, icon: str, title: str, why: str, amount: str = "") -> QPushButton:
    """Something to choose: what it is, what it is for, and an amount where it has one."""
    tile = button("", "tile")
    tile.setMinimumHeight(80)
    tile.setAccessibleName(title)
    row = QHBoxLayout(tile)
    spaced(row, tokens.GAP, tokens.GAP)
    row.addWidget(picture(look.pixmap(icon, "accent")))
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.addWidget(label(title, "strong", wrap=True))
    words.addWidget(label(why, "secondary", wrap=True))
    row.addLayout(words, 1)
    if amount:
        row.addWidget(figure(amount, "title"))
    for part in tile.findChildren(QWidget):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return tile


def movements_card(look: Look, lines: Sequence[CardLine]) -> QFrame:
    """The last movements of a card, newest first."""
    card = frame("card")
    inside = QVBoxLayout(card)
    spaced(inside, tokens.MARGIN, tokens.GRID)
    inside.addWidget(label(look.say("ui_card_entries"), "strong"))
    if not lines:
        inside.addWidget(label(look.say("ui_card_entries_none"), "body", "soft", wrap=True))
    for line in lines:
        inside.addLayout(_movement(look, line))
    return card


def _movement(look: Look, line: CardLine) -> QHBoxLayout:
    came = line.amount.minor > 0
    row, words = QHBoxLayout(), QVBoxLayout()
    spaced(words, gap=0)
    words.addWidget(label(look.say("ui_card_loaded" if came else "ui_card_paid")))
    if line.at is not None:
        at = f"{look.texts.day(line.at)}, {look.texts.show(line.at)}"
        words.addWidget(label(at, "secondary"))
    if line.balance is not None:
        left = look.say("ui_card_after", balance=look.amount(line.balance))
        words.addWidget(label(left, "secondary"))
    row.addLayout(words, 1)
    sign, tone = ("+", "accepted") if came else ("", "")
    row.addWidget(figure(sign + look.amount(line.amount), "title", tone))
    return row
