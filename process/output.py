"""What a command says, on whatever terminal or pipe there is: saying it never fails a command."""

import json
import os
import sys
from contextlib import suppress
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
    if stream is None:
        return  # closed before the program began
    try:
        stream.write(text + "\n")
        stream.flush()
    except (OSError, ValueError):  # closed early by its reader, or a full disk
        _send_nowhere(stream)


def say_json(text: str) -> None:
    """Write one JSON text, which stays JSON where the terminal cannot show all of its signs."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(json.loads(text))
    say(text)


def _send_nowhere(stream: TextIO) -> None:
    """So that Python does not complain of what is left to write when the program ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
