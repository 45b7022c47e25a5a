"""Who stands at the till, and a supervisor's word for what a cashier may not do alone."""

from sync.link import NotSignedIn, Unreachable
from till.counter.desk import Desk
from till.counter.pins import Pins
from till.store import audit, settings
from vouchers.errors import Reason, Refused
from vouchers.people import Role, User, able_to_sign_in


class SignIn:
    """Checks PINs against the venue's users as they were last heard from the server.

    Everything that takes a PIN raises Refused (sign_in) while it was guessed at too often.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.pins = Pins(desk)

    def users(self) -> list[User]:
        """Everybody who may sign in, by name."""
        with self._desk.database.read() as work:
            return able_to_sign_in(settings.users.get(work) or [])

    def ask_for_users(self) -> bool:
        """Hear who works here at this moment, before a PIN is judged, within the deadline of what
        a visitor waits for. False when no answer came: then the users known here count.
        """
        try:
            users = self._desk.server.users()
        except (Unreachable, NotSignedIn):
            return False
        with self._desk.database.write() as work:
            if users != settings.users.get(work):
                settings.users.put(work, users)
        return True

    def sign_in(self, user_id: str, pin: str) -> User:
        """The user, when the PIN is right. Raises Refused (sign_in), which does not say why."""
        user = self._prove(user_id, pin)
        if user is None:
            raise Refused(Reason.SIGN_IN)
        return user

    def agree(self, user_id: str, pin: str) -> User:
        """The user who gives their word for what somebody else asks for.

        Raises Refused (sign_in).
        """
        user = self._prove(user_id, pin)
        if user is None:
            raise Refused(Reason.SIGN_IN, "agreeing_pin_wrong")
        return user

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

    def _prove(self, user_id: str, pin: str) -> User | None:
        named = [user for user in self.users() if user.user_id == user_id]
        return self.pins.owner(named, pin)

    def _supervisor(self, pin: str) -> User:
        supervisors = [user for user in self.users() if user.role is Role.SUPERVISOR]
        supervisor = self.pins.owner(supervisors, pin)
        if supervisor is None:
            raise Refused(Reason.NOT_ALLOWED, "supervisor_pin_wrong")
        return supervisor
