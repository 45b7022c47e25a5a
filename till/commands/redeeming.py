"""till redeem: vouchers pay for an amount or a product, unattended."""

import argparse
import os

from till.assembly import Till
from till.commands.incidents import second_supervisor
from till.commands.money_kept import money_kept
from till.commands.outcome import Json, Outcome
from till.commands.selling import agreed, finish, tendered
from till.counter.basket import OPEN_AMOUNT
from till.counter.checkout import Committed
from till.counter.payable import check_settled
from till.counter.redemption import Found, Redemption
from till.counter.sale import Sale
from till.counter.voucher_share import check_new, check_takes
from vouchers.allocation import allocate
from vouchers.catalogue import Catalogue
from vouchers.errors import Reason, Refused
from vouchers.ledger import Basis
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import Account, VoucherKind


def redeem(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Redeem the codes against an amount or a product."""
    sale = agreed(_to_pay_for(till.counter.catalogue(), arguments), arguments)
    taking = _Taking(till.counter.redemption, sale)
    try:
        if arguments.override is not None:
            taking.sale = _take_on_word(till, sale, user, arguments)
        else:
            found = [till.counter.redemption.look_up(code) for code in arguments.codes]
            taking.take_all(found, _asked(sale, arguments))
        paid = tendered(taking.sale, arguments)
        check_settled(paid)
        with money_kept(till, user, paid) as kept:
            done = till.counter.checkout.commit(kept, user)
    except BaseException:
        till.counter.redemption.give_up(taking.sale)
        raise
    outcome = finish(till, done, _redeemed(done, taking.not_needed), "redeemed")
    last4s = [account.voucher.last4 for account in taking.not_needed]
    outcome.warnings += [("voucher_not_needed", {"last4": last4}) for last4 in last4s]
    return outcome


class _Taking:
    """Vouchers taken one after the other: `sale` is as far as that has come."""

    def __init__(self, redemption: Redemption, sale: Sale) -> None:
        self.sale = sale
        self.not_needed: list[Account] = []
        self._redemption = redemption

    def take_all(self, vouchers: list[Found], asked: Money | None) -> None:
        """Take them in their order, `asked` in all; those for one product come first.

        An amount that one voucher alone has to pay is not cut down to its balance: too little is
        told, not hidden. Raises Refused.
        """
        service = [each for each in vouchers if each.account.voucher.kind is VoucherKind.SERVICE]
        value = [each for each in vouchers if each not in service]
        for found in service:
            self.sale = self._redemption.add(self.sale, found)
        if value and not self.sale.lines:
            raise Refused(Reason.AMOUNT, "amount_missing")
        if len(value) == 1 and asked is not None:
            self.sale = self._redemption.add(self.sale, value[0], asked)
        elif value:
            limit = asked or self.sale.open_to_vouchers
            if not limit:
                check_takes(self.sale, self.sale.rest)
            self._share(value, limit)

    def _share(self, vouchers: list[Found], limit: Money) -> None:
        shares = allocate(limit, [each.account.balance for each in vouchers])
        for found, share in zip(vouchers, shares, strict=True):
            if share or limit:
                self.sale = self._redemption.add(self.sale, found, share or None)
                limit = limit - share
            else:
                check_new(self.sale, found.account.voucher)
                self.not_needed.append(found.account)


def _to_pay_for(catalogue: Catalogue, arguments: argparse.Namespace) -> Sale:
    sale = Sale.new(catalogue.currency)
    if arguments.product is not None:
        return sale.add(catalogue.product(arguments.product), arguments.quantity)
    asked = _asked(sale, arguments)
    return sale if asked is None else sale.add(OPEN_AMOUNT, 1, asked)


def _asked(sale: Sale, arguments: argparse.Namespace) -> Money | None:
    return None if arguments.amount is None else Money.parse(arguments.amount, sale.currency)


def _take_on_word(till: Till, sale: Sale, user: User, arguments: argparse.Namespace) -> Sale:
    if len(arguments.codes) != 1:
        raise Refused(Reason.NOT_ALLOWED, "override_one_voucher")
    pin, last4 = os.environ.get("TILL_SUPERVISOR_PIN", ""), arguments.codes[0][-4:]
    supervisor = till.counter.sign_in.approve(user, pin, "override", last4)
    return till.counter.override.add(
        sale,
        arguments.codes[0],
        _asked(sale, arguments),
        supervisor=supervisor,
        reason=arguments.override,
        second=second_supervisor(till),
    )


def _redeemed(done: Committed, not_needed: list[Account]) -> Json:
    return {
        "redeemed": [
            {
                "id": given.voucher.voucher_id,
                "amount": given.amount,
                "balance": given.balance,
                "basis": given.basis,
            }
            for given in done.redeemed
        ],
        "not_needed": [
            {"id": one.voucher.voucher_id, "last4": one.voucher.last4, "balance": one.balance}
            for one in not_needed
        ],
        "offline": any(given.basis is Basis.OFFLINE for given in done.redeemed),
    }
