"""What people asked for that leaves no entry and no incident: added to, never changed."""

import getpass

import sqlalchemy as sa
from msgspec import Struct

from server.storage.database import now_ms
from server.storage.tables import audit
from vouchers.ids import new_id


class Noted(Struct, frozen=True, kw_only=True):
    """Who asked at which till for what, when (milliseconds since 1970, UTC) and why."""

    at_ms: int
    till_id: str
    actor: str
    action: str
    subject: str
    reason: str


def note(
    connection: sa.Connection,
    organisation: str,
    *,
    till_id: str,
    actor: str,
    action: str,
    subject: str,
    reason: str,
) -> None:
    """Write down that somebody asks for something."""
    connection.execute(
        sa.insert(audit).values(
            organisation=organisation,
            audit_id=new_id(),
            at_ms=now_ms(),
            till_id=till_id,
            actor=actor,
            action=action,
            subject=subject,
            reason=reason,
        )
    )


OPERATOR = "server"
"""Stands for the till where an operator did something at the server itself."""


def note_operator(
    connection: sa.Connection, organisation: str, *, action: str, subject: str, reason: str
) -> None:
    """Write down what whoever is logged in on this machine does with a command of the server."""
    note(
        connection,
        organisation,
        till_id=OPERATOR,
        actor=_account(),
        action=action,
        subject=subject,
        reason=reason,
    )


def noted(connection: sa.Connection, organisation: str, limit: int) -> list[Noted]:
    """The newest notes, newest first."""
    columns = [audit.c[name] for name in Noted.__struct_fields__]
    query = sa.select(*columns).where(audit.c.organisation == organisation)
    newest = query.order_by(audit.c.at_ms.desc(), audit.c.audit_id.desc()).limit(limit)
    return [Noted(**row._mapping) for row in connection.execute(newest)]


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container often runs under a number that has no name
        return "an account without a name"
