"""After the sale: the change in the largest figures there are, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from till.ui.style import tokens
from till.ui.widgets.basics import frame, label, picture, spaced
from vouchers.ledger import Basis
from vouchers.voucher import Medium

if TYPE_CHECKING:
    from uuid import UUID

    from PySide6.QtWidgets import QFrame

    from sync.line import LineState
    from till.counter.checkout import Committed
    from till.counter.issuing import NewVoucher
    from till.counter.redeemed import Redeemed
    from till.ui.look import Look

SAID_ONE_BY_ONE = 3
_BY_TILL_ALONE = {Basis.OFFLINE, Basis.OVERRIDE}


def done_panel(
    look: Look, committed: Committed, line: LineState, in_trouble: frozenset[str]
) -> QFrame:
    """What the cashier does next: give change, hand out the receipt."""
    offline = any(given.basis in _BY_TILL_ALONE for given in committed.redeemed)
    tone = "attention" if offline else "accepted"
    panel = frame("message", tone)
    row = QHBoxLayout(panel)
    spaced(row, tokens.MARGIN, tokens.MARGIN)
    change = committed.receipt.change
    if change:
        money = QVBoxLayout()
        spaced(money, gap=0)
        money.addWidget(label(look.say("ui_change"), "title", tone))
        money.addWidget(label(look.amount(change), "change"))
        row.addLayout(money)
    words = QVBoxLayout()
    spaced(words, gap=tokens.GRID)
    words.addStretch(1)
    words.addLayout(_title(look, committed, tone))
    handed_out = _made(look, committed, in_trouble)
    for said in [*handed_out, *_sentences(look, committed, line)]:
        words.addWidget(label(said, wrap=True))
    words.addWidget(label(look.say("ui_next_customer"), "secondary", wrap=True))
    words.addStretch(1)
    row.addLayout(words, 1)
    return panel


def _title(look: Look, committed: Committed, tone: str) -> QHBoxLayout:
    title = QHBoxLayout()
    spaced(title, gap=tokens.GRID)
    icon = "triangle-alert" if tone == "attention" else "circle-check"
    title.addWidget(picture(look.pixmap(icon, tone)), 0, Qt.AlignmentFlag.AlignTop)
    key = "ui_done" if committed.receipt.change else "ui_done_no_change"
    words = label(look.say(key, receipt=committed.receipt.number), "title", tone, wrap=True)
    title.addWidget(words, 1)
    return title


def _made(look: Look, committed: Committed, in_trouble: frozenset[str]) -> list[str]:
    """Where each new voucher is. Without a printer its code is nowhere but here."""
    made, printers = committed.vouchers, committed.printed_by
    if len(made) <= SAID_ONE_BY_ONE or len(printers) < len(made):
        return [_made_one(look, new, printers, in_trouble) for new in made]
    waits = bool(in_trouble.intersection(printers.values()))
    return [look.say("ui_made_many_wait" if waits else "ui_made_many", count=len(made))]


def _made_one(
    look: Look, new: NewVoucher, printers: dict[UUID, str], in_trouble: frozenset[str]
) -> str:
    named = {"title": look.voucher_title(new.voucher), "last4": new.voucher.last4}
    printer = printers.get(new.voucher.voucher_id)
    if printer is None:
        return look.say("ui_made_code", code=new.code.grouped, **named)
    if printer in in_trouble:
        return look.say("ui_made_waits", **named)
    return look.say("ui_made_sheet" if new.medium is Medium.BLANK else "ui_made", **named)


def _sentences(look: Look, committed: Committed, line: LineState) -> list[str]:
    loaded = [
        look.say("ui_loaded", amount=card.value, balance=card.balance, last4=card.last4)
        for card in committed.receipt.vouchers
        if not card.code
    ]
    return loaded + [_redeemed(look, given, line) for given in committed.redeemed]


def _redeemed(look: Look, given: Redeemed, line: LineState) -> str:
    which = {"amount": given.amount, "balance": given.balance, "last4": given.voucher.last4}
    match given.basis:
        case Basis.CARD:
            return look.say("redeemed_card", **which)
        case Basis.ONLINE:
            return look.say("redeemed_online", **which)
        case Basis.OVERRIDE:
            return look.say("override_done", amount=given.amount, last4=given.voucher.last4)
        case Basis.OFFLINE if not line.online:
            return look.say("redeemed_offline", since=line.since, **which)
    return look.say("redeemed_here", **which)
