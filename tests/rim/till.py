"""A till's window on a virtual screen, asked where things stand and driven through X alone."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from tests.rim import program
from tests.rim.program import PINS, MakeSession, Program
from tests.rim.screen import Screen
from tests.till.ui.world import World
from till.ui.presses import SETTLED_MS, now_ms

PATIENCE_S = 30
DELIBERATE_MS = 600
"""From one press to the next of somebody who looks before pressing."""

SCANNER_MS, BLUETOOTH_MS, PERSON_MS = 8, 130, 150
"""From one sign to the next."""

P = ParamSpec("P")
Answer = TypeVar("Answer")


class RimTill:
    """Taps, keys and scans go to the X server; all else is asked of the program (see ask)."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        self.process = context.Process(target=program.run, args=(other, screen.name), daemon=True)
        self.process.start()
        other.close()

    def ask(
        self,
        function: Callable[Concatenate[Program, P], Answer],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> Answer:
        """Run a function of a module in the program, on its UI thread; what it returns."""
        self._connection.send((function, arguments, named))
        assert self._connection.poll(PATIENCE_S), "the till's window does not answer"
        done, answer = self._connection.recv()
        assert done, answer
        result: Answer = answer
        return result

    def open(
        self, make_session: MakeSession = World, *, language: str = "en", user: str | None = "c1"
    ) -> None:
        """A new window over a new session, with `user` signed in (None: at the sign-in)."""
        self.screen.use_layout("us")
        self.ask(Program.open, make_session, language)
        self.wait(lambda: self.ask(_is_ready), "the window to be ready")
        if user is not None:
            self.ask(_sign_in, user, PINS[user])
            self.wait(lambda: self.ask(_is_at_work), "somebody to be signed in")
        self.rest()

    def close(self) -> None:
        """End the program."""
        self._connection.close()
        self.process.join(PATIENCE_S)
        self.process.kill()

    def rest(self) -> None:
        """Look before the next press: longer where the machine is too busy to show what came."""
        time.sleep(DELIBERATE_MS / 1000)
        self.wait(lambda: self.ask(_is_quiet), "the window to come to rest")

    def tap(self, text: str, *, times: int = 1, pause_ms: int = 0, rest: bool = True) -> None:
        """Tap the button that bears `text`, as often as that, then look at what came of it."""
        self.screen.tap(self.place(text), times=times, pause_ms=pause_ms)
        if rest:
            self.rest()

    def place(self, text: str) -> tuple[int, int]:
        """The middle of the enabled button that bears `text`, as soon as there is one."""
        found: list[tuple[int, int]] = []

        def look() -> bool:
            place = self.ask(_place, text)
            found.extend([place] if place else [])
            return bool(place)

        self.wait(look, f"{text!r} to tap on")
        return found[-1]

    def type(self, signs: Sequence[str], *, pace_ms: int = PERSON_MS, rest: bool = True) -> None:
        """Type signs and named keys as a person does, then look at what came of it."""
        self.screen.strike(signs, pace_ms=pace_ms)
        if rest:
            self.rest()

    def scan(
        self,
        code: str,
        *,
        end: Sequence[str] = ("Enter",),
        pace_ms: int = SCANNER_MS,
        end_late_ms: int = 0,
    ) -> None:
        """What a scanner in keyboard mode sends: the signs (capitals with Shift), then `end`."""
        self.screen.strike([*code, *end] if not end_late_ms else [*code], pace_ms=pace_ms)
        if end_late_ms:
            time.sleep(end_late_ms / 1000)
            self.screen.strike(end, pace_ms=pace_ms)

    def sees(self, *texts: str) -> None:
        """Wait until all of it stands on the window."""
        for text in texts:
            self.wait(partial(self._reads, text), f"{text!r} to be read")

    def sees_no(self, *texts: str) -> None:
        """None of it stands on the window now."""
        reads = self.reads()
        assert not [text for text in texts if text in reads], reads

    def reads(self) -> str:
        """All that stands on the window."""
        return self.ask(_reads)

    def _reads(self, text: str) -> bool:
        return text in self.reads()

    def receipts(self) -> int:
        """How many sales are completed."""
        return self.ask(_receipts)

    def wait(self, true: Callable[[], bool], what: str) -> None:
        """Wait for something to be true; fails with what is seen instead."""
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end, f"waited for {what} on: {self.reads()}"
            time.sleep(0.02)


def _is_ready(program: Program) -> bool:
    return bool(program.window._opened) and program.window.isActiveWindow()


def _is_quiet(program: Program) -> bool:
    window = program.window
    latest_ms = max(window._guard._since_ms.values(), default=0)
    return now_ms() - latest_ms >= SETTLED_MS and not window._runner._waiting


def _sign_in(program: Program, user_id: str, pin: str) -> None:
    program.window._login.entered.emit(user_id, pin)


def _is_at_work(program: Program) -> bool:
    workplace = program.window._workplace
    return workplace is not None and workplace.isVisible()


def _place(program: Program, text: str) -> tuple[int, int] | None:
    button = program.eyes.button(text)
    if button is None or not button.isEnabled() or button.visibleRegion().isEmpty():
        return None
    place = button.mapToGlobal(button.visibleRegion().boundingRect().center())
    return place.x(), place.y()


def _reads(program: Program) -> str:
    return program.eyes.reads()


def _receipts(program: Program) -> int:
    return len(program.world.counter.paperwork.latest_receipts(100))


def mishaps(program: Program) -> list[str]:
    """The tracebacks of whatever was raised and caught nowhere."""
    return program.mishaps
