"""Small statements: a name and a value, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from till.ui.style import tokens
from till.ui.widgets.basics import figure, frame, label, picture, spaced
from vouchers.ledger import Basis

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from PySide6.QtWidgets import QFrame

    from till.ui.look import Look


def facts(look: Look, rows: Mapping[str, str], **gaps: object) -> QGridLayout:
    """Names (keys of texts, with their `gaps`) at the left, values at the right."""
    grid = QGridLayout()
    spaced(grid, gap=tokens.GRID)
    grid.setColumnStretch(0, 1)
    for row, (key, value) in enumerate(rows.items()):
        name = label(look.say(key, **gaps), "body", "soft", wrap=True)
        grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        shown = figure(value, "strong")
        shown.setWordWrap("\u00a0" not in value and " " in value)
        grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignTop)
    return grid


def source_chip(look: Look, basis: Basis, offline_since: datetime | None) -> QFrame:
    """Whether the server said so or this till's own books."""
    if basis is Basis.ONLINE:
        tone, icon, text = "accepted", "circle-check", look.say("ui_server_says")
    elif offline_since is not None:
        tone, icon = "attention", "wifi-off"
        text = look.say("ui_cache_says_since", since=offline_since)
    else:
        tone, icon, text = "attention", "triangle-alert", look.say("ui_cache_says")
    chip = frame("chip", tone)
    row = QHBoxLayout(chip)
    spaced(row, gap=tokens.GRID)
    row.setContentsMargins(12, tokens.GRID, 12, tokens.GRID)
    row.addWidget(picture(look.pixmap(icon, tone, tokens.ICON_SMALL)), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(text, "small", tone, wrap=True), 1)
    return chip
