"""Value that moves from a voucher on paper to a purse card, and from the card back onto paper."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from till.ui.look import Message
from till.ui.session import Level
from vouchers.ledger import Basis

if TYPE_CHECKING:
    from till.counter.card_touched import CardTouched
    from till.counter.redemption import Found
    from till.ui.card_taps import CardTaps
    from till.ui.flows.card_flow import CardFlow
    from till.ui.stage import Stage


class CardMoves(QObject):
    """A tap that was in doubt is repeated by the next one, which settles before anything else."""

    def __init__(self, stage: Stage, flow: CardFlow, taps: CardTaps) -> None:
        super().__init__(stage)
        self._stage, self._flow, self._taps = stage, flow, taps
        flow.put_on.connect(self._on_put_on)
        flow.put_off.connect(self._on_put_off)

    def onto_card(self, found: Found) -> None:
        """The next card takes what the voucher is worth."""
        self._say(Level.ATTENTION, "ui_onto_hold", amount=found.account.balance)
        self._taps.divert(partial(self._flow.put_on_card, found))

    def to_paper(self, seen: CardTouched) -> None:
        """What was seen on a card goes onto paper: now if it still lies there, else at its tap."""
        self._say(Level.ATTENTION, "card_working")
        move = partial(self._flow.put_on_paper, seen)
        self._taps.divert(move)
        move()

    def ask_for(self, seen: CardTouched) -> None:
        """The card that is to go onto paper is not there."""
        self._say(Level.ATTENTION, "ui_paper_hold", amount=seen.balance, last4=seen.last4)

    def _on_put_on(self, found: Found, touched: CardTouched) -> None:
        given = touched.given_by(found.account.voucher)
        if given is None:
            self._taps.tell_settled(touched)
            return
        online = given.basis is Basis.ONLINE
        self._finish(
            Level.ACCEPTED if online else Level.ATTENTION,
            "ui_onto_done" if online else "ui_onto_done_offline",
            amount=given.amount,
            voucher=given.voucher.last4,
            last4=touched.last4,
            balance=touched.balance,
        )

    def _on_put_off(self, seen: CardTouched, touched: CardTouched) -> None:
        told = [touched.committed, *(outcome.committed for outcome in touched.earlier)]
        made = [new.voucher for done in told if done is not None for new in done.vouchers]
        if not made:
            self._taps.tell_settled(touched)
            return
        self._finish(
            Level.ACCEPTED,
            "ui_paper_done",
            amount=seen.balance,
            last4=touched.last4,
            voucher=made[-1].last4,
        )

    def _finish(self, level: Level, key: str, **details: object) -> None:
        """What the screen shows is not so any more: one step back."""
        self._taps.divert(None)
        self._taps.sound()
        if self._stage.place in ("redeem", "card"):
            self._stage.shown.left.emit()
        self._say(level, key, **details)

    def _say(self, level: Level, key: str, **details: object) -> None:
        self._stage.say(Message(level, self._stage.look.say(key, **details)))
