"""till card init, show, settle, link, unlink, block, open: cards beside the sale."""

import argparse

from till.assembly import Till
from till.card_shown import CardShown
from till.card_workflows import CardWorkflows
from till.commands import card_json
from till.commands.afterwards import report_and_print
from till.commands.outcome import Exit, Outcome
from till.counter.card_touched import CardTouched
from till.counter.redemption import Found
from till.store.card_journal import unsettled
from vouchers.people import User
from vouchers.voucher import Account, VoucherStatus


def init(till: Till, cards: CardWorkflows, user: User, arguments: argparse.Namespace) -> Outcome:
    """Make a purse of a blank card, or a card that is a key."""
    if arguments.key:
        name = cards.making.make(user, key=True).last4
        return Outcome(result={"card": name}, message="key_card_made", details={"last4": name})
    shown = cards.making.make_purse(user)
    report_and_print(till)
    return _shown(shown, "card_made")


def show(till: Till, cards: CardWorkflows, _user: User, _arguments: argparse.Namespace) -> Outcome:
    """What is on a purse card, or what a key card opens."""
    shown = cards.show()
    if isinstance(shown, Found):
        return _opened(till, shown)
    report_and_print(till)
    return _shown(shown, "card_shown")


def settle(till: Till, cards: CardWorkflows, user: User, _arguments: argparse.Namespace) -> Outcome:
    """Also gives the card back what this till owes to it."""
    shown, outcomes, still_open = cards.settle(user)
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


def link(till: Till, cards: CardWorkflows, user: User, arguments: argparse.Namespace) -> Outcome:
    """Tie a key card to a voucher; a blank card is given its key first."""
    account = till.counter.redemption.look_up(arguments.code).account
    return linked(till, account, cards.making.link(account, user))


def linked(till: Till, account: Account, touched: CardTouched) -> Outcome:
    """What a key card opens from now on."""
    report_and_print(till)
    return Outcome(
        result={
            "card": touched.last4,
            "opens": account.voucher.voucher_id,
            "last4": account.voucher.last4,
            "balance": account.balance,
            "proven": touched.cap is None,
            "cap": touched.cap,
        },
        message="key_card_linked",
        details={"last4": touched.last4, "balance": account.balance},
        warnings=[("card_label_bare_uid", {"cap": touched.cap})] if touched.cap else [],
    )


def unlink(till: Till, cards: CardWorkflows, user: User, _arguments: argparse.Namespace) -> Outcome:
    """The card opens nothing any more; the voucher keeps its value."""
    name = cards.making.unlink(user)
    report_and_print(till)
    return Outcome(
        result={"card": name, "opens": None},
        message="key_card_unlinked",
        details={"last4": name},
    )


def block(till: Till, _cards: CardWorkflows, user: User, arguments: argparse.Namespace) -> Outcome:
    """Nobody pays with it any more, at any till."""
    lost, worth = block_lost(till, user, arguments)
    return Outcome(
        result={"id": lost.voucher.voucher_id, "status": VoucherStatus.BLOCKED},
        message="card_now_blocked",
        details={"last4": lost.voucher.last4, "balance": worth.balance},
    )


def block_lost(till: Till, user: User, arguments: argparse.Namespace) -> tuple[Account, Account]:
    """Block the one card meant; its account, and what it gave access to."""
    lost_cards = till.counter.lost_cards
    lost = lost_cards.the_one(arguments.account)
    lost_cards.block(lost, supervisor=user, reason=arguments.reason)
    return lost, lost_cards.worth(lost)


def open_doubts(
    till: Till, _cards: CardWorkflows, _user: User, _arguments: argparse.Namespace
) -> Outcome:
    """Movements whose cards have not been seen again, and what is owed to cards."""
    with till.database.read() as work:
        doubts = unsettled(work)
    owed = till.counter.card_owed.all()
    result = {
        "open": [{**card_json.movement(one.movement), "since": one.since} for one in doubts],
        "owed": [
            {"id": one.entry_id, "last4": one.last4, "amount": one.amount, "since": one.paid_at}
            for one in owed
        ],
    }
    return Outcome(
        result=result,
        message="card_open_count",
        details={"count": len(doubts), "owed": len(owed)},
    )


def _opened(till: Till, found: Found) -> Outcome:
    statement = till.counter.accounts.statement(found.account)
    return Outcome(
        result=card_json.key(found, statement),
        message="card_shown",
        details={"last4": found.card, "balance": found.account.balance},
        warnings=[("card_label_bare_uid", {"cap": found.cap})] if found.cap else [],
    )


def _shown(shown: CardShown, message: str) -> Outcome:
    details = {"last4": shown.voucher.last4, "balance": shown.view.balance}
    return Outcome(result=card_json.shown(shown), message=message, details=details)
