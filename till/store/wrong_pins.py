"""Wrong PINs that were typed at this till, by the id of the user they were tried on."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from till.store.database import Work
from till.store.settings import Setting


class WrongPins(Struct, frozen=True, kw_only=True):
    """`in_row` were typed since the right one, `untold` since a supervisor was last told."""

    in_row: int = 0
    untold: int = 0
    last_at: datetime


_wrong_pins = Setting("wrong_pins", dict[str, WrongPins])


def known(work: Work) -> dict[str, WrongPins]:
    """By user id; nobody is in it who has typed nothing wrong."""
    return _wrong_pins.get(work) or {}


def keep(work: Work, changed: Mapping[str, WrongPins]) -> None:
    """Put these in place of what was known of the same users."""
    found = {**known(work), **changed}
    _wrong_pins.put(work, {who: one for who, one in found.items() if one.in_row or one.untold})


def of(work: Work, user_ids: Iterable[str], now: datetime) -> dict[str, WrongPins]:
    """What is known of these users, none wrong where nothing is."""
    found = known(work)
    return {each: found.get(each, WrongPins(last_at=now)) for each in user_ids}
