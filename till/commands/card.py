"""till card: value on cards, unattended. A card that left too soon gives exit status 5."""

import argparse
from collections.abc import Callable

from cardreader.key_cards import Identity
from cardreader.kinds import CardKind
from cardreader.purse.desk import CardInDoubt
from cardreader.readers import PcscReaders
from till import card_sales, key_cards
from till.assembly import Till
from till.card_sharing import share
from till.card_shown import CardShown
from till.cards import CardDesk
from till.commands import card_json, card_money, card_office
from till.commands.afterwards import report_and_print
from till.commands.card_arguments import tap
from till.commands.card_series import make_series
from till.commands.outcome import Exit, Outcome
from till.counter.sale import Sale
from vouchers.people import User

Action = Callable[[Till, CardDesk, User, argparse.Namespace], Outcome]


def card(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Do what the arguments ask for with the card on the reader."""
    return _in_doubt(till, lambda: _ACTIONS[arguments.action](till, _desk(till), user, arguments))


def sell(till: Till, user: User, sale: Sale, arguments: argparse.Namespace) -> Outcome:
    """Sell onto the card on the reader what a paid sale holds."""
    return _in_doubt(till, lambda: card_money.sell(till, _desk(till), user, sale, arguments))


def _init(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    if arguments.series is not None:
        return make_series(desk, user, arguments)
    with desk.card(tap(desk.readers, arguments)) as (held, kind):
        if arguments.key:
            name = till.counter.key_cards.name(key_cards.make(desk, held, kind, user))
            return Outcome(result={"card": name}, message="key_card_made", details={"last4": name})
        shown = desk.initialise(held, user)
    report_and_print(till)
    return _outcome(shown, "card_made")


def _show(till: Till, desk: CardDesk, _user: User, arguments: argparse.Namespace) -> Outcome:
    seen = tap(desk.readers, arguments)
    with desk.card(seen) as (held, kind):
        if kind is not CardKind.PURSE:
            return _show_key(till, key_cards.who(desk, held, kind))
        shown = desk.show(held)
    share(desk, seen, shown)
    report_and_print(till)
    return _outcome(shown, "card_shown")


def _show_key(till: Till, known: Identity) -> Outcome:
    found = till.counter.key_cards.open(known)
    statement = till.counter.accounts.statement(found.account)
    return Outcome(
        result=card_json.key(found, statement),
        message="card_shown",
        details={"last4": found.card, "balance": found.account.balance},
        warnings=[("card_label_bare_uid", {"cap": found.cap})] if found.cap else [],
    )


def _settle(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Also gives the card back what this till owes to it."""
    seen = tap(desk.readers, arguments)
    with desk.purse(seen) as held:
        outcomes, still_open = desk.settle(held)
        outcomes += card_sales.put_all_back(desk, held, user)
        shown = desk.show(held)
    share(desk, seen, shown)
    problem = report_and_print(till)
    result = {
        **card_json.shown(shown),
        "settled": [card_json.settled(one) for one in outcomes],
        "open": [card_json.movement(one) for one in still_open],
    }
    return Outcome(
        result=result,
        message="card_still_in_doubt" if still_open else "card_settled",
        details={"balance": shown.view.balance, "count": len(outcomes)},
        warnings=[(problem.key, problem.details)] if problem else [],
        exit=Exit.DOUBT if still_open else Exit.DONE,
    )


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


def _desk(till: Till) -> CardDesk:
    return CardDesk(till.counter, till.folder, PcscReaders())


def _outcome(shown: CardShown, message: str) -> Outcome:
    details = {"last4": shown.voucher.last4, "balance": shown.view.balance}
    return Outcome(result=card_json.shown(shown), message=message, details=details)


_ACTIONS: dict[str, Action] = {
    "init": _init,
    "link": card_office.link,
    "unlink": card_office.unlink,
    "show": _show,
    "load": card_money.load,
    "pay": card_money.pay,
    "paper": card_money.to_paper,
    "settle": _settle,
    "open": card_office.open_doubts,
    "block": card_office.block,
    "replace": card_office.replace,
}
