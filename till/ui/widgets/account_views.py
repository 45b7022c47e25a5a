"""How a voucher account is drawn: as a tile to choose it, and in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from till.ui.style import tokens
from till.ui.widgets.basics import button, figure, frame, label, spaced
from till.ui.widgets.facts import facts, source_chip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QFrame

    from printing.documents import Receipt
    from till.counter.accounts import Statement
    from till.ui.look import Look
    from vouchers.ledger import LedgerEntry
    from vouchers.voucher import Account


def account_tile(look: Look, account: Account) -> QPushButton:
    """An account to choose: title, last four, expiry, balance."""
    tile = button("", "tile")
    tile.setMinimumHeight(80)
    row = QHBoxLayout(tile)
    spaced(row, tokens.GAP, tokens.GAP)
    words = QVBoxLayout()
    spaced(words, gap=2)
    voucher = account.voucher
    words.addWidget(label(look.voucher_title(voucher), "strong", wrap=True))
    words.addWidget(label(f"\u2026{voucher.last4} \u00b7 {_valid(look, account)}", "secondary"))
    row.addLayout(words, 1)
    row.addWidget(figure(look.full(account.balance), "title"))
    for part in tile.findChildren(QWidget):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return tile


def statement_view(look: Look, statement: Statement, names: Mapping[str, str]) -> QWidget:
    """An account in full; `names` are those of the venue's users by their ids."""
    view = QWidget()
    column = QVBoxLayout(view)
    spaced(column)
    column.addWidget(_head(look, statement))
    column.addWidget(label(look.say("ui_entries"), "title"))
    column.addWidget(_entries(look, statement.entries, names))
    if statement.receipts:
        column.addWidget(label(look.say("ui_receipts"), "title"))
        for receipt in statement.receipts:
            column.addWidget(_receipt(look, receipt))
    return view


def _head(look: Look, statement: Statement) -> QFrame:
    account, voucher = statement.account, statement.account.voucher
    card = frame("card")
    column = QVBoxLayout(card)
    spaced(column, tokens.MARGIN, tokens.GRID)
    top = QHBoxLayout()
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.addWidget(label(look.voucher_title(voucher), "title", wrap=True))
    words.addWidget(label(f"\u2026{voucher.last4}", "secondary"))
    words.addStretch(1)
    top.addLayout(words, 1)
    money = QVBoxLayout()
    spaced(money, gap=0)
    money.addWidget(figure(look.say("ui_balance"), "secondary"))
    money.addWidget(figure(look.full(account.balance), "total"))
    top.addLayout(money)
    column.addLayout(top)
    rows = {
        "ui_value": look.full(voucher.value),
        "ui_price_paid": look.full(voucher.price),
        "ui_valid_until": _expiry(look, account),
        "ui_status": look.word("ui_status", account.status),
    }
    column.addLayout(facts(look, rows))
    column.addWidget(source_chip(look, statement.basis, statement.offline_since))
    return card


def _entries(look: Look, entries: list[LedgerEntry], names: Mapping[str, str]) -> QFrame:
    card = frame("card")
    column = QVBoxLayout(card)
    spaced(column, gap=0)
    column.setContentsMargins(tokens.MARGIN, tokens.GRID, tokens.MARGIN, tokens.GRID)
    for index, entry in enumerate(entries):
        if index:
            column.addWidget(frame("rule"))
        column.addLayout(_entry(look, entry, names))
    return card


def _entry(look: Look, entry: LedgerEntry, names: Mapping[str, str]) -> QHBoxLayout:
    day = look.texts.day(entry.occurred_at)
    who_where = look.say(
        "ui_entry_by",
        day=day,
        time=entry.occurred_at,
        where=entry.origin,
        who=names.get(entry.actor, entry.actor),
    )
    how = look.word("ui_basis", entry.basis)
    if entry.receipt:
        how = look.say("ui_entry_how", how=how, reference=entry.receipt)
    row = QHBoxLayout()
    spaced(row)
    words = QVBoxLayout()
    spaced(words, gap=2)
    words.setContentsMargins(0, 12, 0, 12)
    words.addWidget(label(look.word("ui_kind", entry.kind), "strong"))
    words.addWidget(label(who_where, "secondary", wrap=True))
    words.addWidget(label(how, "secondary", wrap=True))
    if entry.reason:
        words.addWidget(label(entry.reason, "secondary", wrap=True))
    row.addLayout(words, 1)
    tone = "accepted" if entry.amount.minor > 0 else ""
    sign = "+" if entry.amount.minor > 0 else ""
    row.addWidget(figure(sign + look.amount(entry.amount), "title", tone))
    return row


def _receipt(look: Look, receipt: Receipt) -> QFrame:
    card = frame("card")
    column = QVBoxLayout(card)
    spaced(column, tokens.MARGIN, tokens.GRID)
    column.addWidget(label(receipt.number, "strong"))
    day = look.texts.day(receipt.at)
    said = look.say("ui_receipt_by", day=day, time=receipt.at, who=receipt.cashier)
    column.addWidget(label(said, "secondary", wrap=True))
    for line in receipt.lines:
        row = QHBoxLayout()
        row.addWidget(label(f"{line.quantity}\u00d7 {line.title}", wrap=True), 1)
        row.addWidget(figure(look.amount(line.listed)))
        column.addLayout(row)
        if line.discount:
            row = QHBoxLayout()
            row.addWidget(label(line.discount_title, wrap=True), 1)
            row.addWidget(figure(look.amount(-line.discount)))
            column.addLayout(row)
    for given in receipt.redeemed:
        row = QHBoxLayout()
        row.addWidget(label(look.say("ui_voucher_row", last4=given.last4), wrap=True), 1)
        row.addWidget(figure(look.amount(-given.amount)))
        column.addLayout(row)
    return card


def _valid(look: Look, account: Account) -> str:
    return look.say("ui_valid_to", day=_expiry(look, account))


def _expiry(look: Look, account: Account) -> str:
    day = account.voucher.expires_on
    return look.texts.show(day) if day else look.say("ui_for_ever")
