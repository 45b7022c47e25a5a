"""Which card was lost: searched for, or one of those used here last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from till.ui.screens.screen import Screen, column
from till.ui.widgets.basics import empty, label
from till.ui.widgets.basket import Primary
from till.ui.widgets.card_views import choice_tile

if TYPE_CHECKING:
    from till.counter.lost_cards import SeenCard
    from till.ui.look import Look
    from vouchers.voucher import Account


class LostCardsScreen(Screen):
    """`chosen` carries the Account of a card, `finished` says that nobody goes on."""

    chosen = Signal(object)
    finished = Signal()
    invitation = "ui_lost_invitation"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        words, self._inside = column()
        self.lay_out(look.say("ui_cards_lost"), words)

    def show_recent(self, seen: list[SeenCard]) -> None:
        """The cards used here last."""
        self._begin()
        if seen:
            self._inside.addWidget(label(self.look.say("ui_lost_recent"), "strong"))
        for one in seen:
            day = self.look.texts.day(one.at)
            name = self.look.say("ui_lost_recent_at", last4=one.last4, day=day, time=one.at)
            if one.account is None:
                self._inside.addWidget(label(f"{name}: {self.look.say('ui_lost_no_account')}"))
            else:
                self._add(one.account, name)
        self._inside.addStretch(1)

    def show_found(self, accounts: list[Account]) -> None:
        """What a search has found."""
        self._begin()
        for account in accounts:
            self._add(account, f"\u2026{account.voucher.last4}")
        self._inside.addStretch(1)

    def primary(self) -> Primary:
        """Back to the cards."""
        return Primary(self.look.say("ui_cards_done"))

    def press_primary(self) -> None:
        """See primary."""
        self.finished.emit()

    def _begin(self) -> None:
        empty(self._inside)
        self._inside.addWidget(label(self.look.say("ui_lost_ask"), wrap=True))

    def _add(self, account: Account, name: str) -> None:
        is_key = account.voucher.key_card is not None
        status = self.look.say(f"ui_status_{account.status.value}")
        why = f"{self.look.voucher_title(account.voucher)} \u00b7 {status}"
        amount = "" if is_key else self.look.full(account.balance)
        tile = choice_tile(self.look, "credit-card", name, why, amount)
        tile.clicked.connect(lambda: self.chosen.emit(account))
        self._inside.addWidget(tile)
