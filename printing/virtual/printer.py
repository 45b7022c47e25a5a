"""A receipt printer on a local TCP port: takes bytes, draws paper, answers, and fails on demand.

Like the real ones it serves one client at a time, keeps what it has received when the client
goes away, and prints it when the paper is back.
"""

import contextlib
import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Self

from printing.virtual.commands import Command, NotInReference, Reader, real_time
from printing.virtual.model import Faults, Model
from printing.virtual.paper import Paper, PaperDocument

LINE_DOTS = 30
TICK_S = 0.02
PROCESS_ID_REQUEST = b"\x30\x30"


class VirtualPrinter:
    """Use it as a context manager: it listens from entry to exit.

    `documents` are the pieces of paper that came out, `refused` the bytes it did not understand.
    `script(cover_open=True)` breaks it (see Faults), `mend()` puts everything right.
    """

    def __init__(
        self,
        model: Model = Model(),  # noqa: B008 - frozen
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        paper_folder: Path | None = None,
    ) -> None:
        self.model, self.faults = model, Faults()
        self.refused: list[str] = []
        self.bytes_received = 0
        self._paper = Paper(model.width_dots, model.code_pages)
        self._folder = paper_folder
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Command, int]] = deque()
        self._client: socket.socket | None = None
        self._stopping = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=8)
        self._threads = [
            threading.Thread(target=run, name=f"virtual printer {run.__name__}", daemon=True)
            for run in (self._serve, self._print)
        ]

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def documents(self) -> list[PaperDocument]:
        """The pieces of paper that came out, oldest first."""
        with self._changed:
            return list(self._paper.documents)

    @property
    def hanging(self) -> PaperDocument:
        """What is printed but not cut yet."""
        with self._changed:
            return self._paper.unfinished

    def script(self, **faults: object) -> None:
        """Set what is wrong from now on; all other faults stay as they are."""
        known = {fault.name for fault in fields(Faults)}
        with self._changed:
            for name, value in faults.items():
                if name not in known:
                    raise TypeError(name)
                setattr(self.faults, name, value)
            self._changed.notify_all()

    def mend(self) -> None:
        """New paper, cover closed, all well."""
        with self._changed:
            self.faults = Faults()
            self._changed.notify_all()

    def wait_for_documents(self, count: int, timeout_s: float = 10.0) -> list[PaperDocument]:
        """The documents, as soon as there are `count`. Raises TimeoutError."""
        self.wait_until(lambda: len(self._paper.documents) >= count, timeout_s)
        return self.documents

    def wait_until(self, condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
        """Wait for something to happen at this printer. Raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while not condition():
                self._changed.wait(TICK_S)
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{len(self._paper.documents)} documents came out")

    def start(self) -> None:
        """Begin to listen."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Switch it off."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _serve(self) -> None:
        while not self._stopping:
            try:
                if not select.select([self._listener], [], [], TICK_S)[0]:
                    continue
                client, _ = self._listener.accept()
            except (OSError, ValueError):
                return
            with client, contextlib.suppress(OSError):
                self._client = client
                self._talk(client)
            self._client = None
            if not self.model.knife:
                self._tear_off()

    def _talk(self, client: socket.socket) -> None:
        """Serve one client until it goes, or a fault ends it."""
        reader, received, tail = Reader(), 0, b""
        while not self._stopping:
            if self._ends(client, received):
                return
            if self._reads_no_more(received) or not select.select([client], [], [], TICK_S)[0]:
                self._changed_tick()
                continue
            data = client.recv(self._room(received))
            if not data:
                self._drain()
                return
            received += len(data)
            self.bytes_received += len(data)
            self._obey_real_time(tail + data)
            tail = data[-2:]
            if not self._queue(reader, data):
                _reset(client)
                return

    def _room(self, received: int) -> int:
        """How many bytes to read at once, so that a scripted fault strikes at its byte."""
        limits = (
            self.faults.stalls_after_bytes,
            self.faults.resets_after_bytes,
            self.faults.closes_after_bytes,
        )
        ahead = [limit - received for limit in limits if limit is not None and limit > received]
        return min([4096, *ahead])

    def _ends(self, client: socket.socket, received: int) -> bool:
        faults = self.faults
        if faults.resets_after_bytes is not None and received >= faults.resets_after_bytes:
            _reset(client)
            return True
        return faults.closes_after_bytes is not None and received >= faults.closes_after_bytes

    def _reads_no_more(self, received: int) -> bool:
        limit = self.faults.stalls_after_bytes
        with self._changed:
            full = sum(size for _, size in self._waiting) >= self.model.buffer_bytes
        return full or (limit is not None and received >= limit)

    def _changed_tick(self) -> None:
        with self._changed:
            self._changed.wait(TICK_S)

    def _obey_real_time(self, data: bytes) -> None:
        """Real-time commands are obeyed as they are received, even while it cannot print."""
        for name, parameter in real_time(data):
            if name == "DLE EOT" and self.model.answers_status:
                self._answer(bytes([self.faults.status(parameter)]))
            elif name == "DLE ENQ" and parameter == 2:
                with self._changed:
                    self._waiting.clear()

    def _queue(self, reader: Reader, data: bytes) -> bool:
        try:
            with self._changed:
                for command in reader.feed(data):
                    if command.name != "DLE":
                        self._waiting.append((command, len(command.data) + 2))
                self._changed.notify_all()
        except NotInReference as problem:
            self.refused.append(str(problem))
            return False
        return True

    def _print(self) -> None:
        """The mechanism: carries out what waits, for as long as it can."""
        while True:
            with self._changed:
                while not self._stopping and not (self._waiting and self._can_print()):
                    self._changed.wait()
                if self._stopping:
                    return
                command, size = self._waiting[0]
                delay = self.faults.delay_s_per_kb * size / 1024
                if delay:
                    self._changed.wait(delay)
                self._carry_out(command)
                if self._waiting and self._waiting[0][0] is command:
                    self._waiting.popleft()
                self._changed.notify_all()

    def _can_print(self) -> bool:
        return not self.faults.stopped and not self.faults.never_prints

    def _carry_out(self, command: Command) -> None:
        if command.name == "GS ( H":
            if self.model.knows_process_id and command.data[:2] == PROCESS_ID_REQUEST:
                self._answer(b"\x37\x22" + command.data[2:6] + b"\x00")
            return
        if command.name == "GS r":
            self._answer(bytes([0x0C if self.faults.paper_out else 0]))
            return
        if command.name == "ESC p":
            self.faults.drawer_open = True
        before, had = self._paper.lines_printed, len(self._paper.documents)
        try:
            self._paper.carry_out(command)
        except NotInReference as problem:
            self.refused.append(str(problem))
        if self.faults.paper_left_lines is not None:
            self.faults.paper_left_lines -= self._paper.lines_printed - before
        if len(self._paper.documents) > had:
            self._keep(self._paper.documents[-1])

    def _drain(self) -> None:
        """A client that has gone leaves its data behind; what can be printed is."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._stopping or not self._waiting or not self._can_print()
            )

    def _tear_off(self) -> None:
        with self._changed:
            if not self._paper.is_blank:
                self._paper.tear_off()
                self._keep(self._paper.documents[-1])
                self._changed.notify_all()

    def _answer(self, data: bytes) -> None:
        client = self._client
        if client is not None:
            with contextlib.suppress(OSError):
                client.sendall(data)

    def _keep(self, document: PaperDocument) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            name = self._folder / f"{len(self._paper.documents):04d}"
            document.image.save(name.with_suffix(".png"))
            name.with_suffix(".txt").write_text(document.text + "\n", "utf-8")


def _reset(client: socket.socket) -> None:
    """End a connection the hard way (RST)."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
