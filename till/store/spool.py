"""Print jobs on disk (printing.spool.SpoolStore): added with the sale, kept until they ended."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from sqlalchemy import Row, insert, select, update

from printing.documents import Document
from printing.spool import OPEN, JobState, PrintJob, new_job
from till.store import settings
from till.store.database import Database, Work
from till.store.tables import print_jobs

_OPEN = [state.value for state in OPEN]


def add(work: Work, kind: str, document: Document, *, reference: str, at: datetime) -> None:
    """The duty to print a document, in the transaction of what it tells.

    A till without a printer for that kind owes no paper: nothing is added, and no code stays.
    """
    identity = settings.identity.get(work)
    printer = identity.printer_for(kind) if identity else None
    if printer is None:
        return
    job = new_job(document, printer=printer, reference=reference, at=at)
    work.execute(insert(print_jobs).values(_row(job)))


class TillSpoolStore:
    """See printing.spool.SpoolStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_open(self, printer: str) -> PrintJob | None:
        """See SpoolStore."""
        waiting = select(print_jobs).where(
            print_jobs.c.printer == printer, print_jobs.c.state == JobState.INTENT.value
        )
        with self._database.read() as work:
            row = work.execute(waiting.order_by(print_jobs.c.job_id).limit(1)).one_or_none()
        return _job(row) if row else None

    def job(self, job_id: UUID) -> PrintJob | None:
        """See SpoolStore."""
        with self._database.read() as work:
            wanted = select(print_jobs).where(print_jobs.c.job_id == job_id)
            row = work.execute(wanted).one_or_none()
        return _job(row) if row else None

    def open_jobs(self) -> Sequence[PrintJob]:
        """See SpoolStore."""
        wanted = select(print_jobs).where(print_jobs.c.state.in_(_OPEN))
        with self._database.read() as work:
            return [_job(row) for row in work.execute(wanted.order_by(print_jobs.c.job_id))]

    def move(self, before: PrintJob, after: PrintJob) -> bool:
        """See SpoolStore."""
        step = (
            update(print_jobs)
            .where(print_jobs.c.job_id == before.job_id, print_jobs.c.state == before.state.value)
            .values(
                printer=after.printer,
                document=after.document,
                state=after.state.value,
                attempts=after.attempts,
                trouble=after.trouble,
                confirmed=after.confirmed,
            )
        )
        with self._database.write() as work:
            return work.execute(step).rowcount == 1


def _row(job: PrintJob) -> dict[str, object]:
    return {
        "job_id": job.job_id,
        "printer": job.printer,
        "kind": job.kind,
        "reference": job.reference,
        "document": job.document,
        "voucher_ids": msgspec.json.encode(job.voucher_ids),
        "created_at": job.created_at.astimezone(UTC).replace(tzinfo=None),
        "state": job.state.value,
        "attempts": job.attempts,
        "trouble": job.trouble,
        "confirmed": job.confirmed,
    }


def _job(row: Row[tuple[object, ...]]) -> PrintJob:
    return PrintJob(
        job_id=row.job_id,
        printer=row.printer,
        kind=row.kind,
        reference=row.reference,
        document=row.document,
        created_at=row.created_at.replace(tzinfo=UTC),
        state=JobState(row.state),
        attempts=row.attempts,
        trouble=row.trouble,
        confirmed=row.confirmed,
        voucher_ids=msgspec.json.decode(row.voucher_ids, type=list[UUID]),
    )
