"""till card load, pay, paper, and till sell --medium card: value onto a card and off it."""

import argparse

from msgspec.structs import replace

from cardreader.kinds import CardKind
from till import card_sales, key_cards
from till.assembly import Till
from till.cards import CardDesk, Paid
from till.commands import card_json
from till.commands.card_arguments import tap
from till.commands.outcome import Outcome
from till.commands.selling import finish, tendered
from till.counter.basket import OPEN_AMOUNT
from till.counter.card_purpose import card_load
from till.counter.sale import Sale
from vouchers.errors import InvariantError, Reason, Refused
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import Medium


def load(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Load an amount, or what a voucher on paper is worth."""
    catalogue = till.counter.catalogue()
    try:
        amount = Money.parse(arguments.what, catalogue.currency)
    except Refused:
        return _load_from_paper(till, desk, user, arguments)
    if amount.minor <= 0:
        raise Refused(Reason.AMOUNT, "amount_not_positive", amount=amount)
    sale = replace(Sale.new(catalogue.currency), medium=Medium.CARD).add(card_load(amount))
    if not arguments.tender:
        arguments.tender = ["cash"]
    return sell(till, desk, user, tendered(sale, arguments), arguments)


def sell(
    till: Till, desk: CardDesk, user: User, sale: Sale, arguments: argparse.Namespace
) -> Outcome:
    """Load what a paid sale holds."""
    with desk.card(tap(desk.readers, arguments)) as (held, kind):
        if kind is CardKind.PURSE:
            done = card_sales.load(desk, held, sale, user)
        else:
            found = till.counter.key_cards.open(key_cards.who(desk, held, kind))
            done = key_cards.load(desk, found, sale, user)
    return finish(till, done, card_json.loaded(done), "card_loaded")


def pay(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Pay an amount that was rung up elsewhere, with other tenders beside the card."""
    currency = till.counter.catalogue().currency
    sale = Sale.new(currency).add(OPEN_AMOUNT, 1, Money.parse(arguments.amount, currency))
    sale = tendered(sale, arguments)
    with desk.card(tap(desk.readers, arguments)) as (held, kind):
        if kind is CardKind.PURSE:
            paid = card_sales.pay(desk, held, sale, user)
        else:
            found = till.counter.key_cards.open(key_cards.who(desk, held, kind))
            paid = key_cards.pay(desk, found, sale, user)
    return _finish_paid(till, paid)


def to_paper(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Move all that is on the card onto a voucher."""
    with desk.purse(tap(desk.readers, arguments)) as held:
        paid = card_sales.to_paper(desk, held, user)
    return _finish_paid(till, paid)


def _load_from_paper(
    till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace
) -> Outcome:
    found = till.counter.redemption.look_up(arguments.what)
    with desk.purse(tap(desk.readers, arguments)) as held:
        done = card_sales.load_from(desk, held, found, user)
    return finish(till, done, card_json.loaded(done), "card_loaded")


def _finish_paid(till: Till, paid: Paid) -> Outcome:
    if paid.committed is None:
        raise InvariantError("the card paid and the sale is open")
    return finish(till, paid.committed, card_json.paid(paid.committed), "redeemed")
