"""Vouchers and action codes at a sale: found by a scan, redeemed, or decided by a supervisor."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from till.counter.basket import OPEN_AMOUNT
from till.counter.discounting import with_campaign
from till.counter.permission import may_be_overridden
from till.counter.sale import Sale
from till.ui.flows.override import Doubtful, add_approved
from till.ui.runner import LOOK_UPS, Runner
from vouchers.campaigns import Campaign
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.voucher import VoucherKind

if TYPE_CHECKING:
    from till.counter.counter import Counter
    from till.counter.redemption import Found
    from till.ui.flows.override import Approval
    from till.ui.flows.sale_flow import SaleFlow
    from vouchers.money import Money
    from vouchers.people import User

    _Answer = Campaign | tuple[Found, Refused | None]


class VoucherFlow(QObject):
    """What is scanned joins the sale of a SaleFlow, which also tells what is refused.

    Signals carry values: `looking` whether a look-up is under way, `found` a Found and why nothing
    of it may be redeemed (or None), `discounted` the Sale that an action code was entered for,
    `taken` a Redeemed that joined it, `doubted` a Refused and the Doubtful voucher that
    a supervisor may decide about, `second_wanted` the Approval that needs a second supervisor and
    the id of the first.
    """

    looking = Signal(bool)
    found = Signal(object, object)
    discounted = Signal(object)
    taken = Signal(object)
    doubted = Signal(object, object)
    second_wanted = Signal(object, str)

    def __init__(self, counter: Counter, runner: Runner, cashier: User, flow: SaleFlow) -> None:
        super().__init__()
        self._counter, self._runner, self._cashier = counter, runner, cashier
        self._flow = flow
        self._shown: tuple[Found, str] | None = None
        self._look_ups = 0

    @property
    def is_looking(self) -> bool:
        """Whether a look-up is under way."""
        return self._look_ups > 0

    def look_up(self, scanned: str) -> None:
        """Find what a scan stands for; `found`, `discounted`, `doubted` or a refusal follows."""

        def on_answer(answer: _Answer) -> None:
            self._count(-1)
            self._on_scanned(scanned, answer)

        def on_error(error: OperatingError) -> None:
            self._count(-1)
            self._on_voucher_error(_unknown(scanned, error), error)

        self._count(1)
        self._runner.run(partial(_find, self._counter, scanned), on_answer, on_error, on=LOOK_UPS)

    def show(self, found: Found, objection: Refused | None = None, *, scanned: str = "") -> None:
        """Offer a voucher; `found` follows at once. Only one that was scanned can be doubted."""
        self._shown = (found, scanned)
        self.found.emit(found, objection)

    def doubt(self, found: Found) -> Doubtful | None:
        """The voucher scanned last, for a supervisor to decide about; None for any other."""
        if self._shown is None or self._shown[0] is not found or not self._shown[1]:
            return None
        voucher, balance, sale = found.account.voucher, found.account.balance, self._flow.sale
        whole = balance if voucher.kind is VoucherKind.SERVICE else None
        same = balance.currency == sale.currency and not sale.empty
        wanted = min(balance, sale.open_to_vouchers) if same else None
        return Doubtful(self._shown[1], voucher.last4, wanted, whole)

    def override(self, approval: Approval, pin: str) -> None:
        """Take a voucher on a supervisor's word; without a basket it completes the sale."""

        def step() -> None:
            sale, then = self._flow.sale, self._on_taken
            if sale.empty and approval.doubtful.in_whole is None:
                sale, then = sale.add(OPEN_AMOUNT, amount=approval.amount), self._flow.complete
            add = partial(add_approved, self._counter, self._cashier, pin, approval, sale)
            self._flow.work(add, then, lambda error: self._on_not_approved(approval, error))

        self._flow.turns.take(step)

    def agree(self, approval: Approval, pin: str, second: User, second_pin: str) -> None:
        """A second supervisor agrees with their PIN; then see override."""
        sign = partial(self._counter.sign_in.agree, second.user_id, second_pin)
        agreed = dataclasses.replace(approval, second=second)
        self._runner.run(sign, lambda _: self.override(agreed, pin), self._flow.fail)

    def redeem(self, found: Found, amount: Money | None) -> None:
        """Take `amount` of a voucher for this sale; a service voucher goes in whole."""
        self._flow.turns.take(lambda: self._redeem(self._flow.sale, found, amount, self._on_taken))

    def redeem_open(self, found: Found, amount: Money) -> None:
        """Take `amount` for something rung up elsewhere, and complete the sale at once."""

        def step() -> None:
            sale = self._flow.sale.add(OPEN_AMOUNT, amount=amount)
            self._redeem(sale, found, amount, self._flow.complete)

        self._flow.turns.take(step)

    def _redeem(
        self, sale: Sale, found: Found, amount: Money | None, then: Callable[[Sale], None]
    ) -> None:
        doubtful = self.doubt(found)
        self._flow.work(
            partial(self._counter.redemption.add, sale, found, amount),
            then,
            lambda error: self._on_voucher_error(doubtful, error),
        )

    def _on_scanned(self, scanned: str, answer: _Answer) -> None:
        if isinstance(answer, Campaign):
            self._flow.turns.take(lambda: self._discount(answer))
        else:
            self.show(*answer, scanned=scanned)

    def _discount(self, campaign: Campaign) -> None:
        self._flow.put(with_campaign(self._flow.sale, campaign))  # refused once money was taken
        self.discounted.emit(self._flow.sale)

    def _on_taken(self, sale: Sale) -> None:
        self._flow.put(sale)
        self.taken.emit(sale.redeemed[-1])

    def _on_voucher_error(self, doubtful: Doubtful | None, error: OperatingError) -> None:
        if doubtful is not None and may_be_overridden(error):
            self.doubted.emit(error, doubtful)
        else:
            self._flow.fail(error)

    def _on_not_approved(self, approval: Approval, error: OperatingError) -> None:
        four_eyes = isinstance(error, Refused) and error.reason is Reason.FOUR_EYES
        if four_eyes and approval.second is None:
            self.second_wanted.emit(approval, str(error.details["first"]))
        else:
            self._flow.fail(error)

    def _count(self, more: int) -> None:
        self._look_ups += more
        self.looking.emit(self.is_looking)


def _unknown(scanned: str, error: OperatingError) -> Doubtful:
    return Doubtful(scanned, str(error.details.get("last4", "")))


def _find(counter: Counter, scanned: str) -> _Answer:
    found = counter.action_codes.look_up(scanned)
    if isinstance(found, Campaign):
        return found
    return found, counter.redemption.objection(found)
