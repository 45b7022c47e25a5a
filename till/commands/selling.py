"""till sell and till redeem: the counter's main job, unattended."""

import argparse
import os

from msgspec.structs import replace

from till.assembly import Till
from till.commands.afterwards import open_papers, report_and_print
from till.commands.incidents import second_supervisor
from till.commands.outcome import Exit, Json, Outcome
from till.counter.basket import OPEN_AMOUNT
from till.counter.checkout import Committed
from till.counter.redemption import Found
from till.counter.sale import Sale, TenderKind
from vouchers.allocation import allocate
from vouchers.catalogue import Catalogue
from vouchers.errors import Reason, Refused
from vouchers.ledger import Basis
from vouchers.money import Money, total
from vouchers.people import User
from vouchers.voucher import Medium, VoucherKind


def sell(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Sell what the arguments name and print the receipt."""
    catalogue = till.counter.catalogue()
    sale = replace(Sale.new(catalogue.currency), medium=_medium(arguments))
    if arguments.value is not None:
        amount = Money.parse(arguments.value, catalogue.currency)
        sale = sale.add(catalogue.free_voucher(), _quantity(arguments), amount)
    else:
        sale = sale.add(catalogue.product(arguments.product), _quantity(arguments))
    if arguments.action is not None:
        sale = till.counter.action_codes.apply(sale, arguments.action)
    sale = tendered(sale, arguments)
    if sale.onto_card:
        from till.commands import card

        return card.sell(till, user, sale, arguments)
    done = till.counter.checkout.commit(sale, user)
    return finish(till, done, {"discount": sale.discount, **_sold(done)}, "sold")


def redeem(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Redeem the codes, in their order, against an amount or a product."""
    catalogue = till.counter.catalogue()
    sale = _to_pay_for(catalogue, arguments)
    try:
        if arguments.override is not None:
            sale = _take_on_word(till, sale, user, arguments)
        else:
            for found, amount in _shares(till, sale, arguments):
                sale = till.counter.redemption.add(sale, found, amount)
        done = till.counter.checkout.commit(tendered(sale, arguments), user)
    except BaseException:
        till.counter.redemption.give_up(sale)
        raise
    return finish(till, done, _redeemed(done), "redeemed")


def _to_pay_for(catalogue: Catalogue, arguments: argparse.Namespace) -> Sale:
    sale = Sale.new(catalogue.currency)
    if arguments.product is not None:
        return sale.add(catalogue.product(arguments.product), _quantity(arguments))
    if arguments.amount is not None:
        amount = Money.parse(arguments.amount, catalogue.currency)
        return sale.add(OPEN_AMOUNT, 1, amount)
    return sale


def _shares(
    till: Till, sale: Sale, arguments: argparse.Namespace
) -> list[tuple[Found, Money | None]]:
    """The vouchers and how much of each; None for all of a service voucher.

    An amount that one voucher alone has to pay is not cut down to its balance: too little is
    told, not hidden.
    """
    found = [till.counter.redemption.look_up(code) for code in arguments.codes]
    values = [each for each in found if each.account.voucher.kind is VoucherKind.VALUE]
    if values and not sale.lines:
        raise Refused(Reason.AMOUNT, "amount_missing")
    limit = Money.parse(arguments.amount, sale.currency) if arguments.amount else sale.due
    if len(values) == 1 and arguments.amount is not None:
        amounts = [limit]
    else:
        amounts = allocate(limit, [each.account.balance for each in values])
    shares = iter(amounts)
    return [(each, next(shares) if each in values else None) for each in found]


def _take_on_word(till: Till, sale: Sale, user: User, arguments: argparse.Namespace) -> Sale:
    if len(arguments.codes) != 1 or arguments.amount is None:
        raise Refused(Reason.AMOUNT, "amount_missing")
    amount = Money.parse(arguments.amount, sale.currency)
    pin, last4 = os.environ.get("TILL_SUPERVISOR_PIN", ""), arguments.codes[0][-4:]
    supervisor = till.counter.sign_in.approve(user, pin, "override", last4)
    return till.counter.override.add(
        sale,
        arguments.codes[0],
        amount,
        supervisor=supervisor,
        reason=arguments.override,
        second=second_supervisor(till),
    )


def tendered(sale: Sale, arguments: argparse.Namespace) -> Sale:
    """The sale with what `--tender` names. Raises Refused (tender, amount)."""
    for tender in arguments.tender:
        kind, _, typed = tender.partition(":")
        if kind not in list(TenderKind):
            raise Refused(Reason.TENDER, "tender_unknown", typed=kind)
        if not typed and not sale.rest:
            continue  # the vouchers have paid it all
        amount = Money.parse(typed, sale.currency) if typed else None
        sale = sale.tender(TenderKind(kind), amount)
    return sale


def _medium(arguments: argparse.Namespace) -> Medium | None:
    return Medium(arguments.medium) if arguments.medium else None


def _quantity(arguments: argparse.Namespace) -> int:
    if arguments.quantity < 1:
        raise Refused(Reason.AMOUNT, "quantity_absurd", quantity=arguments.quantity)
    return int(arguments.quantity)


def finish(till: Till, done: Committed, told: Json, message: str) -> Outcome:
    """Report and print what was committed; neither can undo it."""
    problem = report_and_print(till)
    papers = open_papers(till, done.receipt.number)
    waiting, _parked = till.books.counts()
    result = {
        "receipt": done.receipt.number,
        "basis": done.basis,
        **told,
        "total": done.receipt.total,
        "change": done.receipt.change,
        "waiting": waiting,
        "printed": not papers and bool(till.identity.printers),
        "papers": papers,
    }
    paid = total([given.amount for given in done.redeemed], done.receipt.total.currency)
    return Outcome(
        result=result,
        message=message,
        details={"receipt": done.receipt.number, "total": done.receipt.total, "amount": paid},
        warnings=[(problem.key, problem.details)] if problem else [],
        exit=Exit.WORLD_FAILED if problem else Exit.DONE,
    )


def _sold(done: Committed) -> Json:
    return {
        "vouchers": [
            {
                "id": new.voucher.voucher_id,
                "code": new.code.grouped,
                "last4": new.voucher.last4,
                "value": new.voucher.value,
                "balance": new.voucher.value,
                "expires": new.voucher.expires_on,
                "proof": new.proof,
            }
            for new in done.vouchers
        ]
    }


def _redeemed(done: Committed) -> Json:
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
        "offline": any(given.basis is Basis.OFFLINE for given in done.redeemed),
    }
