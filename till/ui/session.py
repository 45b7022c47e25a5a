"""What the window needs from outside. The composition root (till/main.py) provides it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from till.counter.counter import Counter, Status


class Level(StrEnum):
    """The three meanings; each is shown with a word and an icon beside its colour."""

    ACCEPTED = "accepted"
    ATTENTION = "attention"
    REFUSED = "refused"


@dataclass(frozen=True)
class Light:
    """The state of a device in two or three words of the user's language ("Printer ready")."""

    level: Level
    text: str


class Session(Protocol):
    """A till that is ready. Everything but `on_change` may do I/O: never on the UI thread."""

    @property
    def counter(self) -> Counter:
        """The workflows."""

    def status(self) -> Status:
        """How the till stands with the server."""

    def printer(self) -> Light:
        """How the printer stands."""

    def print_problems(self) -> list[str]:
        """What waits to be printed and why, one whole sentence each; empty when nothing does."""

    def sign_in_hint(self) -> str:
        """The demo venue's PINs for the login screen, empty anywhere else."""

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call back, on any thread, whenever the line, outbox, cache or spool changes."""

    def close(self) -> None:
        """The window is closing: stop the threads, close the database."""
