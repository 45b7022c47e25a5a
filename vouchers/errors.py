"""The families of errors: the world failed, the rules say no, or we made a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class TillError(Exception):
    """Everything this product raises on purpose."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A detail of an error: things named one after the other, by the keys of their words."""

    keys: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.keys)


class Sentence(NamedTuple):
    """A sentence of resources/translations that stands in a gap of another one."""

    key: str
    gaps: Mapping[str, object] = {}


class OperatingError(TillError):
    """The world failed (paper out, server away): told to the user, the till goes on.

    `key` names the sentence in resources/translations, `details` fill its gaps.
    """

    def __init__(self, key: str, **details: object) -> None:
        super().__init__(key, details)
        self.key = key
        self.details = details

    def __str__(self) -> str:
        gaps = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.key} ({gaps})" if gaps else self.key


class WrongUsage(OperatingError):
    """Somebody named what there is not, or cannot be: an address, a printer, a file. Nothing was
    done; the same words will never do.
    """


class InvariantError(TillError):
    """Our mistake: logged with its trace, the sale stops."""


class Reason(StrEnum):
    """Why the rules refuse something. The values are part of the interface for scripts."""

    UNKNOWN = "unknown"
    MISTYPED = "mistyped"
    EXPIRED = "expired"
    NOT_IN_FORCE = "not_in_force"
    BLOCKED = "blocked"
    EMPTY = "empty"
    INSUFFICIENT = "insufficient"
    OFFLINE_LIMIT = "offline_limit"
    CURRENCY = "currency"
    AMOUNT = "amount"
    TENDER = "tender"
    PRODUCT = "product"
    BASKET = "basket"
    SIGN_IN = "sign_in"
    NOT_ALLOWED = "not_allowed"
    DUPLICATE = "duplicate"
    NO_SHIFT = "no_shift"
    FOUR_EYES = "four_eyes"
    REVOKED = "revoked"
    SETTLED_ALREADY = "settled_already"
    UNUSUAL = "unusual"


class Refused(OperatingError):
    """A rule says no. Nothing was booked; `reason` says which rule, `key` which sentence."""

    def __init__(self, reason: Reason, key: str | None = None, **details: object) -> None:
        super().__init__(key or f"refused_{reason.value}", **details)
        self.reason = reason
