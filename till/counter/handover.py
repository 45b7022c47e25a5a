"""What has not reached the visitor yet: open print jobs, and what a person decides about them.

Each decision is one transaction: the job ends, its codes in clear go, and what takes its place
(a new code, another printer, an e-mail) is there.
"""

import re
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from printing.documents import (
    Document,
    DocumentUnreadable,
    DrawerSlip,
    GiftVoucher,
    Receipt,
    copy_of,
    decode,
    encode,
    voucher_ids,
    vouchers_on,
)
from printing.spool import JobState, PrintJob
from printing.spool.jobs import without_clear_codes
from till.counter.desk import Desk
from till.counter.issuing import NewVoucher
from till.counter.receipt import issued
from till.counter.replacement import Replacement
from till.store import audit, settings, spool
from till.store.database import Work
from vouchers.catalogue import Venue
from vouchers.errors import Reason, Refused
from vouchers.people import User

MAIL = "mailto:"
"""A job for this "printer" goes out by e-mail; the address stands behind it until it is sent."""


_ADDRESS = re.compile(r"[!#-'*+./0-9=?A-Z^-~-]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*")
"""addr-spec of RFC 5322 without quoted strings: what people have, and nothing that ends a line."""


class Handover:
    """Everything that was sold and is not known to be in the visitor's hands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._replacement = Replacement(desk)

    def open(self) -> list[PrintJob]:
        """All papers that somebody still has to do with, oldest first."""
        with self._desk.database.read() as work:
            return spool.unsettled(work)

    def printers(self) -> dict[str, str]:
        """The printers that could have a waiting paper: their addresses, by kind."""
        with self._desk.database.read() as work:
            printers = self._desk.identity(work).printers
        return {kind: setting.address for kind, setting in printers.items()}

    def can_mail(self) -> bool:
        """Whether a waiting paper could go out by e-mail."""
        with self._desk.database.read() as work:
            return settings.mail.get(work) is not None

    def came_out(self, job_id: UUID, *, whole: bool, user: User) -> list[NewVoucher]:
        """Somebody looked at the paper of a job in doubt. Returns the vouchers with new codes.

        Not whole: each of its vouchers gets a new code for what is left on it, the old code is
        empty from then on, and a new job hands the new code out. A receipt comes as a marked copy.
        What could not be laid out has left nothing on paper: it waits again, with its codes.
        Raises Refused, with the job still in doubt.
        """
        with self._desk.database.read() as work:
            job = _in_doubt(work, job_id)
        if whole:
            return self._accept(job_id, user)
        if _never_left(job):
            with self._desk.database.read() as work:
                printer = self._printer_for(work, job)
            self.give_to(job_id, printer, user)
            return []
        secured = self._replacement.secure(job.voucher_ids)
        try:
            with self._desk.database.write() as work:
                job = _in_doubt(work, job_id)
                renewed = self._replacement.book(work, secured, user, job.reference)
                self._print_anew(work, job, renewed)
                _end(work, job, JobState.FAILED)
                self._note(work, user, "paper spoiled", job)
        except BaseException:
            self._replacement.give_up(secured)
            raise
        self._decided()
        return list(renewed.values())

    def give_to(self, job_id: UUID, printer: str, user: User) -> None:
        """Let another printer have it, or `mailto:ADDRESS`, while nothing of it has left.

        Raises Refused (settled_already) when it is too late for that, (unknown) for a printer
        this till does not have.
        """
        with self._desk.database.write() as work:
            job = spool.get(work, job_id)
            if job is None or not _never_left(job):
                raise Refused(Reason.SETTLED_ALREADY, "paper_has_left")
            document = encode(self._for_printer(work, decode(job.document), printer))
            waiting = replace(job, state=JobState.INTENT, printer=printer, trouble=None)
            spool.step(work, job, replace(waiting, document=document))
            self._note(work, user, f"paper to {printer.partition(':')[0]}", job)
        self._decided()

    def _accept(self, job_id: UUID, user: User) -> list[NewVoucher]:
        with self._desk.database.write() as work:
            job = _in_doubt(work, job_id)
            if job.state is JobState.FAILED and job.voucher_ids:
                raise Refused(Reason.NOT_ALLOWED, "paper_never_printed")
            _end(work, job, JobState.PRINTED if job.state is JobState.DOUBT else job.state)
            self._note(work, user, "paper whole", job)
        self._decided()
        return []

    def _print_anew(self, work: Work, job: PrintJob, renewed: dict[UUID, NewVoucher]) -> None:
        at, printer = self._desk.clock.now(), self._printer_for(work, job)
        for document in self._anew(work, job, renewed):
            spool.add(work, document, reference=job.reference, at=at, printer=printer)

    def _printer_for(self, work: Work, job: PrintJob) -> str:
        """Where it goes when it has to be made again; its own printer may be gone."""
        identity = self._desk.identity(work)
        kept = job.printer in identity.printers or job.printer.startswith(MAIL)
        printer = job.printer if kept else identity.printer_for(job.kind)
        if printer is None:
            raise Refused(Reason.NOT_ALLOWED, "paper_no_printer")
        return printer

    def _anew(self, work: Work, job: PrintJob, renewed: dict[UUID, NewVoucher]) -> list[Document]:
        """What takes the place of a spoiled paper. A drawer must not open a second time."""
        try:
            document = decode(job.document)
        except DocumentUnreadable:
            venue = self._desk.catalogue(work).venue
            at = self._desk.clock.now().astimezone(venue.zone)
            return [_gift(new, venue, job.reference, at) for new in renewed.values()]
        match document:
            case DrawerSlip():
                return []
            case GiftVoucher() if not renewed:
                return []
        return [_renewed(document, renewed)]

    def _for_printer(self, work: Work, document: Document, printer: str) -> Document:
        if printer.startswith(MAIL):
            if settings.mail.get(work) is None:
                raise Refused(Reason.UNKNOWN, "mail_not_set_up")
            if not _ADDRESS.fullmatch(printer.removeprefix(MAIL)):
                raise Refused(Reason.NOT_ALLOWED, "mail_address_unreadable")
            return document
        setting = self._desk.identity(work).printers.get(printer)
        if setting is None:
            raise Refused(Reason.UNKNOWN, "printer_unknown", printer=printer)
        if isinstance(document, GiftVoucher):
            return replace(document, layout=setting.layout)
        return document

    def _note(self, work: Work, user: User, action: str, job: PrintJob) -> None:
        at = self._desk.clock.now()
        audit.add(
            work, at, actor=user.user_id, action=action, subject=f"{job.kind} {job.reference}"
        )

    def _decided(self) -> None:
        """Codes that were erased leave the write-ahead log too; whoever prints is told."""
        spool.forget_codes(self._desk.database)
        self._desk.reported()


def _in_doubt(work: Work, job_id: UUID) -> PrintJob:
    job = spool.get(work, job_id)
    undecided = job is not None and (
        job.state is JobState.DOUBT or (job.state is JobState.FAILED and job.trouble)
    )
    if job is None or not undecided:
        raise Refused(Reason.SETTLED_ALREADY, "paper_settled_already")
    return job


def _never_left(job: PrintJob) -> bool:
    """Whether nothing of it is on paper and its codes are still there."""
    if job.state is not JobState.FAILED or not job.trouble:
        return job.state is JobState.INTENT
    try:
        return voucher_ids(decode(job.document)) == job.voucher_ids
    except DocumentUnreadable:
        return False


def _end(work: Work, job: PrintJob, state: JobState) -> None:
    printer = MAIL if job.printer.startswith(MAIL) else job.printer
    ended = replace(job, state=state, trouble=None, printer=printer)
    spool.step(work, job, without_clear_codes(ended))


def _renewed(document: Document, renewed: dict[UUID, NewVoucher]) -> Document:
    """A marked copy, with the new codes in place of the old ones."""
    bare = copy_of(document)
    vouchers = [
        issued(renewed[each.voucher_id]) if each.voucher_id in renewed else each
        for each in vouchers_on(bare)
    ]
    match bare:
        case Receipt():
            return replace(bare, vouchers=vouchers)
        case GiftVoucher():
            return replace(bare, voucher=vouchers[0])
    return bare


def _gift(new: NewVoucher, venue: Venue, reference: str, at: datetime) -> GiftVoucher:
    return GiftVoucher(
        venue=venue, language=venue.language, at=at, receipt=reference, voucher=issued(new)
    )
