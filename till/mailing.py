"""Vouchers by e-mail, with the care of a print job: on disk before the first byte leaves.

Everything up to the mail's own text can be tried again. From there on, only the server's word
tells whether it went out; without it the job is in doubt, and a person decides.
"""

import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP as SMTP_LINES
from email.utils import formatdate

from msgspec.structs import replace

from printing.documents import Document, TestPage, decode
from printing.layouts import LayoutBook
from printing.profiles import find_profile
from printing.spool import JobState, PrintJob
from printing.spool.jobs import without_clear_codes
from process.threads import LastingThread
from resources.texts import Texts
from till.counter.handover import MAIL
from till.store.settings import MailSetting
from till.store.spool import TillSpoolStore
from vouchers.errors import OperatingError

TIMEOUT_S = 15
RETRY_S = 30.0
PROFILE = "epson-tm-t88v"
"""The paper of an attachment: a receipt of 80 mm that can be read on a telephone."""

ACCEPTED = 250


class MailTrouble(OperatingError):
    """The mail server is away or says no; nothing has left, and the voucher waits."""

    def __init__(self, why: str) -> None:
        super().__init__("mail_trouble", why=why)


class Postman:
    """Sends what waits for e-mail, one after the other."""

    def __init__(
        self, store: TillSpoolStore, layouts: LayoutBook, setting: MailSetting, password: str
    ) -> None:
        self._store, self._layouts = store, layouts
        self._setting, self._password = setting, password

    def send_waiting(self) -> OperatingError | None:
        """Send all that waits; what kept something from leaving, if anything did."""
        trouble: OperatingError | None = None
        for job in waiting_mail(self._store):
            message = self._message_of(job)
            if message is None:
                continue
            try:
                self._send(job, message)
            except MailTrouble as failure:
                self._store.move(job, replace(job, trouble=failure.key))
                trouble = failure
        return trouble

    def _message_of(self, job: PrintJob) -> bytes | None:
        """What to send. A job that cannot be laid out has failed and blocks no other."""
        try:
            return self._message(job, decode(job.document)).as_bytes(policy=SMTP_LINES)
        except OperatingError as error:
            self._store.move(job, replace(job, state=JobState.FAILED, trouble=error.key))
            return None

    def _send(self, job: PrintJob, message: bytes) -> None:
        """Raises MailTrouble while nothing of it has left."""
        address = job.printer.removeprefix(MAIL)
        with self._session() as session:
            self._agree(session.mail(self._setting.sender))
            self._agree(session.rcpt(address))
            begun = replace(job, state=JobState.PRINTING, attempts=job.attempts + 1, trouble=None)
            if not self._store.move(job, begun):
                return  # withdrawn in this moment
            self._end(begun, _outcome(session, message))

    def _end(self, job: PrintJob, state: JobState) -> None:
        """Once it has gone out, neither the codes nor the address are needed any more."""
        if state is JobState.PRINTED:
            sent = replace(job, state=state, printer=MAIL, confirmed=True)
            self._store.move(job, without_clear_codes(sent))
        else:
            self._store.move(job, replace(job, state=state, trouble="mail_unconfirmed"))

    def _message(self, job: PrintJob, document: Document) -> EmailMessage:
        texts = Texts(document.language)
        venue = "" if isinstance(document, TestPage) else document.venue.name
        message = EmailMessage()
        message["From"], message["To"] = self._setting.sender, job.printer.removeprefix(MAIL)
        message["Subject"] = texts.say("mail_subject", venue=venue, reference=job.reference)
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{job.job_id}@{self._setting.sender.rpartition('@')[2]}>"
        message.set_content(texts.say("mail_text", venue=venue, reference=job.reference))
        pdf = self._layouts.to_pdf(document, find_profile(PROFILE))
        message.add_attachment(
            pdf, maintype="application", subtype="pdf", filename=f"{job.reference}.pdf"
        )
        return message

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        setting = self._setting
        try:
            if setting.security == "tls":
                session: smtplib.SMTP = smtplib.SMTP_SSL(
                    setting.host, setting.port, timeout=TIMEOUT_S, context=_trust()
                )
            else:
                session = smtplib.SMTP(setting.host, setting.port, timeout=TIMEOUT_S)
            with session:
                if setting.security == "starttls":
                    session.starttls(context=_trust())
                session.ehlo_or_helo_if_needed()
                if setting.user:
                    session.login(setting.user, self._password)
                yield session
        except (smtplib.SMTPException, OSError) as error:
            raise MailTrouble(str(error) or type(error).__name__) from error

    def _agree(self, answer: tuple[int, bytes]) -> None:
        if answer[0] not in (ACCEPTED, 251):
            raise MailTrouble(answer[1].decode("utf-8", "replace"))


def _outcome(session: smtplib.SMTP, message: bytes) -> JobState:
    """What became of the mail's text; no word of the server leaves it in doubt."""
    try:
        code, _said = session.data(message)
    except (smtplib.SMTPException, OSError):
        return JobState.DOUBT
    return JobState.PRINTED if code == ACCEPTED else JobState.DOUBT


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def waiting_mail(store: TillSpoolStore) -> list[PrintJob]:
    """What waits for a postman."""
    jobs = store.open_jobs()
    return [job for job in jobs if job.state is JobState.INTENT and job.printer.startswith(MAIL)]


class PostRound:
    """Lets `send` go round in a thread of its own, at every `wake` and every RETRY_S."""

    def __init__(self, send: Callable[[], object], on_change: Callable[[], None]) -> None:
        self._send, self._on_change = send, on_change
        self._awake = threading.Event()
        self._stopping = False
        self._thread = LastingThread("mail", self._run)

    def start(self) -> None:
        """Begin with what waits."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to send."""
        self._awake.set()

    def stop(self) -> None:
        """End after the mail in hand."""
        self._stopping = True
        self._awake.set()
        self._thread.end()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._awake.clear()
            try:
                self._send()
            finally:
                self._on_change()
            self._awake.wait(RETRY_S)
