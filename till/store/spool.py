"""Print jobs on disk (printing.spool.SpoolStore): added with the sale, kept until they ended."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update

from printing.documents import Document, GiftVoucher, Ticket, kind_of
from printing.spool import OPEN, JobState, PrintJob, new_job
from till.store import settings
from till.store.database import Database, DiskTrouble, Work
from till.store.tables import print_jobs
from vouchers.reading import JsonReader

_state = print_jobs.c.state
_STILL_OPEN = _state.in_([state.value for state in OPEN])
_NEVER_PRINTED = and_(_state == JobState.FAILED.value, print_jobs.c.trouble.is_not(None))
"""It could not be laid out, and nobody has said yet what becomes of it."""

_ENDED = (JobState.PRINTED, JobState.FAILED, JobState.CANCELLED)

DRAWER, DRAWER_PATIENCE = "drawer_slip", timedelta(seconds=20)
"""Printing a drawer slip opens the drawer: later than this, somebody else may stand there."""

log = logging.getLogger(__name__)
_ids = JsonReader[list[UUID]](list[UUID])


def add(
    work: Work, document: Document, *, reference: str, at: datetime, printer: str | None = None
) -> PrintJob | None:
    """The duty to print a document, in the transaction of what it tells.

    It goes to `printer`, else to the one for its kind. A till without a printer for that kind
    owes no paper: nothing is added, and no code stays.
    """
    identity = settings.identity.get(work)
    if identity is None:
        return None
    printer = printer or identity.printer_for(kind_of(document))
    if printer is None:
        return None
    if isinstance(document, GiftVoucher | Ticket) and printer in identity.printers:
        document = replace(document, layout=identity.printers[printer].layout)
    job = new_job(document, printer=printer, reference=reference, at=at)
    work.execute(insert(print_jobs).values(_row(job)))
    return job


def get(work: Work, job_id: UUID) -> PrintJob | None:
    """One job, or None when there is none of that id."""
    row = work.execute(select(print_jobs).where(print_jobs.c.job_id == job_id)).one_or_none()
    return _job(row) if row else None


def unsettled(work: Work) -> list[PrintJob]:
    """What has not come out yet, is in doubt, or could not be printed at all; oldest first."""
    return _jobs(work, or_(_STILL_OPEN, _NEVER_PRINTED))


def of_reference(work: Work, reference: str) -> list[PrintJob]:
    """What of that receipt has not come out yet, oldest first."""
    return [job for job in unsettled(work) if job.reference == reference]


def put_orphans_in_doubt(work: Work) -> None:
    """After a start: what was being printed when the program went down may be on paper or not."""
    begun = update(print_jobs).where(_state == JobState.PRINTING.value)
    work.execute(begun.values(state=JobState.DOUBT.value, trouble="till_stopped_while_printing"))


def step(work: Work, before: PrintJob, after: PrintJob) -> bool:
    """Replace a job; False when its state is no longer `before.state`."""
    change = (
        update(print_jobs)
        .where(print_jobs.c.job_id == before.job_id, _state == before.state.value)
        .values(
            printer=after.printer,
            document=after.document,
            state=after.state.value,
            attempts=after.attempts,
            trouble=after.trouble,
            confirmed=after.confirmed,
        )
    )
    return work.execute(change).rowcount == 1


def forget_codes(database: Database) -> None:
    """Empty the write-ahead log, where codes that were just erased still stand.

    A disk that refuses must not undo the step that is on it already.
    """
    try:
        database.empty_log()
    except DiskTrouble as trouble:
        log.warning("erased codes stay in the write-ahead log for now: %s", trouble)


class TillSpoolStore:
    """See printing.spool.SpoolStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_open(self, printer: str) -> PrintJob | None:
        """See SpoolStore. A drawer that nobody waits for any more stays shut."""
        waiting = select(print_jobs).where(
            print_jobs.c.printer == printer, _state == JobState.INTENT.value
        )
        while True:
            with self._database.read() as work:
                row = work.execute(waiting.order_by(print_jobs.c.job_id).limit(1)).one_or_none()
            job = _job(row) if row else None
            if job is None or job.kind != DRAWER or _age(job) < DRAWER_PATIENCE:
                return job
            self.move(job, replace(job, state=JobState.CANCELLED, trouble=None))

    def job(self, job_id: UUID) -> PrintJob | None:
        """See SpoolStore."""
        with self._database.read() as work:
            return get(work, job_id)

    def open_jobs(self) -> Sequence[PrintJob]:
        """See SpoolStore."""
        with self._database.read() as work:
            return _jobs(work, _STILL_OPEN)

    def move(self, before: PrintJob, after: PrintJob) -> bool:
        """See SpoolStore."""
        with self._database.write() as work:
            moved = step(work, before, after)
        if moved and after.state in _ENDED:
            forget_codes(self._database)
        return moved


def _jobs(work: Work, wanted: ColumnElement[bool]) -> list[PrintJob]:
    rows = work.execute(select(print_jobs).where(wanted).order_by(print_jobs.c.job_id))
    return [_job(row) for row in rows]


def _age(job: PrintJob) -> timedelta:
    return datetime.now(UTC) - job.created_at


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
        voucher_ids=_ids.read_or_none(row.voucher_ids, f"the vouchers of {row.job_id}") or [],
    )
