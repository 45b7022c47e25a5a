"""Changes as they come from the server: a kind this version does not know is passed over, by name.

What a newer server tells beyond that must not stop a till from hearing of the rest. The store
remembers which kinds it has followed, so that a newer till takes everything in anew. Nor must one
text that cannot be read: what can be read of its change is taken in.
"""

from typing import get_args
from uuid import UUID

import msgspec
from msgspec import Raw, Struct, structs

from sync.wire import Position
from sync.wire.feed import AccountChanged, Change
from vouchers.money import Money
from vouchers.reading import UNREADABLE, JsonReader, leave_out
from vouchers.voucher import VoucherStatus

_ACCOUNT = "account"


class UnknownChange(Struct, kw_only=True):
    """A change of a kind that this version has never heard of, or of which it could read nothing:
    only where it stands is known.
    """

    position: Position
    type: str


AnyChange = Change | UnknownChange

KINDS: frozenset[str] = frozenset(kind.__struct_config__.tag for kind in get_args(Change))
"""The kinds this version takes in."""


class _AccountWithoutTerms(Struct, kw_only=True):
    """AccountChanged but for the terms."""

    position: Position
    voucher_id: UUID
    balance: Money
    status: VoucherStatus
    contains: list[UUID]


class ChangesRead(Struct, kw_only=True):
    """A page of the feed, as far as this version understands it."""

    changes: list[AnyChange]
    position: Position
    more: bool


class RawPage(Struct, kw_only=True):
    """sync.wire.FeedPage with its changes still to be read."""

    changes: list[Raw]
    position: Position
    more: bool


_change = JsonReader[Change](Change, "products", "campaigns", "users", "keys")
_account = JsonReader[_AccountWithoutTerms](_AccountWithoutTerms)
_unknown = JsonReader[UnknownChange](UnknownChange)


def read_change(text: bytes | Raw) -> AnyChange:
    """One change, as far as it can be read. Raises what UNREADABLE names when nothing of it can."""
    try:
        return _change.read(text)
    except msgspec.ValidationError as damage:
        unknown = _unknown.read(text)
        if unknown.type not in KINDS:
            return unknown
        leave_out(f"a change of type {unknown.type}", damage)
        return _account_without_terms(text) if unknown.type == _ACCOUNT else unknown


def _account_without_terms(text: bytes | Raw) -> AnyChange:
    """Its balance counts, whatever is wrong with the terms of the voucher."""
    try:
        told = _account.read(text)
    except UNREADABLE:
        return _unknown.read(text)
    return AccountChanged(**structs.asdict(told), voucher=None)


def read_page(page: RawPage) -> ChangesRead:
    """A page of the feed. Raises msgspec.MsgspecError like read_change."""
    return ChangesRead(
        changes=[read_change(each) for each in page.changes],
        position=page.position,
        more=page.more,
    )
