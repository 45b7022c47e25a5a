"""till card block, replace, link, unlink, open: ties, and cards that are lost or in doubt."""

import argparse

from cardreader.kinds import CardKind
from till import card_sales, key_cards
from till.assembly import Till
from till.cards import CardDesk
from till.commands import card_json
from till.commands.afterwards import report_and_print
from till.commands.card_arguments import tap
from till.commands.outcome import Outcome
from till.commands.selling import finish
from till.counter.permission import supervisors_only
from vouchers.errors import Reason, Refused
from vouchers.ledger import EntryKind
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import Account, VoucherStatus


def link(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Tie a key card to a voucher; a blank card is given its key first."""
    found = till.counter.redemption.look_up(arguments.code)
    return _tie(till, desk, user, found.account, arguments)


def unlink(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """The card opens nothing any more; the voucher keeps its value."""
    with desk.card(tap(desk.readers, arguments)) as (held, kind):
        if kind is CardKind.PURSE:
            raise Refused(Reason.NOT_ALLOWED, "card_is_a_purse")
        known = key_cards.who(desk, held, kind)
    tie = till.counter.key_cards.unlink(known, user)
    report_and_print(till)
    return Outcome(
        result={"card": tie.last4, "opens": None},
        message="key_card_unlinked",
        details={"last4": tie.last4},
    )


def block(till: Till, _desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Nobody pays with it any more, at any till."""
    lost, worth = _block(till, user, arguments)
    return Outcome(
        result={"id": lost.voucher.voucher_id, "status": VoucherStatus.BLOCKED},
        message="card_now_blocked",
        details={"last4": lost.voucher.last4, "balance": worth.balance},
    )


def replace(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Blocked first: from then on nobody spends at a till that can be reached."""
    lost, worth = _block(till, user, arguments)
    if lost.voucher.key_card is not None:
        return _tie(till, desk, user, worth, arguments)
    sale = till.counter.cards.replacement(worth, supervisor=user, reason=arguments.reason)
    with desk.purse(tap(desk.readers, arguments)) as held:
        done = card_sales.load(desk, held, sale, user, EntryKind.TRANSFER_IN)
    return finish(till, done, card_json.loaded(done), "card_loaded")


def open_doubts(till: Till, desk: CardDesk, _user: User, _arguments: argparse.Namespace) -> Outcome:
    """Movements whose cards have not been seen again, and what is owed to cards."""
    doubts, owed = desk.doubts(), till.counter.card_owed.all()
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


def _block(till: Till, user: User, arguments: argparse.Namespace) -> tuple[Account, Account]:
    supervisors_only(user, key="supervisor_only")
    lost_cards = till.counter.lost_cards
    lost = lost_cards.the_one(arguments.account)
    lost_cards.block(lost, supervisor=user, reason=arguments.reason)
    return lost, lost_cards.worth(lost)


def _tie(
    till: Till, desk: CardDesk, user: User, account: Account, arguments: argparse.Namespace
) -> Outcome:
    with desk.card(tap(desk.readers, arguments)) as (held, kind):
        known = key_cards.make(desk, held, kind, user)
    tie = till.counter.key_cards.link(known, account, user)
    report_and_print(till)
    cap: Money | None = known.cap
    return Outcome(
        result={
            "card": tie.last4,
            "opens": account.voucher.voucher_id,
            "last4": account.voucher.last4,
            "balance": account.balance,
            "proven": known.proven,
            "cap": cap,
        },
        message="key_card_linked",
        details={"last4": tie.last4, "balance": account.balance},
        warnings=[("card_label_bare_uid", {"cap": cap})] if cap else [],
    )
