"""A layout is drawn and read back before anything is printed by it.

See docs/decisions/0611-layouts-are-read-back.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from printing.blocks import KickDrawer
from printing.documents import Document, DrawerSlip, Receipt, ShiftReport, copy_of
from printing.layouts.book import LayoutBook
from printing.layouts.examples import example
from printing.layouts.facts import missing_facts
from printing.layouts.schema import BlankLayout
from printing.layouts.wording import wording
from printing.page import Page
from printing.picture import beyond_paper
from printing.profiles import Profile
from printing.readback import lacks_code, pictures_on
from printing.typeset import Sheet
from vouchers.catalogue import Venue
from vouchers.errors import Listed, OperatingError

EXAMPLE_AT = datetime(2026, 11, 22, 13, 32, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Trial:
    """What layouts are tried with: examples of what this venue sells, in its currency."""

    venue: Venue
    currency: str

    def check(self, book: LayoutBook, kind: str, profile: Profile, layout: str = "") -> None:
        """Draw every document of `kind` as `book` lays it out, and read it back.

        `layout` is the file of the blank it is meant for. Raises OperatingError for what a paper
        would lack, and for what does not fit on it.
        """
        for document in self._documents(kind, layout):
            sheet, page = book.sheet(document, profile), book.page(document, profile)
            names = {"layout": book.name_for(document, profile), "model": profile.name}
            if beyond_paper(sheet):
                raise OperatingError("layout_beyond_paper", **names)
            if missing := _missing(document, sheet, page):
                raise OperatingError("layout_lacks", missing=Listed(tuple(missing)), **names)

    def check_on_models(self, book: LayoutBook, file: str, models: Sequence[Profile]) -> None:
        """Try the layout `file` on every model whose paper is as wide; a blank, which not every
        model reaches whole, on one that prints it. Raises OperatingError.
        """
        layout = book.layout(file)
        if isinstance(layout, BlankLayout):
            self._check_on_any(book, layout.document, file, models)
            return
        for model in models:
            if layout.paper_mm in {None, model.paper_mm}:
                self.check(book, layout.document, model)

    def _check_on_any(
        self, book: LayoutBook, kind: str, file: str, models: Sequence[Profile]
    ) -> None:
        """Tells what is wrong on the best of the models: those for ticket stock go first."""
        problems: list[OperatingError] = []
        for model in sorted(models, key=lambda model: not model.mark_feed):
            try:
                return self.check(book, kind, model, file)
            except OperatingError as problem:
                problems.append(problem)
        raise problems[0]

    def _documents(self, kind: str, layout: str) -> list[Document]:
        """The example of a kind, and its copy where there are copies of it."""
        document = example(kind, self.venue, self.currency, EXAMPLE_AT, layout)
        copies = isinstance(document, Receipt | ShiftReport)
        return [document, copy_of(document)] if copies else [document]


def _missing(document: Document, sheet: Sheet, page: Page) -> list[str]:
    """What a person, a scanner or the law would miss on this paper.

    A code has to be read on what is printed, and again upon what is pre-printed on the blank.
    """
    said = "\n".join(getattr(element, "text", "") for element in sheet.elements)
    missing = missing_facts(document, wording(document.language), said)
    if lacks_code(document, pictures_on(sheet)) or lacks_code(document, [page.image]):
        missing.append("fact_code")
    if isinstance(document, DrawerSlip) and KickDrawer() not in sheet.elements:
        missing.append("fact_drawer")
    return missing
