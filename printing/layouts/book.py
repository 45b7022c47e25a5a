"""Which layout a document gets: the venue's own, else the shipped one, by kind and paper."""

from collections.abc import Iterable, Mapping
from importlib import resources
from io import BytesIO
from pathlib import Path

from PIL import Image

from printing import escpos, pdf, picture
from printing.documents import Document, kind_of
from printing.layouts.blank import blank_blocks, blank_page
from printing.layouts.reading import LayoutUnreadable, line_of, pictures_of, read_layout
from printing.layouts.schema import BlankLayout, Layout, StripLayout
from printing.layouts.strip import strip_blocks
from printing.page import Page
from printing.profiles import Profile
from printing.readback import lacks_code, pictures_on
from printing.typeset import Sheet, typeset
from vouchers.errors import OperatingError

SHIPPED = resources.files("resources") / "layouts"


class CodeNotOnPaper(OperatingError):
    """A paper would not carry a code that a scanner can read. It is not made."""

    def __init__(self, layout: str) -> None:
        super().__init__("code_not_on_paper", layout=layout)


class LayoutBook:
    """All layouts of a venue. Read once; a venue's file replaces the shipped one of its name."""

    def __init__(self, layouts: Mapping[str, Layout], folder: Path | None = None) -> None:
        self._layouts, self._folder = dict(layouts), folder

    @classmethod
    def shipped(cls, pictures: Path | None = None) -> "LayoutBook":
        """The layouts that came with the till; further ones may name what lies in `pictures`."""
        layouts = {
            entry.name: read_layout(entry.name, entry.read_text("utf-8"))
            for entry in sorted(SHIPPED.iterdir(), key=lambda entry: entry.name)
            if entry.name.endswith(".toml")
        }
        return cls(layouts, pictures)

    @classmethod
    def load(cls, folder: Path | None = None) -> "LayoutBook":
        """The shipped layouts and the venue's own in `folder`. Raises LayoutUnreadable."""
        book = cls.shipped(folder)
        for path in sorted(folder.glob("*.toml")) if folder else ():
            book = book.with_draft(path.name, path.read_text("utf-8"))
        return book

    def with_draft(self, file: str, text: str) -> "LayoutBook":
        """The same book with one file as it is being edited. Raises LayoutUnreadable."""
        layout = read_layout(file, text)
        _check_pictures(file, text, layout, self._folder)
        others = {name: layout for name, layout in self._layouts.items() if name != file}
        return LayoutBook(others | {file: layout}, self._folder)

    @property
    def names(self) -> dict[str, str]:
        """What the layouts are called, by file."""
        return {file: layout.name for file, layout in self._layouts.items()}

    def layout(self, file: str) -> Layout:
        """The layout of a file. Raises KeyError."""
        return self._layouts[file]

    def sheet(self, document: Document, profile: Profile) -> Sheet:
        """`document` set for the paper of `profile`: what both renderers draw."""
        layout = self._layout(document, profile)
        if isinstance(layout, BlankLayout):
            return typeset(blank_blocks(document, layout, profile), profile)
        return typeset(strip_blocks(document, layout, profile, self._file), profile)

    def to_bytes(self, document: Document, profile: Profile) -> bytes:
        """The job for the printer. Raises CodeNotOnPaper."""
        sheet = self.sheet(document, profile)
        self._check(document, profile, pictures_on(sheet))
        return escpos.render(sheet)

    def to_picture(self, document: Document, profile: Profile) -> Image.Image:
        """The preview: black on white (mode "1"), dot for dot as printed."""
        return picture.draw(self.sheet(document, profile))

    def page(self, document: Document, profile: Profile) -> Page:
        """The document as one reads it: a blank upright, upon what is pre-printed on it."""
        layout = self._layout(document, profile)
        if not isinstance(layout, BlankLayout):
            return picture.page(self.sheet(document, profile))
        stock = layout.background and Image.open(BytesIO(self._file(layout.background)))
        return blank_page(document, layout, profile, stock or None)

    def to_pdf(self, document: Document, profile: Profile) -> bytes:
        """The page as a PDF in its real size, to be sent where no printer is.

        Raises CodeNotOnPaper.
        """
        page = self.page(document, profile)
        self._check(document, profile, [page.image])
        return pdf.render(page)

    def name_for(self, document: Document, profile: Profile) -> str:
        """What the layout is called by which `document` is set."""
        return self._layout(document, profile).name

    def _check(self, document: Document, profile: Profile, pictures: Iterable[Image.Image]) -> None:
        """The code is erased once it is on paper: so it is read there before the paper is made."""
        if lacks_code(document, pictures):
            raise CodeNotOnPaper(self.name_for(document, profile))

    def _layout(self, document: Document, profile: Profile) -> Layout:
        """The layout that the document names, else the last one for its kind and this paper."""
        kind = kind_of(document)
        wanted = self._layouts.get(getattr(document, "layout", ""))
        if wanted is not None and wanted.document == kind:
            return wanted
        fitting = [
            layout
            for layout in self._layouts.values()
            if isinstance(layout, StripLayout)
            and layout.document == kind
            and layout.paper_mm in {profile.paper_mm, None}
        ]
        if not fitting:
            raise LayoutUnreadable(kind, 1, f"there is none for paper of {profile.paper_mm} mm")
        return fitting[-1]

    def _file(self, file: str) -> bytes:
        return _picture_file(file, self._folder)


def _picture_file(file: str, folder: Path | None) -> bytes:
    """A picture beside the layouts; by name only, so that no layout reads elsewhere."""
    name = Path(file).name
    if folder is not None and (own := folder / name).is_file():
        return own.read_bytes()
    return (SHIPPED / name).read_bytes()


def _check_pictures(file: str, text: str, layout: Layout, folder: Path | None) -> None:
    """Every picture that a layout names exists and can be read."""
    for picture_file, steps in pictures_of(layout):
        try:
            Image.open(BytesIO(_picture_file(picture_file, folder))).load()
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            detail = f"the picture {picture_file} cannot be read: {error}"
            raise LayoutUnreadable(file, line_of(text, steps), detail) from error
