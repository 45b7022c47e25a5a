"""Looking voucher accounts up, for a supervisor or with a supervisor's word."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from till.ui.runner import LOOK_UPS, Runner
from vouchers.people import Role
from vouchers.voucher import VoucherStatus

if TYPE_CHECKING:
    from till.counter.accounts import Statement
    from till.counter.counter import Counter
    from vouchers.errors import OperatingError
    from vouchers.people import User
    from vouchers.voucher import Account

ACTION = "account"
"""What the audit calls it."""


class AccountFlow(QObject):
    """Opens for a supervisor; a cashier gets in with a supervisor's PIN, until `close`.

    Signals carry values: `opened` nothing, `found` a list of Accounts, `read` a Statement,
    `changed` the Account as it was blocked or unblocked, and the sentence about it, `refused` an
    OperatingError.
    """

    opened = Signal()
    found = Signal(object)
    read = Signal(object)
    changed = Signal(object, str)
    refused = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, user: User) -> None:
        super().__init__()
        self._counter = counter
        self._runner = runner
        self._user = user
        self._reader = user if user.role is Role.SUPERVISOR else None

    @property
    def is_open(self) -> bool:
        """Whether accounts may be read now."""
        return self._reader is not None

    def approve(self, pin: str) -> None:
        """Ask for a supervisor's word; `opened` or `refused` follows."""
        approve = partial(self._counter.sign_in.approve, self._user, pin, ACTION, "")
        self._runner.run(approve, self._on_approved, self.refused.emit)

    def close(self) -> None:
        """A supervisor's word is good for one visit."""
        self._reader = self._user if self._user.role is Role.SUPERVISOR else None

    def find(self, asked: str) -> None:
        """Search by code, last four characters or receipt number."""
        find = partial(self._counter.accounts.find, asked)
        self._runner.run(find, self._on_found, self._on_error, on=LOOK_UPS)

    def open(self, account: Account) -> None:
        """Read an account out; it is written down who looked."""
        if self._reader is not None:
            read = partial(_read, self._counter, account, self._reader)
            self._runner.run(read, self.read.emit, self._on_error, on=LOOK_UPS)

    def change_status(self, account: Account, reason: str) -> None:
        """Block an account, or let a blocked one be used again; `changed` or `refused` follows."""
        if self._reader is not None:
            change = partial(_change_status, self._counter, account, self._reader, reason)
            self._runner.run(
                change, lambda answer: self.changed.emit(*answer), self._on_error, on=LOOK_UPS
            )

    def _on_approved(self, supervisor: User) -> None:
        self._reader = supervisor
        self.opened.emit()

    def _on_found(self, accounts: list[Account]) -> None:
        self.found.emit(accounts)
        if len(accounts) == 1:
            self.open(accounts[0])

    def _on_error(self, error: OperatingError) -> None:
        self.refused.emit(error)


def _read(counter: Counter, account: Account, reader: User) -> Statement:
    counter.sign_in.approve(reader, "", ACTION, account.voucher.last4)
    return counter.accounts.statement(account)


def _change_status(
    counter: Counter, account: Account, supervisor: User, reason: str
) -> tuple[Account, str]:
    if account.status is VoucherStatus.ACTIVE:
        told = counter.accounts.block(account, supervisor=supervisor, reason=reason)
        blocked = replace(account, status=VoucherStatus.BLOCKED)
        return blocked, "account_blocked" if told else "account_blocked_here"
    counter.accounts.unblock(account, supervisor=supervisor, reason=reason)
    return replace(account, status=VoucherStatus.ACTIVE), "account_unblocked"
