"""A print job and the journal it is kept in."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from printing.documents import (
    Document,
    DocumentUnreadable,
    decode,
    encode,
    kind_of,
    voucher_ids,
    without_codes,
)
from vouchers.ids import new_id


class JobState(StrEnum):
    """Where a job stands.

    intent -> printing -> printed | doubt; doubt -> printed | failed (the cashier looked);
    intent -> cancelled; intent -> failed (it cannot be laid out: nothing is on paper) -> intent
    (somebody has it tried again). Nothing leaves printed and cancelled.
    """

    INTENT = "intent"
    PRINTING = "printing"
    PRINTED = "printed"
    DOUBT = "doubt"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (JobState.INTENT, JobState.PRINTING, JobState.DOUBT)
"""The states that somebody still has to do with."""


class PrintJob(Struct, frozen=True, kw_only=True):
    """Something to print, as the journal keeps it.

    `document` is JSON (printing.documents) and may hold codes in clear until a paper with them is
    known to be there, or somebody has decided that it is not.
    `voucher_ids` are the vouchers whose codes it hands out. `reference` is what the cashier knows
    it by, its receipt number. `trouble` is the sentence key of what holds it up, None when
    nothing does. `confirmed` tells whether the printer itself said that it is on paper.
    """

    job_id: UUID
    printer: str
    kind: str
    reference: str
    document: bytes
    created_at: Annotated[datetime, Meta(tz=True)]
    state: JobState = JobState.INTENT
    attempts: int = 0
    trouble: str | None = None
    confirmed: bool = False
    voucher_ids: list[UUID] = []

    def __repr__(self) -> str:
        return f"PrintJob({self.job_id}, {self.kind} {self.reference}, {self.state})"


def new_job(document: Document, *, printer: str, reference: str, at: datetime) -> PrintJob:
    """A job for `printer`, to be added to the journal in the transaction of its sale."""
    return PrintJob(
        job_id=new_id(),
        printer=printer,
        kind=kind_of(document),
        reference=reference,
        document=encode(document),
        created_at=at,
        voucher_ids=voucher_ids(document),
    )


def without_clear_codes(job: PrintJob) -> PrintJob:
    """The same job with the codes in its document erased; all of it where it cannot be read."""
    try:
        document = encode(without_codes(decode(job.document)))
    except DocumentUnreadable:
        document = b""
    return replace(job, document=document)


class SpoolStore(Protocol):
    """The journal, kept in the till's database. Every method may be called from any thread.

    The till itself adds jobs, in the transaction of their sale, in state `intent`.
    """

    def next_open(self, printer: str) -> PrintJob | None:
        """The oldest job in state `intent` for that printer (by `job_id`, which sorts by time)."""

    def job(self, job_id: UUID) -> PrintJob | None:
        """One job, or None when there is none of that id."""

    def open_jobs(self) -> Sequence[PrintJob]:
        """All jobs in states `intent`, `printing` and `doubt`, oldest first."""

    def move(self, before: PrintJob, after: PrintJob) -> bool:
        """Replace a job, durable on return; False when its state is no longer `before.state`.

        One statement does it: UPDATE ... WHERE job_id = ? AND state = ?. It writes `printer`,
        `document`, `state`, `attempts`, `trouble` and `confirmed`; the rest never changes.
        An erased `document` must not be left behind in free pages (PRAGMA secure_delete).
        """
