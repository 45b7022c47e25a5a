"""A supervisor's word for a voucher that the rules alone refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vouchers.people import Role

if TYPE_CHECKING:
    from till.counter.counter import Counter
    from till.counter.sale import Sale
    from vouchers.money import Money
    from vouchers.people import User

ACTION = "override"
"""What the audit calls it."""


@dataclass(frozen=True)
class Doubtful:
    """A voucher that was refused: what was scanned, and how much of it is wanted.

    `in_whole` is the amount of a service voucher, which cannot be redeemed in part.
    """

    scanned: str
    last4: str
    wanted: Money | None = None
    in_whole: Money | None = None


@dataclass(frozen=True)
class Approval:
    """How much of it a supervisor approves, and why; above the venue's amount with a `second`."""

    doubtful: Doubtful
    amount: Money
    reason: str
    second: User | None = None


def add_approved(counter: Counter, cashier: User, pin: str, approval: Approval, sale: Sale) -> Sale:
    """The sale with the voucher in it, on the word of whoever's PIN that is. Raises Refused.

    A supervisor at the till gives the own PIN: the word is given on purpose, not in passing.
    """
    if cashier.role is Role.SUPERVISOR:
        supervisor = counter.sign_in.agree(cashier.user_id, pin)
    else:
        subject = f"{approval.doubtful.last4} {approval.amount}"
        supervisor = counter.sign_in.approve(cashier, pin, ACTION, subject)
    return counter.override.add(
        sale,
        approval.doubtful.scanned,
        approval.amount,
        supervisor=supervisor,
        reason=approval.reason,
        second=approval.second,
    )
