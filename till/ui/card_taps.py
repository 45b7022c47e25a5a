"""Taps of a card: with something to pay it pays, with a paid load it loads, else it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from cardreader.errors import NoCard
from cardreader.purse.desk import CardInDoubt
from till.ui.look import Message
from till.ui.session import Level
from vouchers.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.counter.card_books import CardOutcome
    from till.counter.card_touched import CardTouched
    from till.counter.sale import Sale
    from till.ui.flows.sale_flow import SaleFlow
    from till.ui.flows.touch_flow import TouchFlow
    from till.ui.stage import Stage
    from vouchers.errors import OperatingError

WAIT_MS = 60_000
"""A card that has not come by then is not waited for: another visitor's might be next."""


class CardTaps(QObject):
    """Carries taps to the sale, and says what came of them."""

    def __init__(self, stage: Stage, sale: SaleFlow, touches: TouchFlow) -> None:
        super().__init__(stage)
        self._stage, self._sale, self._touches = stage, sale, touches
        self._instead: Callable[[], None] | None = None
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self._on_waited)
        touches.tapped.connect(self._on_tap)
        sale.back_wanted.connect(self._on_back_wanted)
        touches.touched.connect(self._on_touched)
        touches.heard.connect(self._on_heard)
        sale.changed.connect(self._on_changed)

    def divert(self, instead: Callable[[], None] | None) -> None:
        """Let the next taps do something else; None gives them back to the sale."""
        self._instead = instead
        self._wait.stop()

    def divert_next(self, instead: Callable[[], None]) -> None:
        """Let a tap that comes within WAIT_MS do something else; after that it is the sale's."""
        self.divert(instead)
        self._wait.start(WAIT_MS)

    def _on_waited(self) -> None:
        self.divert(None)
        self._say(Level.ATTENTION, "card_ui_waited")

    def sound(self) -> None:
        """The card may be taken away."""
        QApplication.beep()

    def tell_first(self, touched: CardTouched, *, repeats: bool | None = None) -> None:
        """What the card told of a movement in doubt, or had back: nothing else was done with it.

        `repeats` says whether the next tap tries again; None leaves that to what was told.
        """
        self.sound()
        if not touched.earlier:
            self._say(Level.ACCEPTED, "card_ui_put_back", amount=touched.put_back, **_of(touched))
            return
        outcome = touched.earlier[-1]
        amount = Money(abs(outcome.amount.minor), outcome.amount.currency)
        level, key = Level.ATTENTION, "card_ui_settled_nothing"
        if outcome.done:
            level, key = Level.ACCEPTED, "card_ui_settled_done"
        elif self._is_repeated(outcome) if repeats is None else repeats:
            key = "card_ui_settled_void"
        self._say(level, key, amount=amount, balance=touched.balance)

    def refuse(self, error: OperatingError) -> None:
        """Say why nothing came of it; a card in doubt is no refusal."""
        self.sound()
        if isinstance(error, CardInDoubt):
            text = self._stage.look.texts.explain(error)
            self._stage.say(Message(Level.ATTENTION, text))
        elif error.key == "key_card_not_linked" and self._sale.sale.onto_card:
            self._say(Level.REFUSED, "key_card_sell_first")
        else:
            self._stage.refuse(error)

    def _on_tap(self, came: bool) -> None:
        if not came:
            return
        self._say(Level.ATTENTION, "card_working")
        if self._instead is not None:
            self._instead()
        else:
            self._touches.touch(self.refuse)

    def _on_back_wanted(self, wanted: OperatingError) -> None:
        """The card may lie there still; else the next tap does it."""
        text = self._stage.look.texts.explain(wanted)
        self._stage.say(Message(Level.ATTENTION, text))
        self._touches.touch(self._on_back_error)

    def _on_back_error(self, error: OperatingError) -> None:
        if not isinstance(error, NoCard):
            self.refuse(error)

    def _on_changed(self, sale: Sale) -> None:
        waits = sale.waits_for_card is not None
        if sale.tenders and not sale.rest and sale.onto_card and not waits:
            self._say(Level.ATTENTION, "card_hold")

    def _on_heard(self, outcome: CardOutcome) -> None:
        """Another till has seen the card that the sale waited for."""
        amount = Money(abs(outcome.amount.minor), outcome.amount.currency)
        level, key = Level.ATTENTION, "card_ui_heard_nothing"
        if outcome.done:
            level, key = Level.ACCEPTED, "card_ui_heard_done"
        self._say(level, key, amount=amount)

    def _on_touched(self, touched: CardTouched) -> None:
        if touched.earlier or touched.put_back is not None:
            self.tell_first(touched)
            return
        self.sound()
        if touched.found is not None:
            self._stage.slot.clear()
        elif touched.redeemed is not None and touched.committed is None:
            rest = self._sale.sale.rest
            self._say(
                Level.ACCEPTED,
                "card_ui_paid_part",
                amount=touched.redeemed.amount,
                rest=rest,
                **_of(touched),
            )
        elif touched.committed is None and touched.account is not None:
            self._say(Level.ATTENTION, "card_ui_differs", account=touched.account, **_of(touched))
        elif touched.committed is None:
            self._say(Level.ACCEPTED, "card_ui_shown", **_of(touched))

    def _is_repeated(self, outcome: CardOutcome) -> bool:
        """Whether the next tap tries again what came to nothing."""
        at_work = outcome.sale.sale_id == self._sale.sale.sale_id
        return at_work or outcome.corrects is not None or self._instead is not None

    def _say(self, level: Level, key: str, **details: object) -> None:
        self._stage.say(Message(level, self._stage.look.say(key, **details)))


def _of(touched: CardTouched) -> dict[str, object]:
    return {"last4": touched.last4, "balance": touched.balance}
