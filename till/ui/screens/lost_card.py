"""One lost card: blocked at every till, then its value onto a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from till.ui.screens.screen import Screen, column
from till.ui.style import tokens
from till.ui.widgets.basics import empty, frame, label, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.reason_field import ReasonField
from vouchers.voucher import VoucherStatus

if TYPE_CHECKING:
    from till.ui.flows.card_flow import Lost
    from till.ui.look import Look

_REASONS = ("lost", "stolen", "broken")


class LostCardScreen(Screen):
    """`blocking` and `renewing` carry the Lost and the reason, `finished` says it is done."""

    blocking = Signal(object, str)
    renewing = Signal(object, str)
    finished = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._lost: Lost | None = None
        self._blocked = self._done = False
        words, inside = column()
        self._about = QVBoxLayout()
        spaced(self._about)
        usual = [f"ui_lost_reason_{each}" for each in _REASONS]
        self._reason = ReasonField(look, look.say("ui_lost_reason"), usual)
        self._reason.changed.connect(self.primary_changed)
        inside.addLayout(self._about)
        inside.addWidget(self._reason)
        inside.addStretch(1)
        self.lay_out(look.say("ui_cards_lost"), words)

    def begin(self, lost: Lost) -> None:
        """Show a card, blocked already or not."""
        self._lost = lost
        self._blocked = lost.card.status is VoucherStatus.BLOCKED
        self._done = False
        self._reason.clear()
        self._draw(lost)

    def show_blocked(self, lost: Lost) -> None:
        """It is blocked at every till."""
        self._blocked = True
        self._draw(lost)

    def show_done(self) -> None:
        """The new card has it all."""
        self._done = True
        self.primary_changed.emit()

    def primary(self) -> Primary:
        """Block, then move, then done."""
        if self._lost is None or self._done or (self._blocked and not self._movable):
            return Primary(self.look.say("ui_cards_done"))
        name = self._lost.card.voucher.last4
        if not self._blocked:
            text = self.look.say("ui_lost_block", last4=name)
            return Primary(text, enabled=bool(self._reason.text))
        amount = self.look.full(self._lost.worth.balance)
        return Primary(self.look.say("ui_lost_new", amount=amount))

    def press_primary(self) -> None:
        """See primary."""
        if self._lost is None or self._done or (self._blocked and not self._movable):
            self.finished.emit()
        elif not self._blocked:
            self.blocking.emit(self._lost, self._reason.text)
        else:
            reason = self._reason.text or self.look.say("ui_lost_reason_lost")
            self.renewing.emit(self._lost, reason)

    def type_key(self, sign: str) -> bool:
        """All signs go to the reason."""
        if not self._blocked:
            self._reason.type_key(sign)
        return True

    def erase(self) -> bool:
        """Of the reason."""
        self._reason.erase()
        return True

    @property
    def _movable(self) -> bool:
        return self._lost is not None and self._lost.worth.balance.minor > 0

    def _draw(self, lost: Lost) -> None:
        empty(self._about)
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN, tokens.GRID)
        name = self.look.say("ui_card_title", last4=lost.card.voucher.last4)
        inside.addWidget(label(name, "title"))
        inside.addWidget(label(self.look.voucher_title(lost.worth.voucher), "secondary", wrap=True))
        inside.addWidget(label(self.look.amount(lost.worth.balance), "balance"))
        self._about.addWidget(card)
        if self._blocked:
            self._about.addWidget(label(self._said(lost), wrap=True))
        self._reason.setVisible(not self._blocked)
        self.primary_changed.emit()

    def _said(self, lost: Lost) -> str:
        balance = self.look.full(lost.worth.balance)
        said = self.look.say("ui_lost_is_blocked", last4=lost.card.voucher.last4, balance=balance)
        return said if self._movable else f"{said} {self.look.say('ui_lost_empty')}"
