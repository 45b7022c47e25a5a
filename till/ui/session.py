"""What the window needs from outside. The composition root (till/main.py) provides it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from till.card_workflows import CardWorkflows
    from till.counter.counter import Counter, Status
    from till.store.settings import Taste
    from till.ui.paper_office import PaperOffice


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


class CardTable(Protocol):
    """The card reader beside the till."""

    def light(self) -> Light | None:
        """How the reader stands; None where there never was one."""

    def listen(self, on_tap: Callable[[bool], None]) -> None:
        """Be told, on any thread, that a card came (True) or went; takes the last one's place."""

    @property
    def workflows(self) -> CardWorkflows:
        """What is done with the card on the reader. Never on the UI thread."""


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

    def printers_in_trouble(self) -> frozenset[str]:
        """The printers that print nothing now, by name."""

    def office(self) -> PaperOffice:
        """What sets up printers and layouts."""

    def taste(self) -> Taste:
        """The language and colours that were last chosen at this till."""

    def keep_taste(self, taste: Taste) -> None:
        """Keep them over a restart, and say everything in that language from now on."""

    @property
    def cards(self) -> CardTable | None:
        """The card reader, None where cards are not set up."""

    def sign_in_hint(self) -> str:
        """The demo venue's PINs for the login screen, empty anywhere else."""

    def loading(self) -> tuple[int, int] | None:
        """While all accounts are loaded for the first time: how many came, and how many there
        are (0 while that is not known); None afterwards.
        """

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call back, on any thread, whenever the line, outbox, cache or spool changes."""

    def close(self) -> None:
        """The window is closing: stop the threads, close the database."""
