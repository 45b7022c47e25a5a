"""With the window open, e-mail leaves by itself: at once, or when the mail server is back."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import update

from printing.spool import JobState
from printing.virtual import VirtualPrinter
from tests.cardreader.waiting import eventually
from tests.till.paper.conftest import SUPERVISOR, TillAtHand
from tests.till.paper.mailbox import MailBox, listening
from till import mailing
from till.counter.handover import MAIL
from till.store.tables import print_jobs
from till.window import TillSession

VISITOR = "visitor@example.org"


@pytest.fixture
def session(till: TillAtHand, waiting: tuple[str, str]) -> Iterator[TillSession]:
    """The till as its window has it, with a voucher that waits for a broken printer."""
    open_session = TillSession(till.data, "en")
    yield open_session
    open_session.close()


def send(session: TillSession, waiting: tuple[str, str]) -> Callable[[], JobState]:
    """Give the job to the mail; returns what asks how it stands."""
    job_id, user = UUID(waiting[1]), session.counter.sign_in.sign_in(*SUPERVISOR)
    session.counter.handover.give_to(job_id, MAIL + VISITOR, user)

    def state() -> JobState:
        job = session._till.jobs.job(job_id)
        assert job is not None
        return job.state

    return state


def test_what_is_given_to_the_mail_leaves_at_once(
    session: TillSession, waiting: tuple[str, str], mailbox: MailBox, till: TillAtHand
) -> None:
    state = send(session, waiting)
    eventually(lambda: state() is JobState.PRINTED)
    assert mailbox.to == [VISITOR]
    eventually(lambda: till.codes_in_clear([waiting[0], VISITOR]) == [])


def test_what_could_not_leave_is_sent_when_the_mail_server_is_back(
    monkeypatch: pytest.MonkeyPatch,
    session: TillSession,
    waiting: tuple[str, str],
    mail_port: int,
) -> None:
    monkeypatch.setattr(mailing, "RETRY_S", 0.2)
    state = send(session, waiting)
    eventually(lambda: any(job.trouble for job in session.counter.handover.open()))
    assert state() is JobState.INTENT
    session._post.wake()  # the round that is asleep took the longer time with it
    box = MailBox()
    with listening(box, mail_port):
        eventually(lambda: state() is JobState.PRINTED)
    assert box.to == [VISITOR]


def test_a_document_that_cannot_be_read_ends_neither_the_round_nor_another_mail(
    session: TillSession,
    waiting: tuple[str, str],
    mailbox: MailBox,
    till: TillAtHand,
    printer: VirtualPrinter,
) -> None:
    user = session.counter.sign_in.sign_in(*SUPERVISOR)
    broken = session.counter.paperwork.open_drawer("change", user)
    with session._till.database.write() as work:
        of_it = update(print_jobs).where(print_jobs.c.job_id == broken.job_id)
        work.execute(of_it.values(printer=MAIL + VISITOR, document=b"{"))
    state = send(session, waiting)
    eventually(lambda: state() is JobState.PRINTED)

    def failed() -> bool:
        job = session._till.jobs.job(broken.job_id)
        return job is not None and job.trouble == "document_unreadable"

    eventually(failed)
    session.counter.handover.came_out(broken.job_id, whole=True, user=user)
