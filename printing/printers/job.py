"""One job at an ESC/POS printer: send it, watch it, and know what became of it."""

import threading
import time

from printing.outcome import OnTrouble, Outcome, PrintResult
from printing.printers.answers import (
    PAPER_STATUS_REQUEST,
    Status,
    is_paper_status,
    process_id_answer,
    process_id_request,
)
from printing.printers.errors import (
    ConnectionLost,
    GivenUp,
    Interrupted,
    PrinterStalled,
    Unconfirmed,
)
from printing.printers.line import LineBroken
from printing.printers.session import Session, trouble_in
from printing.profiles import Completion
from vouchers.errors import OperatingError


class EscPosJob:
    """A connection found ready, waiting for its one job."""

    def __init__(self, session: Session, number: int, found: Status) -> None:
        self._session, self._number = session, number
        self.paper_low = found.paper_low

    def print(self, data: bytes, on_trouble: OnTrouble, give_up: threading.Event) -> PrintResult:
        """See OpenJob."""
        return _Watch(self._session, self._number, on_trouble, give_up).run(data)

    def close(self) -> None:
        """See OpenJob."""
        self._session.close()


class _Watch:
    """Sends one job and stays with it to its end."""

    def __init__(
        self, session: Session, number: int, on_trouble: OnTrouble, give_up: threading.Event
    ) -> None:
        self._session, self._number = session, number
        self._on_trouble, self._give_up = on_trouble, give_up
        self._trouble: OperatingError | None = None
        self._interrupted = False
        self._completion = session.profile.completion if session.talks else Completion.NONE

    def run(self, data: bytes) -> PrintResult:
        name = self._session.printer
        try:
            if not self._send_all(data + self._closing_request()):
                return PrintResult(Outcome.DOUBT, GivenUp(name))
            self._session.finish()
            return self._await_end()
        except LineBroken:
            return PrintResult(Outcome.DOUBT, ConnectionLost(name))

    def _closing_request(self) -> bytes:
        match self._completion:
            case Completion.PROCESS_ID:
                return process_id_request(self._number)
            case Completion.PAPER_STATUS:
                return PAPER_STATUS_REQUEST
            case Completion.NONE:
                return b""

    def _send_all(self, data: bytes) -> bool:
        """False when somebody gave up. A printer that is alive may take as long as it needs."""
        view, moved_at = memoryview(data), time.monotonic()
        while view:
            sent = self._session.send(bytes(view[:4096]))
            view = view[sent:]
            if sent:
                moved_at = time.monotonic()
                self._report(None)
            elif time.monotonic() - moved_at > self._session.timing.silent_s:
                self._report(PrinterStalled(self._session.printer))
            if not sent and self._give_up.is_set():
                return False
        return True

    def _await_end(self) -> PrintResult:
        """Wait for the printer's word. While it names a trouble there is no deadline."""
        session, timing = self._session, self._session.timing
        if not session.talks:
            return PrintResult(Outcome.UNCONFIRMED)
        heard_at = well_since = time.monotonic()
        while not self._give_up.is_set():
            session.request_status()
            answers = session.collect()
            if any(map(self._ends, answers)):
                self._report(None)
                return self._ended()
            now = time.monotonic()
            heard_at = now if answers else heard_at
            well_since = well_since if self._trouble is None else now
            if now - heard_at > timing.silent_s or now - well_since > timing.completion_s:
                return PrintResult(Outcome.DOUBT, Unconfirmed(session.printer))
        return PrintResult(Outcome.DOUBT, GivenUp(session.printer))

    def _ends(self, answer: bytes | Status) -> bool:
        """Take in one answer; whether it is the printer's word that the job is through."""
        if isinstance(answer, Status):
            self._report(trouble_in(answer, self._session.printer))
        match self._completion:
            case Completion.PROCESS_ID:
                return answer == process_id_answer(self._number)
            case Completion.PAPER_STATUS:
                return isinstance(answer, bytes) and is_paper_status(answer)
            case Completion.NONE:
                return isinstance(answer, Status) and self._trouble is None

    def _ended(self) -> PrintResult:
        cause = Interrupted(self._session.printer) if self._interrupted else None
        if self._completion is Completion.NONE:
            return PrintResult(Outcome.UNCONFIRMED, cause)
        return PrintResult(Outcome.PRINTED, cause)

    def _report(self, trouble: OperatingError | None) -> None:
        if type(trouble) is type(self._trouble):
            return
        self._trouble = trouble
        if trouble is not None:
            self._interrupted = True
        self._on_trouble(trouble)
