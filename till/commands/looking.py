"""till balance, till account and till sync: what is known, and keeping it in step."""

import argparse
import threading

import msgspec

from process import threads
from sync.engine import Engine
from till.assembly import Till
from till.commands.outcome import Exit, Json, Outcome, about_account, account_json
from till.counter.permission import supervisors_only
from vouchers.errors import Reason, Refused
from vouchers.people import User
from vouchers.voucher import Account, VoucherStatus


def balance(till: Till, _user: User, arguments: argparse.Namespace) -> Outcome:
    """What a voucher has left, and who said so."""
    found = till.counter.redemption.look_up(arguments.code)
    result = account_json(found.account, found.basis, found.offline_since)
    return Outcome(
        result=result,
        message="balance",
        details={"last4": found.account.voucher.last4, "balance": found.account.balance},
        more=about_account(found.account, found.basis, found.offline_since),
    )


def account(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """An account with its entries, or its block, for supervisors."""
    supervisors_only(user, key="supervisor_only")
    till.counter.sign_in.approve(user, "", "account", arguments.code[-4:])
    found = till.counter.accounts.find(arguments.code)
    if arguments.action != "show":
        return _change_status(till, user, found, arguments)
    statement = till.counter.accounts.statement(found[0])
    entries = [msgspec.to_builtins(entry) for entry in statement.entries]
    result = account_json(found[0], statement.basis, statement.offline_since)
    about = about_account(found[0], statement.basis, statement.offline_since)
    others = [account_json(one, statement.basis, None) for one in found[1:]]
    if others:
        about.append(("account_others", {"count": len(others)}))
    return Outcome(
        result={
            **result,
            "entries": entries,
            "receipts": [r.number for r in statement.receipts],
            "others": others,
        },
        message="account_read",
        details={
            "last4": found[0].voucher.last4,
            "balance": found[0].balance,
            "count": len(entries),
        },
        more=about,
    )


def _change_status(
    till: Till, user: User, found: list[Account], arguments: argparse.Namespace
) -> Outcome:
    if len(found) != 1:
        raise Refused(Reason.UNKNOWN, "account_ambiguous", asked=arguments.code, count=len(found))
    (account,) = found
    last4, told = account.voucher.last4, True
    if arguments.action == "block":
        told = till.counter.accounts.block(account, supervisor=user, reason=arguments.reason)
    else:
        till.counter.accounts.unblock(account, supervisor=user, reason=arguments.reason)
    status = VoucherStatus.BLOCKED if arguments.action == "block" else VoucherStatus.ACTIVE
    return Outcome(
        result={"id": account.voucher.voucher_id, "status": status, "told": told},
        message=f"account_{arguments.action}ed" if told else "account_blocked_here",
        details={"last4": last4},
    )


def sync(till: Till, arguments: argparse.Namespace) -> Outcome:
    """Report and catch up: once, or until interrupted."""
    online = till.get_in_step()
    if not arguments.once:
        _stay_in_step(till)
    state = sync_state(till, online=online)
    if state["revoked"]:
        return Outcome(result=state, message="till_revoked", exit=Exit.REFUSED)
    trouble = till.line.state.trouble
    return Outcome(
        result=state,
        message=trouble.key if trouble else "in_step",
        details={**state, **(trouble.details if trouble else {})},
        exit=Exit.DONE if online else Exit.WORLD_FAILED,
    )


def sync_state(till: Till, *, online: bool) -> Json:
    """How the till stands with the server, for scripts."""
    status = till.counter.status()
    return {
        "online": online,
        "waiting": status.waiting,
        "parked": status.parked,
        "position": till.books.position(),
        "revoked": status.revoked,
    }


def _stay_in_step(till: Till) -> None:
    from till.card_doubts import DoubtRound

    engine, doubts = Engine(till.books, till.link, till.line), DoubtRound(till.counter)
    forget = threads.listen(till.keep_failure)
    engine.start()
    doubts.start()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        doubts.stop()
        engine.stop()
        forget()
