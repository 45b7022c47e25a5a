"""users.toml: who may sign in. A PIN stands in this file only; all else keeps its hash."""

from collections.abc import Iterator, Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from vouchers.faults import Fault, Path, text_faults
from vouchers.people import PIN_DIGITS_MAX, PIN_DIGITS_MIN, Role, User, UserFault, faults_of

USERS_FILE = "users.toml"

PINS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id as OWASP's Password Storage Cheat Sheet asks at least. A till's processor is slow, and
an approval tries its PIN on every supervisor while a queue waits.
"""

_LACKS = {
    UserFault.NO_ID: ("user_id", "is empty"),
    UserFault.SHARED_ID: ("user_id", "is that of somebody further up too"),
    UserFault.NO_NAME: ("name", "is empty"),
    UserFault.WEAK_PIN: ("pin", f"must be {PIN_DIGITS_MIN} to {PIN_DIGITS_MAX} digits"),
}


class UserInFile(Struct, frozen=True, kw_only=True):
    """A user as an operator writes one; only the hash of the PIN is kept."""

    user_id: str
    name: str
    role: Role
    pin: str
    active: bool = True


class UsersFile(Struct, frozen=True):
    """users.toml."""

    users: list[UserInFile]


def user_faults(users: Sequence[UserInFile]) -> list[Fault]:
    """All that is wrong with the people of a venue. A PIN is never repeated in a sentence."""
    faults: list[Fault] = []
    above: list[str] = []
    if not any(one.active for one in users):
        faults.append(Fault(("users",), "has nobody who is active: nobody could sign in"))
    for index, user in enumerate(users):
        faults += _faults(user, ("users", index), above)
        above.append(user.user_id)
    return [*faults, *_shared_pins(users)]


def known_as(written: Sequence[UserInFile], known: Sequence[User]) -> list[User]:
    """The users with hashes for PINs; a PIN that is still the same keeps the hash it has."""
    before = {user.user_id: user for user in known}
    return [_user(one, before.get(one.user_id)) for one in written]


def _faults(user: UserInFile, path: Path, above: Sequence[str]) -> Iterator[Fault]:
    for fault in faults_of(user.user_id, user.name, user.pin, above):
        field, why = _LACKS[fault]
        yield Fault((*path, field), why)
    for field in ("user_id", "name"):
        yield from text_faults(getattr(user, field), (*path, field), may_be_empty=True)


def _shared_pins(users: Sequence[UserInFile]) -> Iterator[Fault]:
    """A supervisor approves by the PIN alone, so it must say who it was."""
    first: dict[str, int] = {}
    for index, user in enumerate(users):
        if user.role is Role.SUPERVISOR and user.active:
            earlier = first.setdefault(user.pin, index)
            if earlier != index:
                place, before = ("users", index, "pin"), ("users", earlier, "pin")
                yield Fault(place, "is that of another supervisor too", against=before)


def _user(written: UserInFile, known: User | None) -> User:
    kept = known is not None and _is_pin(known.pin_hash, written.pin)
    return User(
        user_id=written.user_id,
        name=written.name,
        role=written.role,
        pin_hash=known.pin_hash if known and kept else PINS.hash(written.pin),
        active=written.active,
    )


def _is_pin(pin_hash: str, pin: str) -> bool:
    try:
        return PINS.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False
