"""Who works at a till."""

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
