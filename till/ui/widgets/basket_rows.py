"""The rows of the basket: a tap opens one, and what can be done with it appears below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from till.ui.style import tokens
from till.ui.widgets.basics import button, figure, label, picture, spaced
from vouchers.ledger import Basis

if TYPE_CHECKING:
    from till.counter.basket import SaleLine
    from till.counter.redeemed import Redeemed
    from till.ui.look import Look
    from vouchers.campaigns import Campaign
    from vouchers.money import Money

_LEFT = {
    Basis.ONLINE: "ui_left_server",
    Basis.CARD: "ui_left_server",
    Basis.OVERRIDE: "override_row",
}
_STEP_SIZE = tokens.TOUCH


class BasketRow(QFrame):
    """One row. `quantity` carries the new quantity, `taken_out` asks to take a voucher out."""

    opened = Signal()
    quantity = Signal(int)
    taken_out = Signal()

    def __init__(self, head: QHBoxLayout, tools: QHBoxLayout, *, active: bool) -> None:
        super().__init__()
        self.setProperty("role", "line")
        self.setProperty("active", str(active).lower())
        column = QVBoxLayout(self)
        spaced(column, gap=0)
        column.addWidget(self._head(head))
        opened = QWidget()
        opened.setLayout(tools)
        opened.setVisible(active)
        tools.setContentsMargins(tokens.GRID, 0, tokens.GRID, tokens.GRID)
        column.addWidget(opened)

    def _head(self, inside: QHBoxLayout) -> QPushButton:
        head = button("", "quiet")
        head.setLayout(inside)
        inside.setContentsMargins(tokens.GRID, 6, tokens.GRID, 6)
        inside.setSpacing(12)
        head.setMinimumHeight(max(tokens.TOUCH, inside.sizeHint().height()))
        head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for part in head.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        head.clicked.connect(self.opened)
        return head


def line_row(look: Look, line: SaleLine, *, active: bool) -> BasketRow:
    """A product: quantity, name, total; opened, its unit price and the steps."""
    head = QHBoxLayout()
    count = figure(f"{line.quantity}\u00d7", "strong", "soft")
    count.setMinimumWidth(32)
    head.addWidget(count)
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.addStretch(1)
    words.addWidget(label(look.title(line.product), "body", wrap=True))
    if line.redeemed_from is not None:
        words.addWidget(label(look.say("ui_by_voucher"), "secondary"))
    elif line.quantity > 1:
        words.addWidget(label(look.say("ui_each", price=look.amount(line.unit)), "secondary"))
    words.addStretch(1)
    head.addLayout(words, 1)
    head.addWidget(figure(look.amount(line.listed), "strong"))
    tools = QHBoxLayout()
    row = BasketRow(head, tools, active=active and line.redeemed_from is None)
    _add_steps(look, row, tools, line.quantity)
    return row


def voucher_row(look: Look, given: Redeemed, pays: Money, *, active: bool) -> BasketRow:
    """A voucher: which one, what it pays, what it has left; opened, the way to take it out."""
    head = QHBoxLayout()
    head.addWidget(picture(look.pixmap("gift", "accepted")))
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.addStretch(1)
    row = "ui_card_row" if given.basis is Basis.CARD else "ui_voucher_row"
    words.addWidget(label(look.say(row, last4=given.voucher.last4), wrap=True))
    key = _LEFT.get(given.basis, "ui_left_here")
    left = look.say(key, balance=look.amount(given.balance))
    words.addWidget(label(left, "secondary", wrap=True))
    words.addStretch(1)
    head.addLayout(words, 1)
    head.addWidget(figure(look.amount(-pays), "strong", "accepted"))
    return _taken_out_again(look, head, active=active)


def campaign_row(look: Look, campaign: Campaign, off: Money, *, active: bool) -> BasketRow:
    """A campaign: its title and code, what it takes off; opened, the way to take it out."""
    head = QHBoxLayout()
    head.addWidget(picture(look.pixmap("ticket", "accepted")))
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.addStretch(1)
    words.addWidget(label(campaign.name(look.texts.language), wrap=True))
    key = "ui_action_row" if off else "ui_action_row_nothing"
    words.addWidget(label(look.say(key, code=campaign.code), "secondary", wrap=True))
    words.addStretch(1)
    head.addLayout(words, 1)
    head.addWidget(figure(look.amount(-off), "strong", "accepted"))
    return _taken_out_again(look, head, active=active)


def _taken_out_again(look: Look, head: QHBoxLayout, *, active: bool) -> BasketRow:
    tools = QHBoxLayout()
    row = BasketRow(head, tools, active=active)
    take_out = button(look.say("ui_take_out"), "step", look.icon("undo-2"))
    take_out.clicked.connect(row.taken_out)
    tools.addWidget(take_out)
    return row


def _add_steps(look: Look, row: BasketRow, tools: QHBoxLayout, quantity: int) -> None:
    remove = button("", "icon", look.icon("trash-2", "refused"))
    remove.setAccessibleName(look.say("ui_remove"))
    fewer = button("", "icon", look.icon("minus"))
    fewer.setAccessibleName(look.say("ui_fewer"))
    fewer.setEnabled(quantity > 1)
    more = button("", "icon", look.icon("plus"))
    more.setAccessibleName(look.say("ui_more"))
    remove.clicked.connect(lambda: row.quantity.emit(0))
    fewer.clicked.connect(lambda: row.quantity.emit(quantity - 1))
    more.clicked.connect(lambda: row.quantity.emit(quantity + 1))
    tools.addWidget(remove)
    tools.addStretch(1)
    count = label(str(quantity), "title")
    count.setMinimumWidth(48)
    count.setAlignment(Qt.AlignmentFlag.AlignCenter)
    for widget in (fewer, count, more):
        tools.addWidget(widget)
    for step in (remove, fewer, more):
        step.setFixedSize(_STEP_SIZE, tokens.TOUCH_MIN)
