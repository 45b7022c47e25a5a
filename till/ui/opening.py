"""What takes its time while the login screen stands: everything but the first window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import till.ui.workplace  # noqa: F401 - loaded here, on a worker, so that signing in is instant
from vouchers.errors import OperatingError

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """Who has just signed in, and how the venue's documents stand at that moment."""

    user: User
    catalogue: Catalogue
    people: list[User]


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
    """Sign somebody in. Raises Refused (sign_in)."""
    counter = session.counter
    user = counter.sign_in.sign_in(user_id, pin)
    return SignedIn(user=user, catalogue=counter.catalogue(), people=counter.sign_in.users())
