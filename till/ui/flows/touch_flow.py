"""Cards on the reader: they pay for a sale, are loaded by it, and have back what they paid."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cardreader.purse.desk import CardInDoubt
from till.counter.card_books import after_card
from till.counter.card_touched import CardTouched

if TYPE_CHECKING:
    from till.counter.card_books import CardOutcome
    from till.counter.checkout import Committed
    from till.counter.counter import Counter
    from till.counter.sale import Sale
    from till.ui.flows.sale_flow import SaleFlow
    from till.ui.flows.status_watch import Standing
    from till.ui.flows.voucher_flow import VoucherFlow
    from till.ui.session import CardTable
    from vouchers.errors import OperatingError
    from vouchers.people import User


class TouchFlow(QObject):
    """What a card does for the sale of a SaleFlow. Signals carry values: `tapped` whether a card
    came or went, `touched` a CardTouched, `heard` the CardOutcome of a card that another till has
    seen.
    """

    tapped = Signal(bool)
    touched = Signal(object)
    heard = Signal(object)

    def __init__(
        self,
        counter: Counter,
        cashier: User,
        flow: SaleFlow,
        vouchers: VoucherFlow,
        cards: CardTable,
    ) -> None:
        super().__init__()
        self._counter, self._cashier, self._cards = counter, cashier, cards.workflows
        self._flow, self._vouchers = flow, vouchers
        cards.listen(self._on_tap)

    def touch(self, on_error: Callable[[OperatingError], None]) -> None:
        """A card is on the reader; what became of the sale follows, and `touched`."""

        def step() -> None:  # the card may pay, and no voucher beside it is to be lost then
            self._flow.hold_on(lambda sale: self._touch(sale, on_error))

        self._flow.turns.take(step)

    def _touch(self, sale: Sale, on_error: Callable[[OperatingError], None]) -> None:
        work = partial(self._cards.touch, sale, self._cashier)
        if (part := self._flow.owed_to_card) is not None:
            owed = self._counter.card_owed.part_of(sale, part)
            work = partial(self._cards.put_back, owed, self._cashier)
        self._flow.turns.work(work, self._on_touched, lambda error: self._on_error(error, on_error))

    def listen(self, _standing: Standing) -> None:
        """Something has changed: another till may have seen the card that the sale waits for."""
        if self._flow.sale.waits_for_card is not None:
            self._look_again()

    def _on_error(self, error: OperatingError, tell: Callable[[OperatingError], None]) -> None:
        if isinstance(error, CardInDoubt):
            self._look_again()
        tell(error)

    def _look_again(self) -> None:
        def step() -> None:
            standing = partial(self._counter.card_books.standing, self._flow.sale)
            self._flow.turns.work(standing, self._on_standing)

        self._flow.turns.take(step)

    def _on_standing(self, standing: tuple[Sale, CardOutcome | None]) -> None:
        sale, outcome = standing
        if outcome is None:
            if sale != self._flow.sale:
                self._flow.put(sale)
            return
        if outcome.committed is not None:
            self._flow.finish(outcome.committed)
        else:
            self._flow.go_on(after_card(sale, outcome))
        self.heard.emit(outcome)

    def _on_tap(self, came: bool) -> None:
        """On the reader's thread. The reader outlives every screen, and keeps this flow alive."""
        self.tapped.emit(came)

    def _on_touched(self, touched: CardTouched) -> None:
        """What the card told of this very sale counts, whichever tap it was meant for."""
        sale = self._flow.sale
        for outcome in touched.earlier:
            if outcome.sale.sale_id == sale.sale_id:
                sale = after_card(sale, outcome)
        done = touched.committed or _completed(sale, touched)
        if done is not None:
            self._flow.finish(done)
        elif (changed := touched.sale or sale) is not self._flow.sale:
            self._flow.go_on(changed)
        if touched.found is not None:
            self._vouchers.show(touched.found)
        self.touched.emit(touched)


def _completed(sale: Sale, touched: CardTouched) -> Committed | None:
    """This very sale, when the card told that it is complete."""
    for outcome in touched.earlier:
        if outcome.committed is not None and outcome.sale.sale_id == sale.sale_id:
            return outcome.committed
    return None
