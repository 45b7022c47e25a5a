"""The sale at this till: what the screens ask for, one thing after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from till.counter.sale import OPEN_AMOUNT, Sale, TenderKind
from till.ui.runner import LOOK_UPS, Runner, Unexpected
from vouchers.errors import OperatingError

if TYPE_CHECKING:
    from uuid import UUID

    from till.counter.checkout import Committed
    from till.counter.counter import Counter
    from till.counter.redemption import Found
    from vouchers.catalogue import Product
    from vouchers.errors import Refused
    from vouchers.money import Money
    from vouchers.people import User

Answer = TypeVar("Answer")


class SaleFlow(QObject):
    """Holds the sale. While a voucher is taken or the sale committed, later taps wait in line.

    Signals carry values: `changed` the Sale, `found` a Found and why it may not be redeemed (or
    None), `taken` a Redeemed, `committed` a Committed, `refused` an OperatingError.
    """

    changed = Signal(object)
    found = Signal(object, object)
    looking = Signal(bool)
    taken = Signal(object)
    committed = Signal(object)
    refused = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, currency: str) -> None:
        super().__init__()
        self._counter = counter
        self._runner = runner
        self._currency = currency
        self._sale = Sale.new(currency)
        self._occupied = False
        self._later: list[Callable[[], None]] = []

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
        self._runner.run(partial(self._find, scanned), self._on_found, self._on_missed, on=LOOK_UPS)

    def redeem(self, found: Found, amount: Money | None) -> None:
        """Take `amount` of a voucher for this sale; a service voucher goes in whole."""
        self._when_free(lambda: self._redeem(self._sale, found, amount, self._on_taken))

    def redeem_open(self, found: Found, amount: Money) -> None:
        """Take `amount` for something rung up elsewhere, and complete the sale at once."""
        self._when_free(lambda: self._redeem_open(found, amount))

    def remove_voucher(self, entry_id: UUID) -> None:
        """Give a voucher its amount back."""
        self._when_free(
            lambda: self._occupy(
                partial(self._counter.redemption.remove, self._sale, entry_id), self._set
            )
        )

    def tender(self, kind: TenderKind, amount: Money, cashier: User) -> None:
        """Take money; the sale is committed as soon as nothing is left to pay."""

        def take() -> None:
            self._try(lambda: self._set(self._sale.tender(kind, amount)))
            if self._sale.tenders and not self._sale.rest:
                self._commit(cashier)

        self._when_free(take)

    def without_tenders(self) -> None:
        """Start the payment again."""
        self._change(lambda sale: sale.without_tenders())

    def commit(self, cashier: User) -> None:
        """Complete the sale; `committed` or `refused` follows."""
        self._cashier = cashier
        self._when_free(lambda: self._commit(cashier))

    def give_up(self) -> None:
        """The visitor has left: the vouchers have their amounts back, the basket is empty."""
        self._when_free(self._give_up)

    def _find(self, scanned: str) -> tuple[Found, Refused | None]:
        found = self._counter.redemption.look_up(scanned)
        return found, self._counter.redemption.objection(found)

    def _on_found(self, answer: tuple[Found, Refused | None]) -> None:
        self.looking.emit(False)
        self.found.emit(*answer)

    def _on_missed(self, error: OperatingError) -> None:
        self.looking.emit(False)
        self.refused.emit(error)

    def _redeem(
        self, sale: Sale, found: Found, amount: Money | None, then: Callable[[Sale], None]
    ) -> None:
        self._occupy(partial(self._counter.redemption.add, sale, found, amount), then)

    def _on_taken(self, sale: Sale) -> None:
        self._set(sale)
        self.taken.emit(sale.redeemed[-1])

    def _give_up(self) -> None:
        if self._sale.redeemed:
            self._occupy(partial(self._counter.redemption.give_up, self._sale), lambda _: None)
        self._set(Sale.new(self._currency))

    def _commit(self, cashier: User) -> None:
        self._occupy(partial(self._counter.checkout.commit, self._sale, cashier), self._on_commit)

    def _on_commit(self, committed: Committed) -> None:
        self._set(Sale.new(self._currency))
        self.committed.emit(committed)

    def _set(self, sale: Sale) -> None:
        self._sale = sale
        self.changed.emit(sale)

    def _change(self, change: Callable[[Sale], Sale]) -> None:
        self._when_free(lambda: self._try(lambda: self._set(change(self._sale))))

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except OperatingError as error:
            self.refused.emit(error)

    def _when_free(self, step: Callable[[], None]) -> None:
        if self._occupied:
            self._later.append(step)
        else:
            step()

    def _occupy(self, work: Callable[[], Answer], then: Callable[[Answer], None]) -> None:
        self._occupied = True
        ...
