"""The mechanism of the virtual printer: carries out what waits, for as long as it can.

Like the real ones it keeps what it has received when the client goes away, and prints it when
the paper is back.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path

from printing.virtual.commands import Command, NotInReference
from printing.virtual.model import Faults, Model
from printing.virtual.paper import Paper, PaperDocument
from process.threads import LastingThread

TICK_S = 0.02
PROCESS_ID_REQUEST = b"\x30\x30"

Answer = Callable[[bytes], None]


class Mechanism:
    """Buffer, print head and knife, run by a thread of their own.

    `answer` takes what goes back to the client. Everything here is guarded by `changed`, which is
    told of every step.
    """

    def __init__(self, model: Model, answer: Answer, paper_folder: Path | None) -> None:
        self.model, self.faults = model, Faults()
        self.refused: list[str] = []
        self.paper = Paper(model.width_dots, model.code_pages)
        self.changed = threading.Condition()
        self._answer, self._folder = answer, paper_folder
        self._kept = len(list(paper_folder.glob("*.png"))) if paper_folder else 0
        self._waiting: deque[tuple[Command, int]] = deque()
        self._stopping = False
        self._thread = LastingThread("virtual printer", self._run)

    def start(self) -> None:
        """Switch it on."""
        self._thread.start()

    def stop(self) -> None:
        """Switch it off."""
        with self.changed:
            self._stopping = True
            self._thread.end()
            self.changed.notify_all()
        self._thread.join()

    def script(self, faults: dict[str, object]) -> None:
        """Set what is wrong from now on; all other faults stay as they are."""
        known = {fault.name for fault in fields(Faults)}
        with self.changed:
            for name, value in faults.items():
                if name not in known:
                    raise TypeError(name)
                setattr(self.faults, name, value)
            self.changed.notify_all()

    def mend(self) -> None:
        """New paper, cover closed, all well."""
        with self.changed:
            self.faults = Faults()
            self.changed.notify_all()

    def wait_until(self, condition: Callable[[], bool], timeout_s: float) -> None:
        """Wait for something to happen here. Raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        with self.changed:
            while not condition():
                self.changed.wait(TICK_S)
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{len(self.paper.documents)} documents came out")

    def take(self, commands: Iterable[Command]) -> bool:
        """Queue what was received; False when it holds what is in no reference."""
        try:
            with self.changed:
                for command in commands:
                    if command.name != "DLE":
                        self._waiting.append((command, len(command.data) + 2))
                self.changed.notify_all()
        except NotInReference as problem:
            self.refused.append(str(problem))
            return False
        return True

    def clear(self) -> None:
        """Forget what waits (DLE ENQ 2)."""
        with self.changed:
            self._waiting.clear()

    @property
    def is_full(self) -> bool:
        """Whether the buffer takes no more."""
        with self.changed:
            return sum(size for _, size in self._waiting) >= self.model.buffer_bytes

    def drain(self) -> None:
        """Wait until all that can be printed is."""
        with self.changed:
            self.changed.wait_for(
                lambda: self._stopping or not self._waiting or not self._can_print()
            )

    def tear_off(self) -> None:
        """Somebody takes what hangs out."""
        with self.changed:
            if not self.paper.is_blank:
                self.paper.tear_off()
                self._keep(self.paper.documents[-1])
                self.changed.notify_all()

    def _run(self) -> None:
        while True:
            with self.changed:
                while not self._stopping and not (self._waiting and self._can_print()):
                    self.changed.wait()
                if self._stopping:
                    return
                command, size = self._waiting[0]
                if self.faults.delay_s_per_kb:
                    self.changed.wait(self.faults.delay_s_per_kb * size / 1024)
                self._carry_out(command)
                if self._waiting and self._waiting[0][0] is command:
                    self._waiting.popleft()
                self.changed.notify_all()

    def _can_print(self) -> bool:
        return not self.faults.stopped and not self.faults.never_prints

    def _carry_out(self, command: Command) -> None:
        match command.name:
            case "GS ( H":
                if self.model.knows_process_id and command.data[:2] == PROCESS_ID_REQUEST:
                    self._answer(b"\x37\x22" + command.data[2:6] + b"\x00")
            case "GS r":
                self._answer(bytes([0x0C if self.faults.paper_out else 0]))
            case _:
                self._print(command)

    def _print(self, command: Command) -> None:
        before, had = self.paper.lines_printed, len(self.paper.documents)
        try:
            self.paper.carry_out(command)
        except NotInReference as problem:
            self.refused.append(str(problem))
        if command.name == "ESC p":
            self.faults.drawer_open = True
        if self.faults.paper_left_lines is not None:
            self.faults.paper_left_lines -= self.paper.lines_printed - before
        if len(self.paper.documents) > had:
            self._keep(self.paper.documents[-1])

    def _keep(self, document: PaperDocument) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._kept += 1
            name = self._folder / f"{self._kept:04d}"
            document.image.save(name.with_suffix(".png"))
            name.with_suffix(".txt").write_text(document.text + "\n", "utf-8")
