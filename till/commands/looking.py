"""till balance, till account and till sync: what is known, and keeping it in step."""

import argparse
import threading

import msgspec

from sync.engine import Engine
from till.assembly import Till
from till.commands.outcome import Exit, Json, Outcome, account_json
from vouchers.errors import Reason, Refused
from vouchers.people import Role, User


def balance(till: Till, _user: User, arguments: argparse.Namespace) -> Outcome:
    """What a voucher has left, and who said so."""
    found = till.counter.redemption.look_up(arguments.code)
    result = account_json(found.account, found.basis, found.offline_since)
    return Outcome(
        result=result,
        message="balance",
        details={"last4": found.account.voucher.last4, "balance": found.account.balance},
    )


def account(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """An account with its entries, for supervisors."""
    if user.role is not Role.SUPERVISOR:
        raise Refused(Reason.NOT_ALLOWED, "supervisor_only")
    till.counter.sign_in.approve(user, "", "account", arguments.code[-4:])
    found = till.counter.accounts.find(arguments.code)
    statement = till.counter.accounts.statement(found[0])
    entries = [msgspec.to_builtins(entry) for entry in statement.entries]
    result = account_json(found[0], statement.basis, statement.offline_since)
    return Outcome(
        result={**result, "entries": entries, "receipts": [r.number for r in statement.receipts]},
        message="balance",
        details={"last4": found[0].voucher.last4, "balance": found[0].balance},
    )


def sync(till: Till, arguments: argparse.Namespace) -> Outcome:
    """Report and catch up: once, or until interrupted."""
    online = till.get_in_step()
    if not arguments.once:
        _stay_in_step(till)
    state = sync_state(till, online=online)
    return Outcome(
        result=state,
        message="in_step" if online else "server_unreachable",
        details={"waiting": state["waiting"], "parked": state["parked"]},
        exit=Exit.DONE if online else Exit.WORLD_FAILED,
    )


def sync_state(till: Till, *, online: bool) -> Json:
    """How the till stands with the server, for scripts."""
    waiting, parked = till.books.counts()
    position = till.books.position()
    return {"online": online, "waiting": waiting, "parked": parked, "position": position}


def _stay_in_step(till: Till) -> None:
    from till.card_doubts import DoubtRound

    engine, doubts = Engine(till.books, till.link, till.line), DoubtRound(till.counter)
    engine.start()
    doubts.start()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        doubts.stop()
        engine.stop()
