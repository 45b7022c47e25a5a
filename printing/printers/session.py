"""One connection to a printer: ask how it is, hand over bytes, collect what comes back."""

import time
from collections import deque
from dataclasses import dataclass

from printing.printers.answers import (
    AnswerReader,
    Status,
    is_earlier_answer,
    is_status,
    status_request,
    with_answer,
)
from printing.printers.errors import (
    CoverOpen,
    CutterError,
    NotUnderstood,
    PaperOut,
    PrinterError,
    PrinterFault,
    PrinterOffline,
    PrinterUnavailable,
)
from printing.printers.line import Line, LineBroken
from printing.profiles import Profile

STATUS_KINDS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long to wait for what, in seconds.

    `answer_s` for the answer to one question, `poll_s` between two looks at a running job,
    `silent_s` for a sign of life, `completion_s` for the end of a job while all is well.
    """

    answer_s: float = 1.0
    poll_s: float = 0.4
    silent_s: float = 6.0
    completion_s: float = 20.0


def trouble_in(status: Status, printer: str) -> PrinterError | None:
    """What keeps a printer from printing, the part a person can mend first."""
    if status.cover_open:
        return CoverOpen(printer)
    if status.paper_out:
        return PaperOut(printer)
    if status.cutter_error:
        return CutterError(printer)
    if status.fault:
        return PrinterFault(printer)
    return PrinterOffline(printer) if status.offline else None


class Session:
    """One connection for one job; every wait has an end."""

    def __init__(self, printer: str, profile: Profile, line: Line, timing: Timing) -> None:
        self.printer, self.profile, self.timing = printer, profile, timing
        self.talks = profile.status and line.answers
        self._line = line
        self._asked: deque[int] = deque()
        self._reading = Status()
        self._reader = AnswerReader()

    def status(self) -> Status:
        """How the printer is. Raises PrinterError when it stays silent or answers garbage."""
        status = Status()
        if not self.talks:
            return status
        try:
            answers = self._ask(b"".join(map(status_request, STATUS_KINDS)))
        except LineBroken as error:
            raise PrinterUnavailable(self.printer) from error
        for kind, answer in zip(STATUS_KINDS, answers, strict=True):
            status = with_answer(status, kind, answer[0])
        return status

    def check_ready(self) -> Status:
        """How the printer is. Raises PrinterError unless it would print now."""
        status = self.status()
        trouble = trouble_in(status, self.printer)
        if trouble is not None:
            raise trouble
        return status

    def send(self, data: bytes) -> int:
        """Hand over some of `data`, for at most `poll_s`. Raises LineBroken."""
        return self._line.send(data, self.timing.poll_s)

    def request_status(self) -> None:
        """Ask for a status without waiting; `collect` brings the answer. Raises LineBroken."""
        if self._asked:
            return
        request = b"".join(map(status_request, STATUS_KINDS))
        if self._line.send(request, 0) == len(request):
            self._asked.extend(STATUS_KINDS)

    def collect(self) -> list[bytes | Status]:
        """What came back within `poll_s`: complete statuses, and anything else as bytes.

        Raises LineBroken.
        """
        found: list[bytes | Status] = []
        for answer in self._reader.feed(self._line.receive(self.timing.poll_s)):
            if self._asked and is_status(answer):
                found.extend(self._with_status(answer[0]))
            else:
                found.append(answer)
        return found

    def finish(self) -> None:
        """Make sure that all that was sent is on its way. Raises LineBroken."""
        self._line.finish()

    def close(self) -> None:
        """Let the next client have the printer."""
        self._line.close()

    def _with_status(self, answer: int) -> list[Status]:
        self._reading = with_answer(self._reading, self._asked.popleft(), answer)
        if self._asked:
            return []
        complete, self._reading = self._reading, Status()
        return [complete]

    def _ask(self, request: bytes) -> list[bytes]:
        """One answer for each kind of status; what has not come in time does not come.

        A printer may still owe the client before us an answer: that one is not for us.
        """
        if self._line.send(request, self.timing.answer_s) != len(request):
            raise PrinterUnavailable(self.printer)
        deadline = time.monotonic() + self.timing.answer_s
        answers: list[bytes] = []
        while len(answers) < len(STATUS_KINDS):
            found = self._reader.feed(self._line.receive(max(0.0, deadline - time.monotonic())))
            answers += [answer for answer in found if not is_earlier_answer(answer)]
            if not all(map(is_status, answers)):
                raise NotUnderstood(self.printer)
            if len(answers) < len(STATUS_KINDS) and time.monotonic() >= deadline:
                raise PrinterUnavailable(self.printer)
        if len(answers) > len(STATUS_KINDS):
            raise NotUnderstood(self.printer)
        return answers
