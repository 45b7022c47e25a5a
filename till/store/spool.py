"""Print jobs on disk: added with the sale, kept until somebody knows what became of them."""

from datetime import UTC, datetime

from sqlalchemy import func, insert, select

from printing.documents import Document, encode, kind_of
from till.store.database import Work
from till.store.tables import print_jobs
from vouchers.ids import new_id


def add(work: Work, document: Document, at: datetime) -> None:
    """The duty to print a document, in the transaction of what it tells."""
    seq = work.execute(select(func.max(print_jobs.c.seq))).scalar() or 0
    work.execute(
        insert(print_jobs).values(
            job_id=new_id(),
            seq=seq + 1,
            printer="",
            kind=kind_of(document),
            reference=getattr(document, "number", ""),
            document=encode(document),
            state="intent",
            attempts=0,
            detail="",
            created_at=at.astimezone(UTC).replace(tzinfo=None),
        )
    )
