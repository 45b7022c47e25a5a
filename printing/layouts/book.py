"""Which layout a document gets: the venue's own, else the shipped one, by kind and paper."""

from collections.abc import Mapping
from importlib import resources
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

from printing import escpos, picture
from printing.documents import Document, kind_of
from printing.layouts.blank import blank_blocks, blank_picture
from printing.layouts.reading import LayoutUnreadable, line_of, pictures_of, read_layout
from printing.layouts.schema import BlankLayout, Layout, StripLayout
from printing.layouts.strip import strip_blocks
from printing.profiles import Profile
from printing.typeset import Sheet, typeset

SHIPPED = resources.files("resources") / "layouts"


class LayoutBook:
    """All layouts of a venue. Read once; a venue's file replaces the shipped one of its name."""

    def __init__(self, layouts: Mapping[str, Layout], folder: Path | None = None) -> None:
        self._layouts, self._folder = dict(layouts), folder

    @classmethod
    def load(cls, folder: Path | None = None) -> "LayoutBook":
        """The shipped layouts and the venue's own in `folder`. Raises LayoutUnreadable."""
        layouts = {
            entry.name: read_layout(entry.name, entry.read_text("utf-8"))
            for entry in sorted(SHIPPED.iterdir(), key=lambda entry: entry.name)
            if entry.name.endswith(".toml")
        }
        for path in sorted(folder.glob("*.toml")) if folder else ():
            layouts.pop(path.name, None)
            layouts[path.name] = read_layout(path.name, path.read_text("utf-8"))
            _check_pictures(path.name, path.read_text("utf-8"), layouts[path.name], folder)
        return cls(layouts, folder)

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
        """The job for the printer."""
        return escpos.render(self.sheet(document, profile))

    def to_picture(self, document: Document, profile: Profile) -> Image.Image:
        """The preview: black on white (mode "1"), dot for dot as printed."""
        return picture.draw(self.sheet(document, profile))

    def to_pdf(self, document: Document, profile: Profile) -> bytes:
        """The picture as a PDF in its real size, to be sent where no printer is."""
        file = BytesIO()
        image = self.to_picture(document, profile)
        image.save(file, format="PDF", resolution=profile.dpi)
        return file.getvalue()

    def to_screen(self, document: Document, profile: Profile) -> Image.Image:
        """The preview in colour, as one reads it: a blank with what is pre-printed on it."""
        layout = self._layout(document, profile)
        if not isinstance(layout, BlankLayout):
            return self.to_picture(document, profile).convert("RGB")
        ink = blank_picture(document, layout, profile)
        if layout.background is None:
            return ink.convert("RGB")
        stock = Image.open(BytesIO(self._file(layout.background))).convert("RGB").resize(ink.size)
        return ImageChops.darker(stock, ink.convert("RGB"))

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
        except (OSError, SyntaxError) as error:
            detail = f"the picture {picture_file} cannot be read: {error}"
            raise LayoutUnreadable(file, line_of(text, steps), detail) from error
