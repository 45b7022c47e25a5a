"""Editing layouts from the window (till.ui.paper_office.LayoutOffice)."""

from pathlib import Path

from printing.documents import Document
from printing.layouts import LayoutUnreadable, read_layout
from printing.layouts.book import SHIPPED
from printing.layouts.examples import example
from printing.layouts.schema import BlankLayout, Layout
from printing.profiles import Profile, find_profile
from till import venue_paper
from till.counter.desk import Desk
from till.counter.permission import supervisors_only
from till.print_room import PrintRoom
from till.store import audit
from till.ui.paper_office import LayoutFile, LayoutText, Origin, Preview
from vouchers.errors import OperatingError
from vouchers.people import User

USUAL_MODEL = {58: "generic-58", 80: "epson-tm-t88v"}
USUAL_MODEL_FOR_BLANKS = "epson-tm-l90"


class LayoutDesk:
    """See LayoutOffice. What is saved is printed by from the next paper on, at this till only."""

    def __init__(self, room: PrintRoom, desk: Desk) -> None:
        self._room, self._desk = room, desk

    def layouts(self) -> list[LayoutFile]:
        """See LayoutOffice."""
        names = {path.name for path in SHIPPED.iterdir() if path.name.endswith(".toml")}
        for folder in (self._of_server, self._own):
            names |= {path.name for path in folder.glob("*.toml")}
        return [self._about(name) for name in sorted(names)]

    def read(self, file: str) -> LayoutText:
        """See LayoutOffice."""
        layout = self._about(file)
        return LayoutText(layout, self._text(file, layout.origin))

    def preview(self, file: str, text: str) -> Preview:
        """See LayoutOffice."""
        book = self._room.layouts()[0].with_draft(file, text)
        layout = book.layout(file)
        document, profile = self._example(layout, file), self._profile(layout, file)
        book.sheet(document, profile)  # says what the print head does not reach
        image = book.page(document, profile).image.convert("RGB")
        return Preview(image.width, image.height, image.tobytes(), profile.name)

    def save(self, file: str, text: str, user: User) -> LayoutText:
        """See LayoutOffice."""
        supervisors_only(user, key="paper_supervisor_only")
        book = self._room.layouts()[0].with_draft(file, text)
        self._room.trial().try_everywhere(book, file)
        venue_paper.write_whole(self._own / file, text.encode())
        self._note(user, file, "changed")
        return self.read(file)

    def give_up(self, file: str, user: User) -> LayoutText | None:
        """See LayoutOffice."""
        supervisors_only(user, key="paper_supervisor_only")
        hidden = self._about(file).hides
        (self._own / file).unlink(missing_ok=True)
        self._note(user, file, "given up")
        return self.read(file) if hidden is not None else None

    @property
    def _own(self) -> Path:
        return self._room.folder / venue_paper.LAYOUTS

    @property
    def _of_server(self) -> Path:
        return self._room.folder / venue_paper.VENUE / venue_paper.LAYOUTS

    def _about(self, file: str) -> LayoutFile:
        there = {
            Origin.TILL: (self._own / file).is_file(),
            Origin.SERVER: (self._of_server / file).is_file(),
            Origin.SHIPPED: (SHIPPED / file).is_file(),
        }
        origins = [origin for origin, is_there in there.items() if is_there]
        if not origins:
            raise OperatingError("layout_unknown", layout=file)
        text = self._text(file, origins[0])
        hides = origins[1] if len(origins) > 1 else None
        return LayoutFile(file, _title(file, text), origins[0], hides)

    def _text(self, file: str, origin: Origin) -> str:
        match origin:
            case Origin.TILL:
                content = (self._own / file).read_bytes()
            case Origin.SERVER:
                content = (self._of_server / file).read_bytes()
            case Origin.SHIPPED:
                content = (SHIPPED / file).read_bytes()
        return content.decode("utf-8", "replace")  # somebody has to be able to mend it

    def _example(self, layout: Layout, file: str) -> Document:
        with self._desk.database.read() as work:
            catalogue = self._desk.catalogue(work)
        venue = catalogue.venue
        now = self._desk.clock.now().astimezone(venue.zone)
        return example(layout.document, venue, catalogue.currency, now, file)

    def _profile(self, layout: Layout, file: str) -> Profile:
        """The printer that prints by it, else a usual one."""
        if here := self._room.trial().users_of(layout, file):
            return here[0]
        if isinstance(layout, BlankLayout):
            return find_profile(USUAL_MODEL_FOR_BLANKS)
        return find_profile(USUAL_MODEL[layout.paper_mm or 80])

    def _note(self, user: User, file: str, what: str) -> None:
        with self._room.database.write() as work:
            at = self._desk.clock.now()
            subject = f"{file} {what}"
            audit.add(work, at, actor=user.user_id, action="layout", subject=subject)
        self._room.refit()


def _title(file: str, text: str) -> str:
    """What the file calls itself; its file's name while it has a mistake."""
    try:
        return read_layout(file, text).name
    except LayoutUnreadable:
        return file
