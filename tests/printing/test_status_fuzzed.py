"""Whatever a device answers, the till neither crashes nor takes garbage for a word."""

import threading
import time
from collections import deque

from hypothesis import example, given, settings
from hypothesis import strategies as st

from printing.printers import EscPosPrinter, Outcome
from printing.printers.answers import Status, with_answer
from printing.printers.errors import PrinterError
from printing.printers.line import LineBroken
from printing.printers.session import Timing
from printing.profiles import Completion, Profile, find_profile

HASTY = Timing(answer_s=0.01, poll_s=0.002, silent_s=0.01, completion_s=0.02)
PROFILES = [
    find_profile("epson-tm-t88v"),
    find_profile("generic-80"),
    find_profile("generic-58"),
]


class Babbler:
    """A line at whose other end anything may be: it plays its answers, then is silent or breaks."""

    answers = True

    def __init__(self, answers: list[bytes], breaks: bool) -> None:
        self._answers, self._breaks = deque(answers), breaks

    def open(self) -> "Babbler":
        return self

    def send(self, data: bytes, timeout_s: float) -> int:
        return len(data)

    def receive(self, timeout_s: float) -> bytes:
        if self._answers:
            return self._answers.popleft()
        if self._breaks:
            raise LineBroken("gone")
        time.sleep(timeout_s)
        return b""

    def finish(self) -> None: ...

    def close(self) -> None: ...


READY = b"\x12\x12\x12\x12"


@settings(max_examples=60)
@given(
    answers=st.lists(st.binary(min_size=1, max_size=12), max_size=8),
    breaks=st.booleans(),
    profile=st.sampled_from(PROFILES),
)
@example(answers=[READY, b"\x37\x220012\x00"], breaks=False, profile=PROFILES[0])
@example(answers=[READY, b"\x37\x22"], breaks=True, profile=PROFILES[0])
def test_any_answer(answers: list[bytes], breaks: bool, profile: Profile) -> None:
    printer = EscPosPrinter("any", profile, Babbler([READY, *answers], breaks), HASTY)
    job = printer.open(12)
    give_up = threading.Event()
    timer = threading.Timer(0.1, give_up.set)
    timer.start()
    result = job.print(b"hello", lambda _: None, give_up)
    timer.cancel()
    said = b"".join(answers).translate(None, b"\x11\x13")
    if result.outcome is Outcome.PRINTED and profile.completion is Completion.PROCESS_ID:
        assert b"\x37\x220012\x00" in said


@settings(max_examples=60)
@given(answers=st.lists(st.binary(min_size=1, max_size=6), max_size=5), breaks=st.booleans())
def test_any_first_answer(answers: list[bytes], breaks: bool) -> None:
    printer = EscPosPrinter("any", PROFILES[0], Babbler(answers, breaks), HASTY)
    try:
        printer.open(1)
    except PrinterError:
        return
    assert sum(byte & 0x93 == 0x12 for byte in b"".join(answers)) >= 4


@given(kind=st.integers(1, 4), answer=st.integers(0, 255))
def test_every_status_byte_has_a_meaning(kind: int, answer: int) -> None:
    status = with_answer(Status(), kind, answer)
    trouble = {1: 0x08, 2: 0x24, 3: 0x28, 4: 0x00}[kind]
    if kind == 4:
        assert status.ready == (answer & 0x60 != 0x60)
    else:
        assert status.ready == (answer & trouble == 0)
