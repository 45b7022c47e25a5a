"""What a command says and how it exits: the interface for scripts."""

from datetime import datetime
from enum import IntEnum
from typing import Any

from msgspec import Struct, field

from vouchers.ledger import Basis
from vouchers.voucher import Account, VoucherStatus

Json = dict[str, Any]


class Exit(IntEnum):
    """Exit statuses of the till's commands."""

    DONE = 0
    USAGE = 2
    REFUSED = 3
    WORLD_FAILED = 4
    DOUBT = 5


class Outcome(Struct, kw_only=True):
    """`result` is the JSON object; `message` names the sentence for people.

    `more` are (sentence, gaps) that follow it; `warnings` are such for standard error, beside a
    result that stands.
    """

    result: Json
    message: str
    details: Json = field(default_factory=dict)
    more: list[tuple[str, Json]] = field(default_factory=list)
    warnings: list[tuple[str, Json]] = field(default_factory=list)
    exit: Exit = Exit.DONE


def about_account(
    account: Account, basis: Basis, offline_since: datetime | None
) -> list[tuple[str, Json]]:
    """What else a person has to know of a balance."""
    said: list[tuple[str, Json]] = []
    if account.status is VoucherStatus.BLOCKED:
        said.append(("balance_blocked", {}))
    if offline_since is not None:
        said.append(("balance_offline_since", {"since": offline_since}))
    elif basis is Basis.OFFLINE:
        said.append(("balance_by_this_till", {}))
    return said


def account_json(account: Account, basis: Basis, offline_since: datetime | None) -> Json:
    """An account for scripts."""
    voucher = account.voucher
    return {
        "id": voucher.voucher_id,
        "last4": voucher.last4,
        "kind": voucher.kind,
        "title": voucher.title,
        "value": voucher.value,
        "balance": account.balance,
        "status": account.status,
        "expires": voucher.expires_on,
        "basis": basis,
        "offline_since": offline_since,
    }
