"""Voucher accounts: entries with who, where and how allowed, receipts and balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from till.ui.screens.screen import Screen
from till.ui.style import tokens
from till.ui.widgets.account_views import account_tile, statement_view
from till.ui.widgets.basics import button, empty, label, picture, scrolling, spaced
from till.ui.widgets.basket import Primary
from vouchers.voucher import VoucherStatus

if TYPE_CHECKING:
    from till.counter.accounts import Statement
    from till.ui.look import Look
    from vouchers.people import User
    from vouchers.voucher import Account


class AccountsScreen(Screen):
    """`chosen` carries the Account that was tapped, `block_wanted` the one that is to be blocked or
    unblocked; `finished` says that nobody reads on.
    """

    chosen = Signal(object)
    block_wanted = Signal(object)
    finished = Signal()
    invitation = "ui_scan_account"

    def __init__(self, look: Look, people: list[User]) -> None:
        super().__init__(look)
        self._names = {user.user_id: user.name for user in people}
        self._found: list[Account] = []
        self._inside = QVBoxLayout()
        spaced(self._inside)
        content = QWidget()
        content.setLayout(self._inside)
        page = QVBoxLayout(self)
        spaced(page)
        page.addLayout(self.header(look.say("ui_accounts")))
        page.addWidget(scrolling(content), 1)
        self.clear()

    def clear(self) -> None:
        """Nothing has been searched for."""
        self._found = []
        empty(self._inside)
        self._inside.addStretch(1)
        drawn = picture(self.look.pixmap("wallet-cards", "line_strong", tokens.ICON_LARGE))
        self._inside.addWidget(drawn, 0, Qt.AlignmentFlag.AlignCenter)
        words = label(self.look.say("ui_accounts_empty"), "body", "soft", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._inside.addWidget(words)
        self._inside.addStretch(2)

    def show_found(self, accounts: list[Account]) -> None:
        """Several accounts to choose from; a single one is opened by itself."""
        self._found = accounts
        empty(self._inside)
        self._inside.addWidget(label(self.look.say("ui_found", count=len(accounts)), "strong"))
        for account in accounts:
            tile = account_tile(self.look, account)
            tile.clicked.connect(lambda _=False, account=account: self.chosen.emit(account))
            self._inside.addWidget(tile)
        self._inside.addStretch(1)

    def show_statement(self, statement: Statement) -> None:
        """An account in full."""
        empty(self._inside)
        self._inside.addWidget(statement_view(self.look, statement, self._names))
        self._inside.addWidget(self._block_button(statement.account))
        self._inside.addStretch(1)

    def _block_button(self, account: Account) -> QPushButton:
        active = account.status is VoucherStatus.ACTIVE
        key, icon = ("settle_block", "ban") if active else ("settle_unblock", "undo-2")
        made = button(self.look.say(key), "choice", self.look.icon(icon))
        made.clicked.connect(lambda: self.block_wanted.emit(account))
        return made

    def primary(self) -> Primary:
        """Back to selling."""
        return Primary(self.look.say("ui_accounts_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()
