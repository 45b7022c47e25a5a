"""What takes its time while the login screen stands: everything but the first window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import till.ui.workplace  # noqa: F401 - loaded here, on a worker, so that signing in is instant
from vouchers.errors import OperatingError
from vouchers.people import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.counter.pins import PinWarning
    from till.store.settings import Taste
    from till.ui.paper_office import PaperOffice
    from till.ui.session import Session
    from vouchers.catalogue import Catalogue
    from vouchers.people import User


@dataclass(frozen=True)
class Opened:
    """A till that is ready: its session, and what the venue sells and who works there."""

    session: Session
    catalogue: Catalogue
    people: list[User]
    hint: str
    taste: Taste
    office: PaperOffice


@dataclass(frozen=True)
class SignedIn:
    """Who has just signed in, and how the venue's documents stand at that moment.

    `warnings`: a supervisor is told once whose PIN was guessed at.
    """

    user: User
    catalogue: Catalogue
    people: list[User]
    warnings: list[PinWarning]


def open_till(prepare: Callable[[], Session]) -> Opened:
    """Get the till ready. Raises OperatingError, with the session closed again."""
    session = prepare()
    try:
        return Opened(
            session=session,
            catalogue=session.counter.catalogue(),
            people=session.counter.sign_in.users(),
            hint=session.sign_in_hint(),
            taste=session.taste(),
            office=session.office(),
        )
    except OperatingError:
        session.close()
        raise


def sign_in(session: Session, user_id: str, pin: str) -> SignedIn:
    """Sign somebody in, by the users as the server has them now. Raises Refused (sign_in)."""
    counter, door = session.counter, session.counter.sign_in
    if counter.desk.line.state.online:
        door.ask_for_users()
    user = door.sign_in(user_id, pin)
    warnings = door.pins.warnings() if user.role is Role.SUPERVISOR else []
    door.pins.told(warnings)
    return SignedIn(
        user=user, catalogue=counter.catalogue(), people=door.users(), warnings=warnings
    )
