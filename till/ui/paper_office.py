"""What the settings of printers and layouts need from outside. The composition root provides it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from printing.printers import PrintResult
    from till.store.settings import PrinterSetting
    from vouchers.errors import OperatingError
    from vouchers.people import User


@dataclass(frozen=True)
class PrinterSeen:
    """A printer of this till and the kinds of documents it prints."""

    kinds: tuple[str, ...]
    setting: PrinterSetting


@dataclass(frozen=True)
class PrinterStanding:
    """How a printer is now: in trouble, or busy with a job, or well.

    `silent`: it can be reached, but never says how it is. `low`: its roll ends soon.
    """

    trouble: OperatingError | None = None
    busy: bool = False
    silent: bool = False
    low: bool = False


@dataclass(frozen=True)
class Found:
    """A printer that announced itself, and the profile its model suggests (empty: none does)."""

    name: str
    address: str
    model: str
    profile: str


class PrinterOffice(Protocol):
    """The printers of this till. All of it may take seconds: never on the UI thread."""

    def printers(self) -> list[PrinterSeen]:
        """Those that are set up."""

    def profiles(self) -> dict[str, str]:
        """The profiles that can be chosen, and what each is called."""

    def blanks(self) -> dict[str, str]:
        """The ticket blanks that can lie in a printer, by layout file, and what each is called."""

    def standing(self, printer: PrinterSeen) -> PrinterStanding:
        """Ask it how it is."""

    def find(self) -> list[Found]:
        """Those that announce themselves on the network, after some seconds of listening."""

    def try_out(self, setting: PrinterSetting) -> PrintResult:
        """Print a test page and read back what became of it; it need not be set up yet.

        Raises OperatingError when nothing was printed.
        """

    def put(
        self,
        before: PrinterSeen | None,
        kinds: tuple[str, ...],
        setting: PrinterSetting,
        user: User,
    ) -> None:
        """Print these kinds on it from now on, in place of `before`; the kinds left over go to the
        printer for receipts. Raises OperatingError for what cannot be used, Refused.
        """

    def remove(self, printer: PrinterSeen, user: User) -> None:
        """Print nothing on it any more; what waits for it stays. Raises Refused."""


class Origin(StrEnum):
    """Where a layout comes from. This till's own goes before the server's, that before ours."""

    TILL = "till"
    SERVER = "server"
    SHIPPED = "shipped"


@dataclass(frozen=True)
class LayoutFile:
    """A layout: `hides` is the one that would be used if this one were not there."""

    file: str
    title: str
    origin: Origin
    hides: Origin | None


@dataclass(frozen=True)
class LayoutText:
    """A layout as it can be edited."""

    layout: LayoutFile
    text: str


@dataclass(frozen=True)
class Preview:
    """What a layout prints, in dots: rows of red, green and blue. `model` is the printer's."""

    width: int
    height: int
    rgb: bytes = field(repr=False)
    model: str = ""


class LayoutOffice(Protocol):
    """The layouts of this till. All of it takes its time: never on the UI thread."""

    def layouts(self) -> list[LayoutFile]:
        """Those in use, by file."""

    def read(self, file: str) -> LayoutText:
        """The one in use."""

    def preview(self, file: str, text: str) -> Preview:
        """What it would print if `text` stood in it. Raises OperatingError (LayoutUnreadable)."""

    def save(self, file: str, text: str, user: User) -> LayoutText:
        """Use `text` at this till from the next paper on. Raises LayoutUnreadable, Refused."""

    def give_up(self, file: str, user: User) -> LayoutText | None:
        """Forget this till's own and return the one in use now, None where there is none left."""


@dataclass(frozen=True)
class PaperOffice:
    """Both."""

    printers: PrinterOffice
    layouts: LayoutOffice
