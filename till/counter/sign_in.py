"""Who stands at the till, and a supervisor's word for what a cashier may not do alone."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from till.counter.desk import Desk
from till.store import audit, settings
from vouchers.errors import Reason, Refused
from vouchers.people import Role, User


class SignIn:
    """Checks PINs against the venue's users as they were last heard from the server."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._hasher = PasswordHasher()

    def users(self) -> list[User]:
        """Everybody who may sign in, by name."""
        with self._desk.database.read() as work:
            known = settings.users.get(work) or []
        able = (user for user in known if user.active and user.role.is_known)
        return sorted(able, key=lambda user: user.name)

    def sign_in(self, user_id: str, pin: str) -> User:
        """The user, when the PIN is right. Raises Refused (sign_in), which does not say why."""
        for user in self.users():
            if user.user_id == user_id and self._matches(user, pin):
                return user
        raise Refused(Reason.SIGN_IN)

    def approve(self, user: User, pin: str, action: str, subject: str) -> User:
        """The supervisor who approves `action`: `user`, or whoever's PIN that is.

        It is written down. Raises Refused (not_allowed).
        """
        supervisor = user if user.role is Role.SUPERVISOR else self._supervisor(pin)
        with self._desk.database.write() as work:
            audit.add(
                work,
                self._desk.clock.now(),
                actor=user.user_id,
                action=action,
                subject=subject,
                approved_by=supervisor.user_id,
            )
        return supervisor

    def _supervisor(self, pin: str) -> User:
        for user in self.users():
            if user.role is Role.SUPERVISOR and self._matches(user, pin):
                return user
        raise Refused(Reason.NOT_ALLOWED, "supervisor_pin_wrong")

    def _matches(self, user: User, pin: str) -> bool:
        try:
            return self._hasher.verify(user.pin_hash, pin)
        except (VerificationError, InvalidHashError):
            return False
