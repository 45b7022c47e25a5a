"""Money that was taken for a sale: nobody leaves it behind without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.counter.tenders import money_taken
from till.ui.look import Message
from till.ui.session import Level
from till.ui.widgets.basics import button

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.counter.open_sales import Resumed
    from till.counter.sale import Sale
    from till.ui.flows.open_sale_flow import OpenSaleFlow
    from till.ui.flows.sale_flow import SaleFlow
    from till.ui.stage import Stage


class OpenSaleScreens(QObject):
    """Asks before a sale is left that holds money; `closing` asks to end the program even so."""

    closing = Signal()

    def __init__(self, stage: Stage, sale: SaleFlow, open_sales: OpenSaleFlow) -> None:
        super().__init__(stage)
        self._stage, self._sale, self._flow = stage, sale, open_sales
        open_sales.given_back.connect(self._on_given_back)
        open_sales.resumed.connect(self._on_resumed)

    def clear(self) -> None:
        """The visitor leaves: at once, or when the money is given back.

        What waits for a card cannot be given back: it stays open until the card has told.
        """
        self._stage.slot.clear()
        waits = self._sale.sale.waits_for_card is not None
        if waits or not self._asked_about_money(self._flow.give_back_and_up):
            self._sale.give_up()

    def pay_again(self) -> None:
        """The visitor pays another way, when the money is given back."""
        self._asked_about_money(self._flow.give_back)

    def ask_to_finish(self) -> None:
        """Nobody signs out over a sale."""
        text = self._stage.look.say("ui_finish_first")
        self._stage.say(Message(Level.ATTENTION, self._money() or text))

    def ask_to_close(self) -> None:
        """The window is to be closed over a sale; `closing` follows where that is meant."""
        look, money = self._stage.look, self._money()
        text = (
            f"{money} {look.say('ui_close_comes_back')}" if money else look.say("ui_close_basket")
        )
        offer = button(look.say("ui_close"), "step", look.icon("x"))
        offer.clicked.connect(self.closing)
        self._stage.slot.show_message(Message(Level.ATTENTION, text), offer)

    def _asked_about_money(self, given_back: Callable[[], None]) -> bool:
        money = self._money()
        if money:
            offer = button(self._stage.look.say("ui_given_back"), "step")
            offer.clicked.connect(given_back)
            self._stage.slot.show_message(Message(Level.ATTENTION, money), offer)
        return bool(money)

    def _money(self) -> str:
        """What was taken for the sale and what to do with it; nothing where nothing was taken."""
        taken = money_taken(self._sale.sale.tenders)
        return "" if taken is None else self._stage.look.texts.explain(taken)

    def _on_given_back(self, paid: Sale) -> None:
        sums = [self._stage.look.full(tender.amount) for tender in paid.tenders]
        text = self._stage.look.say("ui_given_back_noted", amounts=", ".join(sums))
        self._stage.say(Message(Level.ATTENTION, text))

    def _on_resumed(self, resumed: Resumed) -> None:
        look, since = self._stage.look, resumed.interrupted.since
        said = [
            look.say(
                "ui_sale_resumed",
                day=look.texts.day(since),
                time=since,
                who=resumed.interrupted.cashier,
            ),
            self._money(),
        ]
        said += [
            look.say("ui_hold_lost", amount=given.amount, last4=given.voucher.last4)
            for given in resumed.lost
        ]
        self._stage.say(Message(Level.ATTENTION, " ".join(filter(None, said))))
