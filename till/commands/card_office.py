"""till card block, replace, open: what is done about cards that are lost or in doubt."""

import argparse

from till import card_sales
from till.assembly import Till
from till.cards import CardDesk
from till.commands import card_json
from till.commands.card_arguments import tap
from till.commands.incidents import supervisors_only
from till.commands.outcome import Outcome
from till.commands.selling import finish
from vouchers.ledger import EntryKind
from vouchers.people import User
from vouchers.voucher import VoucherStatus


def block(till: Till, _desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Nobody pays with it any more, at any till."""
    supervisors_only(user)
    cards = till.counter.cards
    account = cards.find(arguments.account, till.counter.accounts)
    cards.set_status(account, VoucherStatus.BLOCKED, supervisor=user, reason=arguments.reason)
    return Outcome(
        result={"id": account.voucher.voucher_id, "status": VoucherStatus.BLOCKED},
        message="card_now_blocked",
        details={"last4": account.voucher.last4, "balance": account.balance},
    )


def replace(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Blocked first: from then on nobody spends at a till that can be reached."""
    block(till, desk, user, arguments)
    cards, why = till.counter.cards, arguments.reason
    lost = cards.find(arguments.account, till.counter.accounts)
    sale = cards.replacement(lost, supervisor=user, reason=why)
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
