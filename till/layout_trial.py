"""Which printers a layout is tried on before this till prints by it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from printing.layouts import LayoutBook
from printing.layouts.proof import Trial
from printing.layouts.schema import BlankLayout, Layout
from printing.profiles import Profile
from till.store.settings import RECEIPT_PRINTER


@dataclass(frozen=True, slots=True)
class PrinterHere:
    """What is set up for one kind of document; `blank` names the layout of the stock in it."""

    profile: Profile
    blank: str = ""


class LayoutTrial:
    """Tries layouts on the printers of this till, by the kinds they print, and on all models it
    knows. Every method raises OperatingError for what a paper would lack.
    """

    def __init__(
        self, trial: Trial, printers: Mapping[str, PrinterHere], models: Sequence[Profile]
    ) -> None:
        self._trial, self._printers, self._models = trial, dict(printers), models

    def try_here(self, book: LayoutBook, file: str) -> None:
        """Try the layout `file` of `book` on the printers here that print by it."""
        kind = book.layout(file).document
        for profile in self.users_of(book.layout(file), file):
            self._trial.check(book, kind, profile, file)

    def try_everywhere(self, book: LayoutBook, file: str) -> None:
        """The same, and on the other models there are; for a blank that no printer here has."""
        layout = book.layout(file)
        self.try_here(book, file)
        if not (isinstance(layout, BlankLayout) and self.users_of(layout, file)):
            self._trial.check_on_models(book, file, self._models)

    def try_printer(self, book: LayoutBook, kinds: Iterable[str], printer: PrinterHere) -> None:
        """Try what a printer would print of these kinds."""
        for kind in kinds:
            self._trial.check(book, kind, printer.profile, printer.blank)

    def users_of(self, layout: Layout, file: str) -> list[Profile]:
        """The models of the printers here that print by this layout."""
        if isinstance(layout, BlankLayout):
            return [each.profile for each in self._printers.values() if each.blank == file]
        here = self._printers.get(layout.document) or self._printers.get(RECEIPT_PRINTER)
        fits = here is not None and layout.paper_mm in {None, here.profile.paper_mm}
        return [here.profile] if here is not None and fits else []
