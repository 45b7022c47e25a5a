"""till sell: the counter's main job, unattended; and what all sales have in common."""

import argparse

from msgspec.structs import replace

from till.assembly import Till
from till.commands.afterwards import open_papers, report_and_print
from till.commands.money_kept import money_kept
from till.commands.outcome import Exit, Json, Outcome
from till.counter.checkout import Committed
from till.counter.payable import check_settled
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from vouchers.errors import Reason, Refused
from vouchers.money import Money, total
from vouchers.people import User
from vouchers.voucher import Medium


def sell(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Sell what the arguments name and print the receipt."""
    catalogue = till.counter.catalogue()
    sale = replace(Sale.new(catalogue.currency), medium=_medium(arguments))
    if arguments.value is not None:
        amount = Money.parse(arguments.value, catalogue.currency)
        sale = sale.add(catalogue.free_voucher(), arguments.quantity, amount)
    else:
        sale = sale.add(catalogue.product(arguments.product), arguments.quantity)
    sale = agreed(sale, arguments)
    if arguments.action is not None:
        sale = till.counter.action_codes.apply(sale, arguments.action)
    sale = tendered(sale, arguments)
    if sale.onto_card:
        from till.commands import card

        return card.sell(till, user, sale, arguments)
    check_settled(sale)
    with money_kept(till, user, sale) as kept:
        done = till.counter.checkout.commit(kept, user)
    return finish(till, done, {"discount": sale.discount, **_sold(done)}, "sold")


def agreed(sale: Sale, arguments: argparse.Namespace) -> Sale:
    """The sale, which is meant as it stands if `--even-so` says so."""
    return sale.agreed_to() if arguments.even_so else sale


def tendered(sale: Sale, arguments: argparse.Namespace) -> Sale:
    """The sale with what `--tender` names. Raises Refused (tender, amount)."""
    for tender in arguments.tender:
        kind, _, typed = tender.partition(":")
        if kind not in list(TenderKind):
            raise Refused(Reason.TENDER, "tender_unknown", typed=kind)
        if not typed and not sale.rest:
            continue  # the vouchers have paid it all
        amount = Money.parse(typed, sale.currency) if typed else None
        sale = sale.tender(TenderKind(kind), amount, sure=arguments.even_so)
    return sale


def _medium(arguments: argparse.Namespace) -> Medium | None:
    return Medium(arguments.medium) if arguments.medium else None


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
