"""The layouts of this till: which there are, and editing one while its picture follows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.ui.paper_office import LayoutOffice, LayoutText, Preview
    from till.ui.runner import Runner
    from vouchers.errors import OperatingError
    from vouchers.people import User

Answer = TypeVar("Answer")

LAYOUTS = "layouts"
"""A worker of its own: laying out never delays a sale."""


class LayoutFlow(QObject):
    """`listed` carries the LayoutFiles, `opened` a LayoutText and what was typed but not saved,
    `seen` a Preview, `wrong` the OperatingError that hides it, `saved` a LayoutText, `given_up`
    the LayoutText that is used now or None, `refused` an OperatingError.
    """

    listed = Signal(object)
    opened = Signal(object, str)
    seen = Signal(object)
    wrong = Signal(object)
    saved = Signal(object)
    given_up = Signal(object)
    refused = Signal(object)

    def __init__(self, office: LayoutOffice, runner: Runner, user: User) -> None:
        super().__init__()
        self._office, self._runner, self._user = office, runner, user
        self._drafts: dict[str, str] = {}
        self._looking = False
        self._wanted: tuple[str, str] | None = None

    @property
    def drafts(self) -> frozenset[str]:
        """The files in which something was typed and not saved."""
        return frozenset(self._drafts)

    def refresh(self) -> None:
        """Which there are."""
        self._run(self._office.layouts, self.listed.emit)

    def open(self, file: str) -> None:
        """The one in use, with what was typed into it before."""
        self._run(partial(self._office.read, file), self._on_opened)

    def edit(self, before: LayoutText, text: str) -> None:
        """Keep what was typed until it is saved, and show what it would print."""
        file = before.layout.file
        if text == before.text:
            self._drafts.pop(file, None)
        else:
            self._drafts[file] = text
        self.look(file, text)

    def look(self, file: str, text: str) -> None:
        """Show what it would print; of what is asked for meanwhile, only the last is shown."""
        if self._looking:
            self._wanted = (file, text)
            return
        self._looking = True
        work = partial(self._office.preview, file, text)
        self._runner.run(work, self._on_seen, self._on_wrong, on=LAYOUTS)

    def save(self, file: str, text: str) -> None:
        """Use it from the next paper on."""
        self._run(partial(self._office.save, file, text, self._user), self._on_saved)

    def give_up(self, file: str) -> None:
        """Forget this till's own."""
        self._drafts.pop(file, None)
        self._run(partial(self._office.give_up, file, self._user), self.given_up.emit)

    def _run(self, work: Callable[[], Answer], then: Callable[[Answer], None]) -> None:
        self._runner.run(work, then, self.refused.emit, on=LAYOUTS)

    def _on_opened(self, layout: LayoutText) -> None:
        self.opened.emit(layout, self._drafts.get(layout.layout.file, layout.text))

    def _on_saved(self, layout: LayoutText) -> None:
        if self._drafts.get(layout.layout.file) == layout.text:
            self._drafts.pop(layout.layout.file)
        self.saved.emit(layout)

    def _on_seen(self, preview: Preview) -> None:
        if not self._look_again():
            self.seen.emit(preview)

    def _on_wrong(self, error: OperatingError) -> None:
        if not self._look_again():
            self.wrong.emit(error)

    def _look_again(self) -> bool:
        self._looking = False
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.look(*wanted)
        return wanted is not None
