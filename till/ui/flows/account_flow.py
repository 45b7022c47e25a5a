"""Looking voucher accounts up, for a supervisor or with a supervisor's word."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Signal

from till.ui.flows.supervised_flow import SupervisedFlow
from till.ui.runner import LOOK_UPS, Runner
from vouchers.voucher import VoucherStatus

if TYPE_CHECKING:
    from till.counter.accounts import Statement
    from till.counter.counter import Counter
    from vouchers.people import User
    from vouchers.voucher import Account

ACTION = "account"
"""What the audit calls it."""


class AccountFlow(SupervisedFlow):
    """Accounts are found, read and blocked. Signals carry values: `found` a list of Accounts,
    `read` a Statement, `changed` the Account as it was blocked or unblocked, and the sentence
    about it.
    """

    found = Signal(object)
    read = Signal(object)
    changed = Signal(object, str)

    def __init__(self, counter: Counter, runner: Runner, user: User) -> None:
        super().__init__(counter, runner, user, ACTION)

    def find(self, asked: str) -> None:
        """Search by code, last four characters or receipt number."""
        find = partial(self._counter.accounts.find, asked)
        self._runner.run(find, self._on_found, self.refused.emit, on=LOOK_UPS)

    def open(self, account: Account) -> None:
        """Read an account out; it is written down who looked."""
        if self.supervisor is not None:
            read = partial(_read, self._counter, account, self.supervisor)
            self._runner.run(read, self.read.emit, self.refused.emit, on=LOOK_UPS)

    def change_status(self, account: Account, reason: str) -> None:
        """Block an account, or let a blocked one be used again; `changed` or `refused` follows."""
        if self.supervisor is not None:
            change = partial(_change_status, self._counter, account, self.supervisor, reason)
            self._runner.run(
                change, lambda answer: self.changed.emit(*answer), self.refused.emit, on=LOOK_UPS
            )

    def _on_found(self, accounts: list[Account]) -> None:
        self.found.emit(accounts)
        if len(accounts) == 1:
            self.open(accounts[0])


def _read(counter: Counter, account: Account, supervisor: User) -> Statement:
    counter.sign_in.approve(supervisor, "", ACTION, account.voucher.last4)
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
