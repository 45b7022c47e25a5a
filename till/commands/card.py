"""till card, and till sell --medium card: value on cards, unattended.

A card that left too soon gives exit status 5, and so does one that told of an earlier movement:
then nothing else was done with it.
"""

import argparse
from collections.abc import Callable

from msgspec.structs import replace

from cardreader.purse.desk import CardInDoubt
from cardreader.readers import PcscReaders
from till.assembly import Till
from till.card_workflows import CardWorkflows
from till.cards import CardDesk
from till.commands import card_json, card_office
from till.commands.afterwards import report_and_print
from till.commands.card_arguments import tap
from till.commands.card_series import make_series
from till.commands.money_kept import money_kept
from till.commands.outcome import Exit, Json, Outcome
from till.commands.selling import agreed, finish, tendered
from till.counter.basket import OPEN_AMOUNT
from till.counter.card_purpose import card_load
from till.counter.card_touched import CardTouched
from till.counter.payable import check_settled
from till.counter.sale import Sale
from vouchers.errors import InvariantError, Reason, Refused
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import Medium

Action = Callable[[Till, CardWorkflows, User, argparse.Namespace], Outcome]


def card(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Do what the arguments ask for with the card on the reader."""
    desk = CardDesk(till.counter, till.folder, PcscReaders())
    if arguments.action == "init" and arguments.series is not None:
        return make_series(desk, user, arguments)
    cards = CardWorkflows(desk, lambda: tap(desk.readers, arguments))
    return _in_doubt(till, lambda: _ACTIONS[arguments.action](till, cards, user, arguments))


def sell(till: Till, user: User, sale: Sale, arguments: argparse.Namespace) -> Outcome:
    """Sell onto the card on the reader what a paid sale holds."""
    desk = CardDesk(till.counter, till.folder, PcscReaders())
    cards = CardWorkflows(desk, lambda: tap(desk.readers, arguments))
    return _in_doubt(till, lambda: _load_paid(till, cards, user, sale))


def _load(till: Till, cards: CardWorkflows, user: User, arguments: argparse.Namespace) -> Outcome:
    """Load an amount, or what a voucher on paper is worth."""
    catalogue = till.counter.catalogue()
    try:
        amount = Money.parse(arguments.what, catalogue.currency)
    except Refused:
        found = till.counter.redemption.look_up(arguments.what)
        return _loaded(till, cards.onto_card(found, user))
    if amount.minor <= 0:
        raise Refused(Reason.AMOUNT, "amount_not_positive", amount=amount)
    sale = replace(Sale.new(catalogue.currency), medium=Medium.CARD).add(card_load(amount))
    sale = agreed(sale, arguments)
    if not arguments.tender:
        arguments.tender = ["cash"]
    return _load_paid(till, cards, user, tendered(sale, arguments))


def _load_paid(till: Till, cards: CardWorkflows, user: User, sale: Sale) -> Outcome:
    check_settled(sale)
    with money_kept(till, user, sale) as kept:
        touched = cards.load(kept, user)
    return _loaded(till, touched)


def _pay(till: Till, cards: CardWorkflows, user: User, arguments: argparse.Namespace) -> Outcome:
    """Pay an amount that was rung up elsewhere, with other tenders beside the card."""
    currency = till.counter.catalogue().currency
    sale = Sale.new(currency).add(OPEN_AMOUNT, 1, Money.parse(arguments.amount, currency))
    sale = tendered(agreed(sale, arguments), arguments)
    with money_kept(till, user, sale) as kept:
        touched = cards.pay(kept, user)
    return _paid(till, touched)


def _paper(till: Till, cards: CardWorkflows, user: User, _arguments: argparse.Namespace) -> Outcome:
    """Move all that is on the card onto a voucher."""
    touched = cards.to_paper(user)
    done = touched.committed
    if done is None:
        return _stopped(till, touched)
    outcome = finish(till, done, card_json.paid(done), "card_on_paper")
    amount, voucher = done.redeemed[-1].amount, done.vouchers[-1].voucher.last4
    return _with_details(outcome, touched, amount=amount, voucher=voucher)


def _replace(
    till: Till, cards: CardWorkflows, user: User, arguments: argparse.Namespace
) -> Outcome:
    """Blocked first: from then on nobody spends at a till that can be reached."""
    lost, worth = card_office.block_lost(till, user, arguments)
    touched = cards.replace(lost, user, arguments.reason)
    if lost.voucher.key_card is not None:
        return card_office.linked(till, worth, touched)
    return _loaded(till, touched)


def _loaded(till: Till, touched: CardTouched) -> Outcome:
    done = touched.committed
    if done is None:
        return _stopped(till, touched)
    told = card_json.loaded(done)
    outcome = finish(till, done, told, "card_loaded")
    return _with_details(outcome, touched, amount=told["amount"])


def _paid(till: Till, touched: CardTouched) -> Outcome:
    done = touched.committed
    if done is None:
        return _stopped(till, touched)
    outcome = finish(till, done, card_json.paid(done), "card_paid")
    return _with_details(outcome, touched, amount=done.redeemed[-1].amount)


def _with_details(outcome: Outcome, touched: CardTouched, **details: object) -> Outcome:
    card = {"last4": touched.last4, "balance": touched.balance}
    return replace(outcome, details={**outcome.details, **card, **details})


def _stopped(till: Till, touched: CardTouched) -> Outcome:
    """What the card had to tell first: nothing else was done with it."""
    if not touched.stopped:
        raise InvariantError("the card did its part and the sale is open")
    problem = report_and_print(till)
    key, details = _told_first(touched)
    warnings = [(key, details)]
    if problem is not None:
        warnings.append((problem.key, problem.details))
    return Outcome(
        result=card_json.stopped(touched),
        message=key,
        details=details,
        warnings=warnings,
        exit=Exit.DOUBT,
    )


def _told_first(touched: CardTouched) -> tuple[str, Json]:
    card: Json = {"last4": touched.last4, "balance": touched.balance}
    if not touched.earlier:
        return "card_told_back", {"amount": touched.put_back, **card}
    outcome = touched.earlier[-1]
    amount = Money(abs(outcome.amount.minor), outcome.amount.currency)
    return "card_told_done" if outcome.done else "card_told_nothing", {"amount": amount, **card}


def _in_doubt(till: Till, work: Callable[[], Outcome]) -> Outcome:
    """Say what a card that left too soon means; reported as far as that is possible."""
    try:
        return work()
    except CardInDoubt as doubt:
        report_and_print(till)
        return Outcome(
            result={"doubt": card_json.movement(doubt.movement), "basis": "card"},
            message=doubt.key,
            details=doubt.details,
            warnings=[(doubt.key, doubt.details)],
            exit=Exit.DOUBT,
        )


_ACTIONS: dict[str, Action] = {
    "init": card_office.init,
    "link": card_office.link,
    "unlink": card_office.unlink,
    "show": card_office.show,
    "load": _load,
    "pay": _pay,
    "paper": _paper,
    "settle": card_office.settle,
    "open": card_office.open_doubts,
    "block": card_office.block,
    "replace": _replace,
}
