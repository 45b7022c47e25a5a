"""Who looked at what and who approved it: added to, never changed."""

from datetime import UTC, datetime

from sqlalchemy import insert, select

from till.store.database import Work
from till.store.tables import audit


def add(
    work: Work,
    at: datetime,
    *,
    actor: str,
    action: str,
    subject: str,
    approved_by: str | None = None,
) -> None:
    """Note that `actor` did `action` to `subject` (never a code), approved by a supervisor."""
    work.execute(
        insert(audit).values(
            at=at.astimezone(UTC).replace(tzinfo=None),
            actor=actor,
            approved_by=approved_by,
            action=action,
            subject=subject,
        )
    )


def latest(work: Work, action: str, count: int) -> list[tuple[str, datetime]]:
    """What `action` was last done to, newest first, and when."""
    wanted = select(audit.c.subject, audit.c.at).where(audit.c.action == action)
    rows = work.execute(wanted.order_by(audit.c.seq.desc()).limit(count))
    return [(row.subject, row.at.replace(tzinfo=UTC)) for row in rows]
