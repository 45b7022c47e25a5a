"""A receipt printer on a local TCP port: takes bytes, draws paper, answers, and fails on demand."""

import contextlib
import re
import select
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from printing.virtual.commands import Reader, real_time
from printing.virtual.mechanism import TICK_S, Mechanism
from printing.virtual.model import Faults, Model
from printing.virtual.paper import PaperDocument
from printing.virtual.voice import Voice
from process.threads import LastingThread

READ_BYTES = 4096
STATUS_QUESTION = re.compile(rb"\x10\x04[\x01-\x08]")


class VirtualPrinter:
    """Use it as a context manager: it listens from entry to exit, to one client at a time.

    `documents` are the pieces of paper that came out, `refused` the bytes it did not understand.
    `script(cover_open=True)` breaks it (see Faults), `mend()` puts everything right.
    """

    def __init__(
        self,
        model: Model | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        paper_folder: Path | None = None,
    ) -> None:
        self.model = model or Model()
        self.bytes_received = 0
        self._voice = Voice(self.model, lambda: self.faults)
        self._mechanism = Mechanism(self.model, self._voice.answer, paper_folder)
        self._reader = Reader()
        self._stopping = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=8)
        self._thread = LastingThread("virtual port", self._serve)

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def faults(self) -> Faults:
        """What is wrong with it now."""
        return self._mechanism.faults

    @property
    def refused(self) -> list[str]:
        """What it received and did not understand."""
        return self._mechanism.refused

    @property
    def documents(self) -> list[PaperDocument]:
        """The pieces of paper that came out, oldest first."""
        with self._mechanism.changed:
            return list(self._mechanism.paper.documents)

    @property
    def hanging(self) -> PaperDocument:
        """What is printed but not cut yet."""
        with self._mechanism.changed:
            return self._mechanism.paper.unfinished

    def script(self, **faults: object) -> None:
        """Set what is wrong from now on; all other faults stay as they are."""
        self._mechanism.script(faults)
        self._voice.speak_up()

    def mend(self) -> None:
        """New paper, cover closed, all well."""
        self._mechanism.mend()
        self._voice.speak_up()

    def wait_until(self, condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
        """Wait for something to happen at this printer. Raises TimeoutError."""
        self._mechanism.wait_until(condition, timeout_s)

    def wait_for_documents(self, count: int, timeout_s: float = 10.0) -> list[PaperDocument]:
        """The documents, as soon as there are `count`. Raises TimeoutError."""
        self.wait_until(lambda: len(self._mechanism.paper.documents) >= count, timeout_s)
        return self.documents

    def __enter__(self) -> Self:
        self._mechanism.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        self._thread.end()
        self._mechanism.stop()
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self._stopping:
            try:
                if not select.select([self._listener], [], [], TICK_S)[0]:
                    continue
                client, _ = self._listener.accept()
            except (OSError, ValueError):
                return
            with client, contextlib.suppress(OSError):
                self._voice.greet(client)
                self._talk(client)
            self._voice.leave()
            if not self.model.knife:
                self._mechanism.tear_off()

    def _talk(self, client: socket.socket) -> None:
        """Serve one client until it goes, or a fault ends it.

        A command that the client left unfinished waits for the rest of its bytes, whoever sends
        them.
        """
        received, tail = 0, b""
        while not self._stopping:
            if self._ends(client, received):
                return
            if self._reads_no_more(received):
                threading.Event().wait(TICK_S)
                continue
            if not select.select([client], [], [], TICK_S)[0]:
                continue
            data = client.recv(self._room(received))
            if not data:
                self._mechanism.drain()
                return
            received += len(data)
            self.bytes_received += len(data)
            self._obey_real_time(tail + data)
            tail = data[-2:]
            if self._reader.incomplete:  # a question it has answered is no part of a picture
                data = STATUS_QUESTION.sub(b"", data)
            if not self._mechanism.take(self._reader.feed(data)):
                self._reader = Reader()
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
        return min([READ_BYTES, *ahead])

    def _ends(self, client: socket.socket, received: int) -> bool:
        faults = self.faults
        if faults.resets_after_bytes is not None and received >= faults.resets_after_bytes:
            _reset(client)
            return True
        return faults.closes_after_bytes is not None and received >= faults.closes_after_bytes

    def _reads_no_more(self, received: int) -> bool:
        limit = self.faults.stalls_after_bytes
        return self._mechanism.is_full or (limit is not None and received >= limit)

    def _obey_real_time(self, data: bytes) -> None:
        """Real-time commands are obeyed as they are received, even while it cannot print."""
        for name, parameter in real_time(data):
            if name == "DLE EOT" and self.model.answers_status:
                self._voice.answer(bytes([self.faults.status(parameter)]))
            elif name == "DLE ENQ" and parameter == 2:
                self._mechanism.clear()


def _reset(client: socket.socket) -> None:
    """End a connection the hard way (RST)."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
