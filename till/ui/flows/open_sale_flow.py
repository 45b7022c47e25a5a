"""Money that was taken for a sale: given back, or found again after the program was ended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.counter.sale import Sale
from till.ui.runner import Runner, Unexpected

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.counter.counter import Counter
    from till.counter.open_sales import Resumed
    from till.ui.flows.sale_flow import SaleFlow
    from vouchers.errors import OperatingError
    from vouchers.people import User


class OpenSaleFlow(QObject):
    """Works on the sale of a SaleFlow. Signals carry values: `given_back` the Sale whose money the
    visitor has again, `resumed` a Resumed: a sale that was interrupted goes on.
    """

    given_back = Signal(object)
    resumed = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, cashier: User, flow: SaleFlow) -> None:
        super().__init__()
        self._open_sales, self._cashier, self._flow = counter.open_sales, cashier, flow
        self._runner = runner
        self._more = False
        flow.ended.connect(self._on_ended)
        flow.refused.connect(self._on_refused)

    def resume(self) -> None:
        """Go on with the oldest sale that was interrupted; `resumed` follows if there is one.

        Whoever sells meanwhile is not held up: it comes when their basket is free.
        """
        self._runner.run(self._open_sales.resume, self._on_found, self._flow.fail)

    def give_back(self) -> None:
        """The visitor has the money back, and may pay again; `given_back` follows."""
        self._flow.turns.take(lambda: self._give_back(self._flow.pay_anew))

    def give_back_and_up(self) -> None:
        """The visitor has left with the money; `given_back` follows, the basket is empty."""

        def give_up(sale: Sale) -> None:
            self._flow.put(sale)
            self._flow.give_up()

        self._flow.turns.take(lambda: self._give_back(give_up))

    def _give_back(self, then: Callable[[Sale], None]) -> None:
        paid = self._flow.sale

        def on_given_back(sale: Sale) -> None:
            self.given_back.emit(paid)
            then(sale)  # second: a price that is another by now must be read before paying again

        give_back = partial(self._open_sales.give_back, paid, self._cashier)
        self._flow.turns.work(give_back, on_given_back)

    def _on_found(self, resumed: Resumed | None) -> None:
        self._more = resumed is not None
        if resumed is not None:
            self._flow.turns.take(lambda: self._go_on(resumed))

    def _go_on(self, resumed: Resumed) -> None:
        if self._flow.sale.empty:
            self._flow.put(resumed.sale)
            self.resumed.emit(resumed)
            self._flow.reprice()

    def _on_ended(self) -> None:
        """After one interrupted sale there may be another."""
        if self._more:
            self.resume()

    def _on_refused(self, error: OperatingError) -> None:
        """What our mistake made of the sale nobody knows; the disk has it as it was before."""
        if isinstance(error, Unexpected):
            self.resume()
