"""Printers behind a queue of the operating system: it takes a job whole and never answers."""

import os
import shutil
import subprocess
from abc import abstractmethod
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from printing.printers.line import LineBroken

COMMAND_TIMEOUT_S = 10.0


class QueueLine:
    """Collects a job and hands it over whole, so that the queue never prints half of one."""

    answers = False

    def __init__(self, queue: str) -> None:
        self._queue, self._job = queue, bytearray()

    def send(self, data: bytes, timeout_s: float) -> int:  # noqa: ARG002 - see Line
        """See Line."""
        self._job += data
        return len(data)

    def receive(self, timeout_s: float) -> bytes:  # noqa: ARG002 - see Line
        """See Line."""
        return b""

    def finish(self) -> None:
        """See Line."""
        self._hand_over(bytes(self._job))

    def close(self) -> None:
        """See Line."""

    @abstractmethod
    def _hand_over(self, job: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class CupsAddress:
    """A CUPS queue; jobs go to it raw."""

    queue: str

    def open(self) -> "CupsLine":
        """Raises LineBroken where there is no such queue, or it takes no jobs."""
        state = _run("lpstat", "-a", self.queue)
        if " accepting requests" not in state or " not accepting requests" in state:
            raise LineBroken(state)
        return CupsLine(self.queue)


class CupsLine(QueueLine):
    """One raw job for a CUPS queue."""

    def _hand_over(self, job: bytes) -> None:
        _run("lp", "-d", self._queue, "-o", "raw", job=job)


def _run(program: str, *arguments: str, job: bytes = b"") -> str:
    path = shutil.which(program)
    if path is None:
        raise LineBroken(f"CUPS is not installed: {program} is missing")
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, no shell
            [path, *arguments],
            env={**os.environ, "LC_ALL": "C"},
            input=job,
            capture_output=True,
            timeout=COMMAND_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise LineBroken(str(error)) from error
    return done.stdout.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class WindowsAddress:
    """A printer queue of Windows; jobs go to it raw."""

    queue: str

    def open(self) -> "WindowsLine":
        """Raises LineBroken where there is no such queue, or no pywin32."""
        try:
            spooler = import_module("win32print")
        except ImportError as error:
            raise LineBroken("pywin32 is not installed") from error
        return WindowsLine(self.queue, spooler)


class WindowsLine(QueueLine):
    """One raw job for a Windows queue."""

    def __init__(self, queue: str, spooler: Any) -> None:  # pywin32 exists on Windows only
        super().__init__(queue)
        self._spooler = spooler
        try:
            self._printer = spooler.OpenPrinter(queue)
        except OSError as error:
            raise LineBroken(str(error)) from error

    def close(self) -> None:
        """See Line."""
        self._spooler.ClosePrinter(self._printer)

    def _hand_over(self, job: bytes) -> None:
        try:
            self._spooler.StartDocPrinter(self._printer, 1, ("till", None, "RAW"))
            self._spooler.WritePrinter(self._printer, job)
            self._spooler.EndDocPrinter(self._printer)
        except OSError as error:
            raise LineBroken(str(error)) from error
