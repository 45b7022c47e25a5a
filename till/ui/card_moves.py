"""Value that moves onto a value card, which is shown first, and from a card back onto paper."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cardreader.errors import NoCard
from till.ui import card_taps
from till.ui.look import Message
from till.ui.screens.onto_card import OntoCardScreen
from till.ui.session import Level
from vouchers.ledger import Basis

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.counter.card_touched import CardTouched
    from till.counter.redemption import Found
    from till.ui.card_taps import CardTaps
    from till.ui.flows.card_flow import CardFlow
    from till.ui.stage import Stage
    from vouchers.errors import OperatingError
    from vouchers.money import Money
    from vouchers.voucher import Voucher

ONTO = "cards/onto"


@dataclass(frozen=True)
class Move:
    """What a voucher or a lost card is worth, on its way to the card that was seen: `begin` moves
    it, `tell` says that it is there, `back` is the place it was asked for at.
    """

    voucher: Voucher
    amount: Money
    begin: Callable[[CardTouched], None]
    tell: Callable[[CardTouched], None]
    back: str


class CardMoves(QObject):
    """A tap that was in doubt is repeated by the next one, which settles before anything else."""

    def __init__(self, stage: Stage, flow: CardFlow, taps: CardTaps) -> None:
        super().__init__(stage)
        self._stage, self._flow, self._taps = stage, flow, taps
        self._screen = OntoCardScreen(stage.look)
        self._move: Move | None = None
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self._on_waited)
        stage.add(ONTO, self._screen)
        self._screen.left.connect(self._leave)
        self._screen.confirmed.connect(self._on_confirmed)
        flow.onto.connect(self._on_card)
        flow.put_off.connect(self._on_put_off)

    def onto_card(self, found: Found) -> None:
        """What the voucher is worth goes onto the card that is shown next, and chosen then."""
        move = Move(
            voucher=found.account.voucher,
            amount=found.account.balance,
            begin=partial(self._flow.put_on_card, found),
            tell=partial(self._tell_put_on, found),
            back="redeem",
        )
        self.choose_card(move)

    def choose_card(self, move: Move) -> None:
        """Wait for a card; one that lies there already is shown like any other."""
        self._move = move
        self._screen.ask(move.amount)
        self._stage.slot.clear()
        self._stage.go(ONTO)
        self._taps.divert(self._flow.look)
        self._wait.start(card_taps.WAIT_MS)
        self._flow.look()

    def to_paper(self, seen: CardTouched) -> None:
        """What was seen on a card goes onto paper: now if it still lies there, else at its tap."""
        self._say(Level.ATTENTION, "card_working")
        move = partial(self._flow.put_on_paper, seen)
        self._taps.divert(move)
        move()

    def refuse(self, error: OperatingError, seen: CardTouched | None) -> bool:
        """Whether it is about a card that is waited for here: then it is said."""
        if self._stage.place == ONTO:
            if self._screen.moving or not isinstance(error, NoCard):
                self._screen.show_card(None)
                self._taps.refuse(error)
            return True
        if self._stage.place == "card" and seen is not None and isinstance(error, NoCard):
            self._say(Level.ATTENTION, "ui_paper_hold", amount=seen.balance, last4=seen.last4)
            return True
        return False

    def _on_confirmed(self, seen: CardTouched) -> None:
        self._say(Level.ATTENTION, "card_working")
        if self._move is not None:
            self._move.begin(seen)

    def _on_card(self, touched: CardTouched) -> None:
        """Show the card, or say that all is there: the card may tell that of a tap before."""
        if self._move is not None and touched.given_by(self._move.voucher) is not None:
            self._wait.stop()
            move, self._move = self._move, None
            move.tell(touched)
            return
        if self._stage.place != ONTO:
            return
        self._wait.start(card_taps.WAIT_MS)
        self._screen.show_card(touched)
        if touched.stopped:
            self._taps.tell_first(touched, repeats=False)
        else:
            self._taps.sound()
            self._stage.slot.clear()

    def _on_waited(self) -> None:
        if self._stage.place != ONTO or self._screen.moving:
            return
        amount = self._move and self._move.amount
        self._leave()
        self._say(Level.ATTENTION, "ui_onto_waited", amount=amount)

    def _leave(self) -> None:
        if self._screen.moving:
            return
        self._wait.stop()
        move, self._move = self._move, None
        self._stage.slot.clear()
        self._stage.go(move.back if move is not None else "sell")

    def _tell_put_on(self, found: Found, touched: CardTouched) -> None:
        given = touched.given_by(found.account.voucher)
        if given is None:
            return
        online = given.basis is Basis.ONLINE
        self._stage.go("redeem")
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
            self._taps.tell_first(touched)
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
