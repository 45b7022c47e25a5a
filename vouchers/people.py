"""Who works at a till, and what they need before they can."""

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from vouchers.open_enum import OpenEnum


class Role(OpenEnum):
    """What somebody may do: a supervisor may do all that a cashier may."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"


class User(Struct, frozen=True, kw_only=True):
    """Somebody who can sign in. `pin_hash` is Argon2id; the PIN itself is nowhere."""

    user_id: str
    name: str
    role: Role
    pin_hash: str
    active: bool = True

    def __repr__(self) -> str:
        return f"User({self.user_id}, {self.role})"


class UserFault(StrEnum):
    """What somebody lacks who is to sign in."""

    NO_ID = "no_id"
    SHARED_ID = "shared_id"
    NO_NAME = "no_name"
    WEAK_PIN = "weak_pin"


PIN_DIGITS_MIN, PIN_DIGITS_MAX = 4, 12
_PIN = re.compile(f"[0-9]{{{PIN_DIGITS_MIN},{PIN_DIGITS_MAX}}}")


def is_pin(typed: str) -> bool:
    """Whether that can be a PIN at all: digits, as a till's keypad has them, and enough of them.

    >>> is_pin("0815"), is_pin("123"), is_pin("")
    (True, False, False)
    """
    return _PIN.fullmatch(typed) is not None


def faults_of(user_id: str, name: str, pin: str, others: Iterable[str] = ()) -> list[UserFault]:
    """All that keeps somebody from working at a till; `others` are the ids of everybody else."""
    wrong = {
        UserFault.NO_ID: not user_id.strip(),
        UserFault.SHARED_ID: user_id in others,
        UserFault.NO_NAME: not name.strip(),
        UserFault.WEAK_PIN: not is_pin(pin),
    }
    return [fault for fault, found in wrong.items() if found]


def able_to_sign_in(users: Iterable[User]) -> list[User]:
    """Those who may sign in, by name. Old venues may hold users that nobody could tell apart in
    the books: without an id there is no user, and the first one keeps an id that two were given.
    """
    able: dict[str, User] = {}
    for user in users:
        if user.active and user.role.is_known and user.user_id.strip():
            able.setdefault(user.user_id, user)
    return sorted(able.values(), key=lambda user: user.name)
