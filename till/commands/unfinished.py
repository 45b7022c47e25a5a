"""till unfinished: sales that took money and have no receipt, because a program was ended."""

import argparse

from till.assembly import Till
from till.commands.outcome import Json, Outcome
from till.commands.selling import finish
from till.counter.open_sales import OpenSale
from vouchers.errors import Reason, Refused
from vouchers.people import User


def unfinished(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """List them; complete one, or note that its money was given back."""
    match arguments.action:
        case "complete":
            return _complete(till, user, _asked(till, arguments))
        case "back":
            return _give_back(till, user, _asked(till, arguments))
    listed = [sale_json(one) for one in till.counter.open_sales.every()]
    details = {"count": len(listed)}
    return Outcome(result={"unfinished": listed}, message="unfinished_listed", details=details)


def sale_json(one: OpenSale) -> Json:
    """A sale without a receipt, for scripts."""
    return {
        "sale": one.sale.sale_id,
        "since": one.since,
        "cashier": one.cashier,
        "total": one.sale.total,
        "rest": one.sale.rest,
        "tenders": [{"kind": each.kind, "amount": each.amount} for each in one.sale.tenders],
        "vouchers": [
            {"last4": each.voucher.last4, "amount": each.amount, "basis": each.basis}
            for each in one.sale.redeemed
        ],
    }


def _complete(till: Till, user: User, asked: OpenSale) -> Outcome:
    till.counter.card_books.check_free(asked.sale)
    resumed = till.counter.open_sales.resume(asked.sale.sale_id)
    if resumed is None:
        raise _unknown(str(asked.sale.sale_id))
    done = till.counter.checkout.commit(resumed.sale, user)
    lost = [{"last4": one.voucher.last4, "amount": one.amount} for one in resumed.lost]
    return finish(till, done, {"sale": asked.sale.sale_id, "lost": lost}, "sold")


def _give_back(till: Till, user: User, asked: OpenSale) -> Outcome:
    before = till.counter.open_sales.give_back(asked.sale, user)
    till.counter.open_sales.give_up(before)
    return Outcome(result={"given_back": sale_json(asked)}, message="unfinished_given_back")


def _asked(till: Till, arguments: argparse.Namespace) -> OpenSale:
    for one in till.counter.open_sales.every():
        if str(one.sale.sale_id) == arguments.sale.lower():
            return one
    raise _unknown(arguments.sale)


def _unknown(sale: str) -> Refused:
    return Refused(Reason.UNKNOWN, "unfinished_unknown", sale=sale)
