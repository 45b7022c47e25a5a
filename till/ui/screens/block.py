"""Blocking a voucher, or letting it be used again: what that does, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from till.ui.screens.screen import Screen, column
from till.ui.widgets.basics import label
from till.ui.widgets.basket import Primary
from till.ui.widgets.reason_field import ReasonField
from vouchers.voucher import VoucherStatus

if TYPE_CHECKING:
    from till.ui.look import Look
    from vouchers.voucher import Account

_REASONS = ("copied", "lost", "checked")


class BlockScreen(Screen):
    """`changing` carries the Account and the reason."""

    changing = Signal(object, str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._account: Account | None = None
        self._key = "settle_block"
        self._title, self._what = label("", "title", wrap=True), label("", "body", wrap=True)
        usual = [f"block_reason_{each}" for each in _REASONS]
        self._reason = ReasonField(look, look.say("settle_reason"), usual)
        self._reason.changed.connect(self.primary_changed)
        words, inside = column()
        for part in (self._title, self._what, self._reason):
            inside.addWidget(part)
        inside.addStretch(1)
        self.lay_out(look.say("ui_accounts"), words)

    def begin(self, account: Account) -> None:
        """Ask why this account is blocked; or unblocked, where it is blocked now."""
        self._account = account
        active = account.status is VoucherStatus.ACTIVE
        self._key = "settle_block" if active else "settle_unblock"
        voucher = account.voucher
        self._title.setText(f"{self.look.voucher_title(voucher)} \u2026{voucher.last4}")
        self._what.setText(self.look.say(f"{self._key}_what"))
        self._reason.clear()
        self.primary_changed.emit()

    def primary(self) -> Primary:
        """Do it."""
        return Primary(self.look.say(self._key), enabled=bool(self._reason.text))

    def press_primary(self) -> None:
        """See primary."""
        if self._account is not None and self._reason.text:
            self.changing.emit(self._account, self._reason.text)

    def type_key(self, sign: str) -> bool:
        """Everything goes to the reason."""
        self._reason.type_key(sign)
        return True

    def erase(self) -> bool:
        """Of the reason."""
        self._reason.erase()
        return True
