"""The sale at this till: what the screens ask for, one thing after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.counter.sale import OPEN_AMOUNT, Sale, TenderKind
from till.ui.flows.turns import Turns
from till.ui.runner import LOOK_UPS, Runner, Unexpected
from vouchers.errors import OperatingError

if TYPE_CHECKING:
    from uuid import UUID

    from till.counter.checkout import Committed
    from till.counter.counter import Counter
    from till.counter.redemption import Found, Redemption
    from vouchers.catalogue import Product
    from vouchers.errors import Refused
    from vouchers.money import Money
    from vouchers.people import User


class SaleFlow(QObject):
    """Holds the sale of the cashier who is signed in. No method waits; signals carry values:

    `changed` the Sale, `found` a Found and why nothing of it may be redeemed (or None), `taken`
    a Redeemed that joined the sale, `committed` a Committed, `refused` an OperatingError.
    """

    changed = Signal(object)
    looking = Signal(bool)
    found = Signal(object, object)
    taken = Signal(object)
    committed = Signal(object)
    refused = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, currency: str, cashier: User) -> None:
        super().__init__()
        self._counter = counter
        self._runner = runner
        self._currency = currency
        self._cashier = cashier
        self._turns = Turns(runner, self._on_error)
        self._sale = Sale.new(currency)

    @property
    def sale(self) -> Sale:
        """The sale as it stands."""
        return self._sale

    def add(self, product: Product, amount: Money | None = None) -> None:
        """One more of a product."""
        self._change(lambda sale: sale.add(product, amount=amount))

    def set_quantity(self, index: int, quantity: int) -> None:
        """Another quantity in a line; 0 removes it."""
        self._change(lambda sale: sale.with_quantity(index, quantity))

    def look_up(self, scanned: str) -> None:
        """Find the voucher of a scan; `found` or `refused` follows."""
        self.looking.emit(True)
        find = partial(_find, self._counter.redemption, scanned)
        self._runner.run(find, self._on_found, self._on_error, on=LOOK_UPS)

    def redeem(self, found: Found, amount: Money | None) -> None:
        """Take `amount` of a voucher for this sale; a service voucher goes in whole."""
        self._turns.take(lambda: self._redeem(self._sale, found, amount, self._on_taken))

    def redeem_open(self, found: Found, amount: Money) -> None:
        """Take `amount` for something rung up elsewhere, and complete the sale at once."""

        def step() -> None:
            sale = self._sale.add(OPEN_AMOUNT, amount=amount)
            self._redeem(sale, found, amount, self._complete)

        self._turns.take(step)

    def remove_voucher(self, entry_id: UUID) -> None:
        """Give a voucher its amount back."""

        def step() -> None:
            remove = partial(self._counter.redemption.remove, self._sale, entry_id)
            self._turns.work(remove, self._set)

        self._turns.take(step)

    def tender(self, kind: TenderKind, amount: Money) -> None:
        """Take money; the sale is committed as soon as nothing is left to pay."""

        def step() -> None:
            sale = self._sale.tender(kind, amount)
            self._set(sale)
            if not sale.rest:
                self._commit()

        self._turns.take(step)

    def without_tenders(self) -> None:
        """Start the payment again."""
        self._change(lambda sale: sale.without_tenders())

    def commit(self) -> None:
        """Complete a sale with nothing left to pay; `committed` or `refused` follows."""
        self._turns.take(self._commit)

    def give_up(self) -> None:
        """The visitor has left: the vouchers have their amounts back, the basket is empty."""
        self._turns.take(self._give_up)

    def _change(self, change: Callable[[Sale], Sale]) -> None:
        self._turns.take(lambda: self._set(change(self._sale)))

    def _on_found(self, answer: tuple[Found, Refused | None]) -> None:
        self.looking.emit(False)
        self.found.emit(*answer)

    def _redeem(
        self, sale: Sale, found: Found, amount: Money | None, then: Callable[[Sale], None]
    ) -> None:
        self._turns.work(partial(self._counter.redemption.add, sale, found, amount), then)

    def _on_taken(self, sale: Sale) -> None:
        self._set(sale)
        self.taken.emit(sale.redeemed[-1])

    def _complete(self, sale: Sale) -> None:
        self._set(sale)
        self._commit()

    def _commit(self) -> None:
        commit = partial(self._counter.checkout.commit, self._sale, self._cashier)
        self._turns.work(commit, self._on_committed)

    def _on_committed(self, committed: Committed) -> None:
        self._set(Sale.new(self._currency))
        self.committed.emit(committed)

    def _give_up(self) -> None:
        given_up = self._sale
        self._set(Sale.new(self._currency))
        if given_up.redeemed:
            give_up = partial(self._counter.redemption.give_up, given_up)
            self._turns.work(give_up, lambda _: None)

    def _set(self, sale: Sale) -> None:
        self._sale = sale
        self.changed.emit(sale)

    def _on_error(self, error: OperatingError) -> None:
        self.looking.emit(False)
        if isinstance(error, Unexpected):  # nobody knows how this sale stands: stop it
            self._set(Sale.new(self._currency))
        self.refused.emit(error)


def _find(redemption: Redemption, scanned: str) -> tuple[Found, Refused | None]:
    found = redemption.look_up(scanned)
    return found, redemption.objection(found)
