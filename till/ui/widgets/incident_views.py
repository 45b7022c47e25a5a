"""How an incident is drawn: as a tile to choose it, and in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from till.ui.incident_words import facts_of, moment, steps, story, till_name, voucher_name
from till.ui.style import tokens
from till.ui.widgets.basics import button, figure, frame, label, picture, spaced
from till.ui.widgets.facts import facts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame

    from till.counter.incidents import Case
    from till.store.ledger import Parked
    from till.ui.look import Look

_TILE_HEIGHT = 104
"""Room for two lines below the title: buttons do not grow with what is laid out on them."""


def incident_tile(look: Look, case: Case) -> QPushButton:
    """An incident to choose: what it is, voucher, till, since when, and a balance below zero."""
    tile = button("", "tile")
    tile.setMinimumHeight(_TILE_HEIGHT)
    tile.setAccessibleName(story(look, case).title)
    row = QHBoxLayout(tile)
    spaced(row, tokens.GAP, tokens.GAP)
    row.addWidget(picture(look.pixmap("triangle-alert", "attention")))
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.addWidget(label(story(look, case).title, "strong", wrap=True))
    parts = [till_name(look, case), moment(look, case.incident.opened_at)]
    if case.account is not None:
        parts.insert(0, voucher_name(look, case))
    words.addWidget(label(" \u00b7 ".join(parts), "secondary", wrap=True))
    row.addLayout(words, 1)
    if case.missing is not None:
        row.addWidget(figure(look.full(-case.missing), "title", "refused"))
    for part in tile.findChildren(QWidget):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return tile


def parked_card(look: Look, parked: list[Parked]) -> QFrame:
    """What this till keeps because the server did not take it, entry by entry."""
    card = frame("card")
    column = QVBoxLayout(card)
    spaced(column, tokens.MARGIN, tokens.GRID)
    column.addWidget(label(look.say("parked_title"), "strong", wrap=True))
    for one in parked:
        parts = [*_entry_words(look, one), look.word("parked", one.reason)]
        column.addWidget(label(" \u00b7 ".join(parts), wrap=True))
    column.addWidget(label(look.say("parked_do"), "secondary", wrap=True))
    return card


def _entry_words(look: Look, one: Parked) -> list[str]:
    if one.entry is None:
        return [look.full(one.amount), str(one.entry_id)]
    kind = look.word("ui_kind", one.entry.kind)
    where = one.entry.receipt or str(one.entry_id)
    return [f"{kind} {look.full(one.amount)}", where, moment(look, one.entry.occurred_at)]


def story_card(look: Look, case: Case) -> QFrame:
    """What happened, what it means for the money, what to do."""
    told = story(look, case)
    card = frame("message", "attention")
    column = QVBoxLayout(card)
    spaced(column, tokens.GAP, tokens.GRID)
    column.addWidget(label(told.title, "title", "attention", wrap=True))
    for key, text in {
        "incident_what_happened": told.happened,
        "incident_for_the_money": told.money,
        "incident_to_do": told.to_do,
    }.items():
        words = QVBoxLayout()
        spaced(words, gap=2)
        words.addWidget(label(look.say(key), "small", "attention"))
        words.addWidget(label(text, wrap=True))
        column.addLayout(words)
    return card


def facts_card(look: Look, case: Case, names: dict[str, str]) -> QFrame:
    """Everything known of it; `names` are those of the venue's users by their ids."""
    card = frame("card")
    column = QVBoxLayout(card)
    spaced(column, tokens.MARGIN, tokens.GAP)
    column.addLayout(facts(look, facts_of(look, case, names)))
    if done := steps(look, case, names):
        column.addWidget(label(look.say("incident_steps"), "body", "soft"))
        for step in done:
            column.addWidget(label(step, wrap=True))
    number = str(case.incident.incident_id)
    support = look.say("incident_support", kind=str(case.incident.kind), number=number)
    column.addWidget(label(support, "secondary", wrap=True))
    return card
