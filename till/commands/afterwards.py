"""After something was booked: report it, print it, and say what has not come out yet."""

from sync import outbox
from sync.link import NotSignedIn, Unreachable
from till.assembly import Till
from till.commands.outcome import Json
from vouchers.errors import OperatingError


def report_and_print(till: Till) -> OperatingError | None:
    """Report and print what waits; neither can undo it. What held the paper up, if anything did."""
    if till.line.state.online:
        try:
            outbox.drain(till.books, till.link)
        except (Unreachable, NotSignedIn) as away:
            till.line.failed(away)
    return till.print_waiting()


def open_papers(till: Till, reference: str | None = None) -> list[Json]:
    """What has not come out yet, of one receipt or of all, for scripts."""
    return [
        {
            "job": job.job_id,
            "kind": job.kind,
            "receipt": job.reference,
            "printer": job.printer,
            "state": job.state,
            "trouble": job.trouble,
            "vouchers": job.voucher_ids,
            "since": job.created_at,
        }
        for job in till.counter.handover.open()
        if reference in {None, job.reference}
    ]
