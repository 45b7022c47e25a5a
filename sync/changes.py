"""Changes as they come from the server: a kind this version does not know is passed over, by name.

What a newer server tells beyond that must not stop a till from hearing of the rest. The store
remembers which kinds it has followed, so that a newer till takes everything in anew.
"""

from typing import Any, get_args

import msgspec
from msgspec import Raw, Struct

from sync.wire import Position
from sync.wire.feed import Change


class UnknownChange(Struct, kw_only=True):
    """A change of a kind that this version has never heard of: only where it stands is known."""

    position: Position
    type: str


AnyChange = Change | UnknownChange

KINDS: frozenset[str] = frozenset(kind.__struct_config__.tag for kind in get_args(Change))
"""The kinds this version takes in."""


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


_change: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Change)
_unknown = msgspec.json.Decoder(UnknownChange)


def read_change(text: bytes | Raw) -> AnyChange:
    """One change. Raises msgspec.MsgspecError when it is damaged, or one of ours and wrong."""
    try:
        change: Change = _change.decode(text)
    except msgspec.ValidationError:
        unknown = _unknown.decode(text)
        if unknown.type in KINDS:
            raise
        return unknown
    return change


def read_page(page: RawPage) -> ChangesRead:
    """A page of the feed. Raises msgspec.MsgspecError like read_change."""
    return ChangesRead(
        changes=[read_change(each) for each in page.changes],
        position=page.position,
        more=page.more,
    )
