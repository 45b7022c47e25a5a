"""Printers behind a file of the system: a device, a serial port, a plain file."""

import contextlib
import os
import select
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from printing.printers.line import LineBroken


class FileLine:
    """An open file descriptor as a line to a printer."""

    def __init__(self, descriptor: int, *, answers: bool) -> None:
        self._descriptor, self.answers = descriptor, answers

    def send(self, data: bytes, timeout_s: float) -> int:
        """See Line."""
        try:
            if not select.select([], [self._descriptor], [], timeout_s)[1]:
                return 0
            return os.write(self._descriptor, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise LineBroken(str(error)) from error

    def receive(self, timeout_s: float) -> bytes:
        """See Line."""
        try:
            if not select.select([self._descriptor], [], [], timeout_s)[0]:
                return b""
            return os.read(self._descriptor, 256)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise LineBroken(str(error)) from error

    def finish(self) -> None:
        """See Line."""

    def close(self) -> None:
        """See Line."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A device (/dev/usb/lp0), which may answer, or a file, to which jobs are appended."""

    path: str

    def open(self) -> FileLine:
        """Raises LineBroken."""
        try:
            is_device = stat.S_ISCHR(Path(self.path).stat().st_mode)
        except FileNotFoundError:
            is_device = False
        except OSError as error:
            raise LineBroken(str(error)) from error
        flags = os.O_RDWR if is_device else os.O_WRONLY | os.O_APPEND | os.O_CREAT
        try:
            descriptor = os.open(self.path, flags | os.O_NONBLOCK | os.O_NOCTTY, 0o600)
        except OSError as error:
            raise LineBroken(str(error)) from error
        return FileLine(descriptor, answers=is_device)


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """A serial port, eight bits, no parity, hardware handshake (RTS/CTS) unless told otherwise.

    Without it the system obeys the printer's XON and XOFF.
    """

    path: str
    baud: int = 19_200
    handshake: bool = True

    def open(self) -> "SerialLine":
        """Raises LineBroken."""
        import serial

        try:
            port = serial.Serial(
                self.path,
                self.baud,
                rtscts=self.handshake,
                xonxoff=not self.handshake,
                exclusive=True,
            )
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise LineBroken(str(error)) from error
        return SerialLine(port)


class SerialLine(FileLine):
    """A serial port set up by pyserial and used through its descriptor.

    pyserial's own write cannot tell how much it handed over before a time-out.
    """

    def __init__(self, port: Any) -> None:  # untyped library
        super().__init__(port.fileno(), answers=True)
        self._port = port

    def close(self) -> None:
        """See Line."""
        with contextlib.suppress(OSError):
            self._port.close()
