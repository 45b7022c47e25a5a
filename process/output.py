"""What a command says, on whatever terminal or pipe there is: saying it never fails a command."""

import os
import sys
from typing import TextIO


def make_safe() -> None:
    """Signs that the terminal has none for come as escapes; ours were made for people anyway."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say(text: str, stream: TextIO | None = None) -> None:
    """Write a line, to standard output unless told; a reader that has left misses it.

    What was done is done, and the exit status says so: nobody is left to hear more.
    """
    stream = stream or sys.stdout
    try:
        stream.write(text + "\n")
        stream.flush()
    except (BrokenPipeError, ValueError):  # closed early by its reader, or never open
        _send_nowhere(stream)


def _send_nowhere(stream: TextIO) -> None:
    """So that Python does not complain of what is left to write when the program ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
