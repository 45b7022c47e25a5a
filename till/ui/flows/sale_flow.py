"""The sale at this till: what the screens ask for, one thing after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.counter.basket import OPEN_AMOUNT
from till.counter.discounting import without_campaign
from till.counter.payable import check_sale
from till.counter.prices import repriced
from till.counter.renewal import HoldsLost
from till.counter.sale import Sale
from till.counter.tenders import TenderKind, check_nothing_taken
from till.ui.flows.turns import Turns
from till.ui.runner import Runner, Unexpected
from vouchers.errors import Reason, Refused
from vouchers.ledger import Basis
from vouchers.voucher import Medium

if TYPE_CHECKING:
    from uuid import UUID

    from till.counter.checkout import Committed
    from till.counter.counter import Counter
    from till.counter.redeemed import Redeemed
    from vouchers.catalogue import Catalogue, Product
    from vouchers.errors import OperatingError
    from vouchers.money import Money
    from vouchers.people import User


class SaleFlow(QObject):
    """Holds the sale of the cashier who is signed in. No method waits; signals carry values:

    `changed` the Sale, `payable` the Sale that may be paid for now, `committed` a Committed,
    `refused` an OperatingError, `back_wanted` the OperatingError that tells what a card is to have
    back, `repriced` a list of PriceChange; `ended` says that the basket is free.

    Vouchers, cards and open sales have flows of their own that work on this sale: their steps take
    their turn in `turns`, change it by `work`, and hand it back with `put`, `complete`, `finish` or
    `fail`.
    """

    changed = Signal(object)
    payable = Signal(object)
    committed = Signal(object)
    refused = Signal(object)
    back_wanted = Signal(object)
    repriced = Signal(object)
    ended = Signal()

    def __init__(
        self, counter: Counter, runner: Runner, catalogue: Catalogue, cashier: User
    ) -> None:
        super().__init__()
        self.turns = Turns(runner, self.fail)
        self._counter = counter
        self._catalogue = catalogue
        self._cashier = cashier
        self._sale = Sale.new(catalogue.currency)
        self._back: UUID | None = None
        self._shift_open = True  # until it is told: the counter knows better in any case

    @property
    def sale(self) -> Sale:
        """The sale as it stands."""
        return self._sale

    @property
    def owed_to_card(self) -> Redeemed | None:
        """What a card has paid and is to have back at its next touch."""
        return self._paid_by_card(self._back)

    def use(self, catalogue: Catalogue) -> None:
        """Sell by another catalogue from now on; `repriced` tells what that does to the basket."""
        self._catalogue = catalogue
        self.turns.take(self.reprice)

    def add(self, product: Product, amount: Money | None = None) -> None:
        """One more of a product, as the venue sells it by now."""
        self._change(lambda sale: sale.add(self._as_sold_now(product), amount=amount))

    def set_quantity(self, index: int, quantity: int) -> None:
        """Another quantity in a line; 0 removes it."""
        self._change(lambda sale: sale.with_quantity(index, quantity))

    def remove_campaign(self) -> None:
        """Back to the prices of the catalogue."""
        self._change(without_campaign)

    def remove_voucher(self, entry_id: UUID) -> None:
        """Give a voucher its amount back; a card has to be held to the reader for that."""

        def step() -> None:
            remove = partial(self._counter.redemption.remove, self._sale, entry_id)
            if self._paid_by_card(entry_id) is None:
                self.work(remove, self.put)
            else:
                self._back = entry_id
                self.work(remove, self.put, self.back_wanted.emit)

        self.turns.take(step)

    def pay(self) -> None:
        """The basket is full; `payable` follows, or a refusal before anybody took money."""
        self.turns.take(self._pay)

    def note_shift(self, *, is_open: bool) -> None:
        """Whether a shift is open, as far as the till has told."""
        self._shift_open = is_open

    def agree(self) -> None:
        """Somebody says that the sale is meant as it stands, however unusual."""
        self._change(lambda sale: sale.agreed_to())

    def tender(self, kind: TenderKind, amount: Money, *, sure: bool = False) -> None:
        """Take money; the sale is committed as soon as nothing is left to pay. See Sale.tender."""

        def step() -> None:
            sale = self._sale.tender(kind, amount, sure=sure)
            take = partial(self._counter.open_sales.take, sale, self._cashier)
            self.turns.work(take, self._on_tendered)

        self.turns.take(step)

    def choose_medium(self, medium: Medium) -> None:
        """What the vouchers of this sale are handed out on."""
        self._change(lambda sale: sale.with_medium(medium))

    def put_onto_card(self, wanted: bool) -> None:
        """Whether the value that is sold goes onto a card."""
        medium = Medium.CARD if wanted else None
        self._change(lambda sale: sale.with_medium(medium))

    def commit(self) -> None:
        """Complete a sale with nothing left to pay; `committed` or `refused` follows."""
        self.turns.take(self._commit)

    def give_up(self) -> None:
        """The visitor has left: the vouchers have their amounts back, the basket is empty.

        Refused while money is here: see OpenSaleFlow.
        """
        self.turns.take(self._give_up)

    def leave(self, then: Callable[[OperatingError | None], None]) -> None:
        """The cashier has to go: what is in the basket waits on disk for whoever signs in next.

        `then` follows the steps under way, with what came in the way of that.
        """

        def step() -> None:
            leave = partial(self._counter.open_sales.leave, self._sale, self._cashier)
            self.turns.work(leave, then, then)

        self.turns.take(step)

    def work(
        self,
        work: Callable[[], Sale],
        then: Callable[[Sale], None],
        on_error: Callable[[OperatingError], None] | None = None,
    ) -> None:
        """Called by a step: nothing else happens until the sale that `work` makes is kept."""
        keep = self._counter.open_sales.keep
        self.turns.work(lambda: keep(work(), self._cashier), then, on_error)

    def hold_on(self, then: Callable[[Sale], None]) -> None:
        """Called by a step: somebody is about to pay, and every voucher has to be held till then.

        What cannot be held any more is told, and `then` does not follow.
        """

        def on_held(sale: Sale) -> None:
            if sale != self._sale:
                self.put(sale)
            then(sale)

        if not self._sale.redeemed:
            then(self._sale)
            return
        self.work(partial(self._counter.open_sales.hold_on, self._sale, self._cashier), on_held)

    def go_on(self, sale: Sale) -> None:
        """Called by a step: go on with the sale as it is changed; nothing else happens until it is
        kept, where money was taken for it.
        """
        self.put(sale)
        if sale.has_taken_money:
            self.work(lambda: sale, lambda _: None)

    def pay_anew(self, sale: Sale) -> None:
        """Called by a step: nothing is taken any more; go on at the prices of now."""
        self.put(sale)
        self.reprice()

    def reprice(self) -> None:
        """Called by a step: go on at the prices of now; `repriced` tells what they changed."""
        sale, changes = repriced(self._sale, self._catalogue)
        if sale != self._sale:
            self.put(sale)
        if changes:
            self.repriced.emit(changes)

    def put(self, sale: Sale) -> None:
        """Go on with the sale as a step has made it; `changed` follows."""
        self._sale = sale
        self.changed.emit(sale)

    def complete(self, sale: Sale) -> None:
        """Commit the sale as a step has made it; `committed` or `refused` follows."""
        self.put(sale)
        self._commit()

    def finish(self, committed: Committed) -> None:
        """The sale is committed: the next one begins."""
        self.put(Sale.new(self._catalogue.currency))
        self.committed.emit(committed)
        self.ended.emit()

    def fail(self, error: OperatingError) -> None:
        """Tell what came in the way; `refused` follows."""
        match error:
            case Unexpected():  # nobody knows how this sale stands: stop it
                self.put(Sale.new(self._catalogue.currency))
            case HoldsLost():
                self.put(error.sale)
        self.refused.emit(error)

    def _as_sold_now(self, product: Product) -> Product:
        return product if product is OPEN_AMOUNT else self._catalogue.product(product.product_id)

    def _change(self, change: Callable[[Sale], Sale]) -> None:
        def step() -> None:
            try:
                self.go_on(change(self._sale))
            except Refused:
                self.changed.emit(self._sale)  # what was tapped shows what is so
                raise

        self.turns.take(step)

    def _pay(self) -> None:
        check_sale(self._sale, self._catalogue, shift_open=self._shift_open)
        self.payable.emit(self._sale)
        self.hold_on(lambda _: None)

    def _on_tendered(self, sale: Sale) -> None:
        self.put(sale)
        if not sale.rest and not sale.onto_card:
            self._commit()

    def _commit(self) -> None:
        commit = partial(self._counter.checkout.commit, self._sale, self._cashier)
        self.turns.work(commit, self.finish)

    def _give_up(self) -> None:
        given_up = self._sale
        if given_up.waits_for_card is None:
            check_nothing_taken(given_up.tenders)
        self.put(Sale.new(self._catalogue.currency))
        if given_up.waits_for_card is not None:
            amount = given_up.waits_for_card
            self.back_wanted.emit(Refused(Reason.TENDER, "card_still_waits", amount=amount))
        give_up = partial(self._counter.open_sales.give_up, given_up)
        by_card = any(given.basis is Basis.CARD for given in given_up.redeemed)
        on_error = self.back_wanted.emit if by_card else None
        self.turns.work(give_up, lambda _: self.ended.emit(), on_error)

    def _paid_by_card(self, entry_id: UUID | None) -> Redeemed | None:
        for given in self._sale.redeemed:
            if given.entry_id == entry_id and given.basis is Basis.CARD:
                return given
        return None
