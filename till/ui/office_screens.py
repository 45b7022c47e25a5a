"""Accounts and shift: the screens beside the sale, wired to their flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from till.ui.look import Message
from till.ui.screens.accounts import AccountsScreen
from till.ui.screens.approve import ApproveScreen
from till.ui.screens.block import BlockScreen
from till.ui.screens.shift import ShiftScreen
from till.ui.session import Level
from till.ui.stage import HOME, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from till.ui.flows.account_flow import AccountFlow
    from till.ui.flows.shift_flow import ShiftFlow
    from vouchers.people import User
    from vouchers.voucher import Account

BLOCK = "accounts/block"


class AccountScreens(QObject):
    """Accounts, and the supervisor's PIN before them."""

    def __init__(self, stage: Stage, flow: AccountFlow, people: list[User]) -> None:
        super().__init__(stage)
        self._stage, self._flow = stage, flow
        self._wanted: Account | None = None
        self._chosen_from: list[Account] = []
        self._accounts = AccountsScreen(stage.look, people)
        self._block = BlockScreen(stage.look)
        self._approve = ApproveScreen(stage.look)
        say = stage.look.say
        self._approve.ask(say("ui_approve_what"), say("ui_approve_why"), say("ui_approve"))
        stage.add("accounts", self._accounts)
        stage.add("approve", self._approve)
        stage.add(BLOCK, self._block)
        self._accounts.chosen.connect(flow.open)
        self._accounts.finished.connect(lambda: stage.go(HOME))
        self._accounts.left.connect(self.leave)
        self._approve.left.connect(self.leave)
        self._approve.entered.connect(self._on_pin)
        self._accounts.block_wanted.connect(self._on_block_wanted)
        self._block.left.connect(lambda: stage.go("accounts"))
        self._block.changing.connect(flow.change_status)
        flow.changed.connect(self._on_changed)
        flow.opened.connect(self._on_opened)
        flow.found.connect(self._on_found)
        flow.read.connect(self._accounts.show_statement)
        flow.refused.connect(stage.refuse)
        stage.moved.connect(self._on_moved)

    def enter_found(self, accounts: list[Account]) -> None:
        """Go to the accounts, with these to choose from."""
        self.enter(choices=accounts)

    def enter(self, account: Account | None = None, choices: Sequence[Account] = ()) -> None:
        """Go to the accounts, with one of them open if it is known which, or a choice of some."""
        self._stage.slot.clear()
        self._wanted, self._chosen_from = account, list(choices)
        if self._flow.supervisor is not None:
            self._on_opened()
        else:
            self._approve.clear()
            self._stage.go("approve")

    def find(self, asked: str) -> None:
        """Search by code, last four characters or receipt number."""
        self._stage.slot.clear()
        self._flow.find(asked)

    def leave(self) -> None:
        """One step back."""
        self._stage.go(HOME)

    def _on_pin(self, pin: str) -> None:
        self._stage.slot.clear()
        self._flow.approve(pin)

    def _on_opened(self) -> None:
        self._accounts.clear()
        self._stage.go("accounts")
        if self._chosen_from:
            self._accounts.show_found(self._chosen_from)
        if self._wanted is not None:
            self._flow.open(self._wanted)

    def _on_found(self, accounts: list[Account]) -> None:
        self._stage.field.clear()
        self._accounts.show_found(accounts)

    def _on_block_wanted(self, account: Account) -> None:
        self._stage.slot.clear()
        self._block.begin(account)
        self._stage.go(BLOCK)

    def _on_changed(self, account: Account, key: str) -> None:
        look = self._stage.look
        self._stage.go("accounts")
        self._flow.open(account)
        level = Level.ATTENTION if key == "account_blocked_here" else Level.ACCEPTED
        self._stage.say(Message(level, look.say(key, last4=account.voucher.last4)))

    def _on_moved(self, place: str) -> None:
        if place not in ("accounts", "approve", BLOCK):
            self._flow.close()


class ShiftScreens(QObject):
    """The shift."""

    def __init__(self, stage: Stage, flow: ShiftFlow, currency: str) -> None:
        super().__init__(stage)
        self._stage, self._flow = stage, flow
        shift = ShiftScreen(stage.look, currency)
        stage.add("shift", shift)
        shift.opening.connect(flow.open)
        shift.closing.connect(flow.close)
        shift.left.connect(lambda: stage.go(HOME))
        flow.figures.connect(shift.show_figures)
        flow.closed.connect(shift.show_closed)
        flow.outside.connect(shift.show_outside)
        shift.outside_wanted.connect(flow.report_outside)
        shift.x_wanted.connect(flow.print_x)
        shift.z_wanted.connect(flow.reprint_z)
        flow.said.connect(self._on_said)
        flow.refused.connect(stage.refuse)

    def enter(self) -> None:
        """Show how the shift stands."""
        self._stage.slot.clear()
        self._flow.refresh()
        self._stage.go("shift")

    def _on_said(self, key: str) -> None:
        self._stage.say(Message(Level.ACCEPTED, self._stage.look.say(key)))
