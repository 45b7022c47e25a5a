"""till card: value on cards, unattended. A card that left too soon gives exit status 5."""

import argparse
from collections.abc import Callable

from msgspec.structs import replace

from cardreader.protocols import CardSeen
from cardreader.purse.desk import CardInDoubt
from cardreader.purse.journal import CardMovement
from cardreader.readers import PcscReaders
from cardreader.waiting import wait_for_card
from till.assembly import Till
from till.card_doubts import tell_seen
from till.cards import CardDesk, CardShown, Paid
from till.commands.afterwards import report_and_print
from till.commands.card_series import make_series
from till.commands.incidents import supervisors_only
from till.commands.outcome import Exit, Json, Outcome
from till.commands.selling import finish, tendered
from till.counter.card_purpose import card_load
from till.counter.cards import CardOutcome
from till.counter.checkout import Committed
from till.counter.sale import OPEN_AMOUNT, Sale
from vouchers.errors import InvariantError, Reason, Refused
from vouchers.ledger import EntryKind
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import Medium, VoucherStatus

Action = Callable[[Till, CardDesk, User, argparse.Namespace], Outcome]


def card(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Do what the arguments ask for with the card on the reader."""
    return _in_doubt(till, lambda: _ACTIONS[arguments.action](till, _desk(till), user, arguments))


def sell(till: Till, user: User, sale: Sale, arguments: argparse.Namespace) -> Outcome:
    """Sell onto the card on the reader what a paid sale holds."""
    return _in_doubt(till, lambda: _load(till, _desk(till), user, sale, arguments))


def _init(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    if arguments.series is not None:
        reader, wait_s = arguments.reader, arguments.wait
        return make_series(desk, user, arguments.series, reader=reader, wait_s=wait_s)
    with desk.card(_tap(desk, arguments)) as (held, _kind):
        shown = desk.initialise(held, user)
    report_and_print(till)
    return _outcome(shown, "card_made")


def _show(till: Till, desk: CardDesk, _user: User, arguments: argparse.Namespace) -> Outcome:
    with desk.purse(_tap(desk, arguments)) as held:
        shown = desk.show(held)
    report_and_print(till)
    tell_seen(till.desk, shown.voucher.voucher_id, shown.view.records)
    return _outcome(shown, "card_shown")


def _load_what(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
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
    return _load(till, desk, user, tendered(sale, arguments), arguments)


def _load_from_paper(
    till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace
) -> Outcome:
    found = till.counter.redemption.look_up(arguments.what)
    with desk.purse(_tap(desk, arguments)) as held:
        done = desk.load_from(held, found, user)
    return finish(till, done, _loaded(done), "card_loaded")


def _load(
    till: Till, desk: CardDesk, user: User, sale: Sale, arguments: argparse.Namespace
) -> Outcome:
    with desk.purse(_tap(desk, arguments)) as held:
        done = desk.load(held, sale, user)
    return finish(till, done, _loaded(done), "card_loaded")


def _pay(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    currency = till.counter.catalogue().currency
    sale = Sale.new(currency).add(OPEN_AMOUNT, 1, Money.parse(arguments.amount, currency))
    with desk.purse(_tap(desk, arguments)) as held:
        paid = desk.pay(held, sale, user)
    return _finish_paid(till, paid)


def _to_paper(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    with desk.purse(_tap(desk, arguments)) as held:
        paid = desk.to_paper(held, user)
    return _finish_paid(till, paid)


def _settle(till: Till, desk: CardDesk, _user: User, arguments: argparse.Namespace) -> Outcome:
    with desk.purse(_tap(desk, arguments)) as held:
        outcomes, still_open = desk.settle(held)
        shown = desk.show(held)
    problem = report_and_print(till)
    tell_seen(till.desk, shown.voucher.voucher_id, shown.view.records)
    result = {
        **_shown(shown),
        "settled": [_told(one) for one in outcomes],
        "open": [_movement(one) for one in still_open],
    }
    return Outcome(
        result=result,
        message="card_still_in_doubt" if still_open else "card_settled",
        details={"balance": shown.view.balance, "count": len(outcomes)},
        warnings=[(problem.key, problem.details)] if problem else [],
        exit=Exit.DOUBT if still_open else Exit.DONE,
    )


def _block(till: Till, _desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    supervisors_only(user)
    cards = till.counter.cards
    account = cards.find(arguments.account, till.counter.accounts)
    cards.set_status(account, VoucherStatus.BLOCKED, supervisor=user, reason=arguments.reason)
    return Outcome(
        result={"id": account.voucher.voucher_id, "status": VoucherStatus.BLOCKED},
        message="card_now_blocked",
        details={"last4": account.voucher.last4, "balance": account.balance},
    )


def _replace(till: Till, desk: CardDesk, user: User, arguments: argparse.Namespace) -> Outcome:
    """Blocked first: from then on nobody spends at a till that can be reached."""
    _block(till, desk, user, arguments)
    cards, why = till.counter.cards, arguments.reason
    lost = cards.find(arguments.account, till.counter.accounts)
    sale = cards.replacement(lost, supervisor=user, reason=why)
    with desk.purse(_tap(desk, arguments)) as held:
        done = desk.load(held, sale, user, EntryKind.TRANSFER_IN)
    return finish(till, done, _loaded(done), "card_loaded")


def _open(_till: Till, desk: CardDesk, _user: User, _arguments: argparse.Namespace) -> Outcome:
    found = desk.doubts()
    open_now = [{**_movement(one.movement), "since": one.since} for one in found]
    return Outcome(
        result={"open": open_now}, message="card_open_count", details={"count": len(found)}
    )


def _in_doubt(till: Till, work: Callable[[], Outcome]) -> Outcome:
    """Say what a card that left too soon means; reported as far as that is possible."""
    try:
        return work()
    except CardInDoubt as doubt:
        report_and_print(till)
        return Outcome(
            result={"doubt": _movement(doubt.movement), "basis": "card"},
            message=doubt.key,
            details=doubt.details,
            warnings=[(doubt.key, doubt.details)],
            exit=Exit.DOUBT,
        )


def _desk(till: Till) -> CardDesk:
    return CardDesk(till.counter, till.folder, PcscReaders())


def _tap(desk: CardDesk, arguments: argparse.Namespace) -> CardSeen:
    return wait_for_card(desk.readers, arguments.reader, int(arguments.wait * 1000))


def _outcome(shown: CardShown, message: str) -> Outcome:
    details = {"last4": shown.voucher.last4, "balance": shown.view.balance}
    return Outcome(result=_shown(shown), message=message, details=details)


def _shown(shown: CardShown) -> Json:
    account = shown.account
    return {
        "id": shown.voucher.voucher_id,
        "uid": shown.view.uid,
        "last4": shown.voucher.last4,
        "basis": "card",
        "balance": shown.view.balance,
        "counter": shown.view.counter,
        "records": [
            {
                "id": one.movement_id,
                "counter": one.counter,
                "amount": one.amount,
                "balance": one.balance_after,
            }
            for one in shown.view.records
            if one.counter
        ],
        "account": None
        if account is None
        else {"balance": account.balance, "status": account.status},
        "agrees": shown.agrees,
        "settled": [_told(one) for one in shown.earlier],
    }


def _loaded(done: Committed) -> Json:
    on_card = [one for one in done.receipt.vouchers if not one.code]
    return {
        "vouchers": [
            {
                "id": one.voucher_id,
                "code": None,
                "last4": one.last4,
                "value": one.value,
                "balance": one.balance,
                "expires": one.expires_on,
            }
            for one in on_card
        ],
        "amount": on_card[-1].value,
        "balance": on_card[-1].balance,
    }


def _finish_paid(till: Till, paid: Paid) -> Outcome:
    given = paid.redeemed
    if paid.committed is None:
        raise InvariantError("the card paid and the sale is open")
    told: Json = {
        "redeemed": [
            {"id": given.voucher.voucher_id, "amount": given.amount, "balance": given.balance}
        ],
        "balance": given.balance,
        "vouchers": [
            {"id": new.voucher.voucher_id, "code": new.code.grouped, "value": new.voucher.value}
            for new in paid.committed.vouchers
        ],
    }
    return finish(till, paid.committed, told, "redeemed")


def _told(outcome: CardOutcome) -> Json:
    committed = outcome.committed
    return {
        "id": outcome.movement_id,
        "amount": outcome.amount,
        "state": "done" if outcome.done else "void",
        "receipt": committed.receipt.number if committed else None,
    }


def _movement(movement: CardMovement) -> Json:
    return {
        "id": movement.movement_id,
        "uid": movement.uid,
        "amount": movement.amount,
        "counter": movement.counter,
    }


_ACTIONS: dict[str, Action] = {
    "init": _init,
    "show": _show,
    "load": _load_what,
    "pay": _pay,
    "paper": _to_paper,
    "settle": _settle,
    "open": _open,
    "block": _block,
    "replace": _replace,
}
