"""The sale at this till: what the screens ask for, one thing after the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from till.counter.card_touched import CardTouched, after_card
from till.counter.sale import OPEN_AMOUNT, Sale, TenderKind
from till.ui.flows.override import Doubtful, add_approved, may_be_overridden
from till.ui.flows.turns import Turns
from till.ui.runner import LOOK_UPS, Runner, Unexpected
from vouchers.campaigns import Campaign
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.ledger import Basis
from vouchers.voucher import Medium, VoucherKind

if TYPE_CHECKING:
    from uuid import UUID

    from till.counter.checkout import Committed
    from till.counter.counter import Counter
    from till.counter.redemption import Found
    from till.counter.sale import Redeemed
    from till.ui.flows.override import Approval
    from till.ui.session import CardTable
    from vouchers.catalogue import Product
    from vouchers.money import Money
    from vouchers.people import User

    _Answer = Campaign | tuple[Found, Refused | None]


class SaleFlow(QObject):
    """Holds the sale of the cashier who is signed in. No method waits; signals carry values:

    `changed` the Sale, `found` a Found and why nothing of it may be redeemed (or None),
    `discounted` the Sale that an action code was entered for, `taken` a Redeemed that joined it,
    `committed` a Committed, `refused` an OperatingError; `second_wanted` the Approval that needs
    a second supervisor and the id of the first; `doubted` a Refused and the Doubtful voucher that
    a supervisor may decide about; `touched` a CardTouched; `back_wanted` the OperatingError that
    tells what a card is to have back.
    """

    changed = Signal(object)
    looking = Signal(bool)
    found = Signal(object, object)
    discounted = Signal(object)
    taken = Signal(object)
    committed = Signal(object)
    refused = Signal(object)
    doubted = Signal(object, object)
    second_wanted = Signal(object, str)
    touched = Signal(object)
    back_wanted = Signal(object)

    def __init__(self, counter: Counter, runner: Runner, currency: str, cashier: User) -> None:
        super().__init__()
        self._counter = counter
        self._runner = runner
        self._currency = currency
        self._cashier = cashier
        self._turns = Turns(runner, self._on_error)
        self._sale = Sale.new(currency)
        self._shown: tuple[Found, str] | None = None
        self._back: UUID | None = None

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
        """Find what a scan stands for; `found`, `discounted` or `refused` follows."""
        self.looking.emit(True)
        find = partial(_find, self._counter, scanned)
        self._runner.run(
            find,
            lambda answer: self._on_scanned(scanned, answer),
            lambda error: self._on_voucher_error(_unknown(scanned, error), error),
            on=LOOK_UPS,
        )

    def doubt(self, found: Found) -> Doubtful | None:
        """The voucher scanned last, for a supervisor to decide about; None for any other."""
        if self._shown is None or self._shown[0] is not found or not self._shown[1]:
            return None
        voucher, balance = found.account.voucher, found.account.balance
        whole = balance if voucher.kind is VoucherKind.SERVICE else None
        same = balance.currency == self._sale.currency and not self._sale.empty
        wanted = min(balance, self._sale.rest) if same else None
        return Doubtful(self._shown[1], voucher.last4, wanted, whole)

    def override(self, approval: Approval, pin: str) -> None:
        """Take a voucher on a supervisor's word; without a basket it completes the sale."""

        def step() -> None:
            sale, then = self._sale, self._on_taken
            if sale.empty and approval.doubtful.in_whole is None:
                sale, then = sale.add(OPEN_AMOUNT, amount=approval.amount), self._complete
            add = partial(add_approved, self._counter, self._cashier, pin, approval, sale)
            self._turns.work(add, then, lambda error: self._on_not_approved(approval, error))

        self._turns.take(step)

    def agree(self, approval: Approval, pin: str, second: User, second_pin: str) -> None:
        """A second supervisor agrees with their PIN; then see override."""
        sign = partial(self._counter.sign_in.sign_in, second.user_id, second_pin)
        agreed = dataclasses.replace(approval, second=second)
        self._runner.run(sign, lambda _: self.override(agreed, pin), self._on_error)

    def redeem(self, found: Found, amount: Money | None) -> None:
        """Take `amount` of a voucher for this sale; a service voucher goes in whole."""
        self._turns.take(lambda: self._redeem(self._sale, found, amount, self._on_taken))

    def redeem_open(self, found: Found, amount: Money) -> None:
        """Take `amount` for something rung up elsewhere, and complete the sale at once."""

        def step() -> None:
            sale = self._sale.add(OPEN_AMOUNT, amount=amount)
            self._redeem(sale, found, amount, self._complete)

        self._turns.take(step)

    def remove_campaign(self) -> None:
        """Back to the prices of the catalogue."""
        self._change(lambda sale: sale.without_campaign())

    def remove_voucher(self, entry_id: UUID) -> None:
        """Give a voucher its amount back; a card has to be held to the reader for that."""

        def step() -> None:
            remove = partial(self._counter.redemption.remove, self._sale, entry_id)
            if self._paid_by_card(entry_id) is None:
                self._turns.work(remove, self._set)
            else:
                self._back = entry_id
                self._turns.work(remove, self._set, self.back_wanted.emit)

        self._turns.take(step)

    def tender(self, kind: TenderKind, amount: Money) -> None:
        """Take money; the sale is committed as soon as nothing is left to pay."""

        def step() -> None:
            sale = self._sale.tender(kind, amount)
            self._set(sale)
            if not sale.rest and not sale.onto_card:
                self._commit()

        self._turns.take(step)

    def choose_medium(self, medium: Medium) -> None:
        """What the vouchers of this sale are handed out on."""
        self._change(lambda sale: replace(sale, medium=medium))

    def put_onto_card(self, wanted: bool) -> None:
        """Whether the value that is sold goes onto a card."""
        medium = Medium.CARD if wanted else None
        self._change(lambda sale: replace(sale, medium=medium).checked_for_card())

    def touch(self, cards: CardTable, on_error: Callable[[OperatingError], None]) -> None:
        """A card is on the reader; `touched` follows, and what became of the sale."""

        def step() -> None:
            work = partial(cards.touch, self._sale, self._cashier)
            if (part := self._paid_by_card(self._back)) is not None:
                owed = self._counter.card_owed.part_of(self._sale, part)
                work = partial(cards.put_back, owed, self._cashier)
            self._turns.work(work, self._on_touched, on_error)

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

    def _on_scanned(self, scanned: str, answer: _Answer) -> None:
        if isinstance(answer, Campaign):
            self.looking.emit(False)
            self._turns.take(lambda: self._discount(answer))
        else:
            self._on_found(scanned, answer)

    def _discount(self, campaign: Campaign) -> None:
        self._set(self._sale.with_campaign(campaign))
        self.discounted.emit(self._sale)

    def _on_found(self, scanned: str, answer: tuple[Found, Refused | None]) -> None:
        self.looking.emit(False)
        self._shown = (answer[0], scanned)
        self.found.emit(*answer)

    def _redeem(
        self, sale: Sale, found: Found, amount: Money | None, then: Callable[[Sale], None]
    ) -> None:
        doubtful = self.doubt(found)
        self._turns.work(
            partial(self._counter.redemption.add, sale, found, amount),
            then,
            lambda error: self._on_voucher_error(doubtful, error),
        )

    def _on_taken(self, sale: Sale) -> None:
        self._set(sale)
        self.taken.emit(sale.redeemed[-1])

    def _complete(self, sale: Sale) -> None:
        self._set(sale)
        self._commit()

    def _commit(self) -> None:
        commit = partial(self._counter.checkout.commit, self._sale, self._cashier)
        self._turns.work(commit, self._on_committed)

    def _on_touched(self, touched: CardTouched) -> None:
        """What the card told of this very sale counts, whichever tap it was meant for."""
        for outcome in touched.earlier:
            if outcome.sale.sale_id == self._sale.sale_id:
                self._set(after_card(self._sale, outcome))
        if touched.sale is not None and touched.committed is None:
            self._set(touched.sale)
        done = touched.committed or _completed(self._sale, touched)
        if done is not None:
            self._on_committed(done)
        if touched.found is not None:
            self._on_found("", (touched.found, None))
        self.touched.emit(touched)

    def _paid_by_card(self, entry_id: UUID | None) -> Redeemed | None:
        for given in self._sale.redeemed:
            if given.entry_id == entry_id and given.basis is Basis.CARD:
                return given
        return None

    def _on_committed(self, committed: Committed) -> None:
        self._set(Sale.new(self._currency))
        self.committed.emit(committed)

    def _give_up(self) -> None:
        given_up = self._sale
        self._set(Sale.new(self._currency))
        if given_up.redeemed:
            give_up = partial(self._counter.redemption.give_up, given_up)
            by_card = any(given.basis is Basis.CARD for given in given_up.redeemed)
            on_error = self.back_wanted.emit if by_card else None
            self._turns.work(give_up, lambda _: None, on_error)

    def _set(self, sale: Sale) -> None:
        self._sale = sale
        self.changed.emit(sale)

    def _on_voucher_error(self, doubtful: Doubtful | None, error: OperatingError) -> None:
        if doubtful is not None and may_be_overridden(error):
            self.looking.emit(False)
            self.doubted.emit(error, doubtful)
        else:
            self._on_error(error)

    def _on_not_approved(self, approval: Approval, error: OperatingError) -> None:
        four_eyes = isinstance(error, Refused) and error.reason is Reason.FOUR_EYES
        if four_eyes and approval.second is None:
            self.second_wanted.emit(approval, str(error.details["first"]))
        else:
            self._on_error(error)

    def _on_error(self, error: OperatingError) -> None:
        self.looking.emit(False)
        if isinstance(error, Unexpected):  # nobody knows how this sale stands: stop it
            self._set(Sale.new(self._currency))
        self.refused.emit(error)


def _unknown(scanned: str, error: OperatingError) -> Doubtful:
    return Doubtful(scanned, str(error.details.get("last4", "")))


def _find(counter: Counter, scanned: str) -> _Answer:
    found = counter.action_codes.look_up(scanned)
    if isinstance(found, Campaign):
        return found
    return found, counter.redemption.objection(found)


def _completed(sale: Sale, touched: CardTouched) -> Committed | None:
    """This very sale, when the card told that it is complete."""
    for outcome in touched.earlier:
        if outcome.committed is not None and outcome.sale.sale_id == sale.sale_id:
            return outcome.committed
    return None
