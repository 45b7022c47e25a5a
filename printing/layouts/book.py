"""Which layout a document gets: the venue's own, else the shipped one, by kind and paper."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from PIL import Image

from printing import escpos, picture
from printing.documents import Document, kind_of
from printing.layouts.reading import LayoutUnreadable, read_strip
from printing.layouts.schema import StripLayout
from printing.layouts.strip import strip_blocks
from printing.profiles import Profile
from printing.typeset import Sheet, typeset

SHIPPED = resources.files("resources") / "layouts"


class LayoutBook:
    """All layouts of a venue. Read once; a venue's file replaces the shipped one of its name."""

    def __init__(self, layouts: Mapping[str, StripLayout], folder: Path | None = None) -> None:
        self._layouts, self._folder = layouts, folder

    @classmethod
    def load(cls, folder: Path | None = None) -> "LayoutBook":
        """The shipped layouts and the venue's own in `folder`. Raises LayoutUnreadable."""
        layouts = {
            entry.name: read_strip(entry.name, entry.read_text("utf-8"))
            for entry in SHIPPED.iterdir()
            if entry.name.endswith(".toml")
        }
        for path in sorted(folder.glob("*.toml")) if folder else ():
            layouts[path.name] = read_strip(path.name, path.read_text("utf-8"))
        return cls(layouts, folder)

    def sheet(self, document: Document, profile: Profile) -> Sheet:
        """`document` set for the paper of `profile`: what both renderers draw."""
        layout = self._layout(kind_of(document), profile.paper_mm)
        return typeset(strip_blocks(document, layout, profile, self._logo), profile)

    def to_bytes(self, document: Document, profile: Profile) -> bytes:
        """The job for the printer."""
        return escpos.render(self.sheet(document, profile))

    def to_picture(self, document: Document, profile: Profile) -> Image.Image:
        """The preview: black on white (mode "1"), dot for dot as printed."""
        return picture.draw(self.sheet(document, profile))

    def _layout(self, kind: str, paper_mm: int) -> StripLayout:
        fitting = [
            layout
            for layout in self._layouts.values()
            if layout.document == kind and layout.paper_mm in {paper_mm, None}
        ]
        if not fitting:
            raise LayoutUnreadable(kind, 1, f"there is no layout of {kind} for {paper_mm} mm")
        return fitting[-1]

    def _logo(self, file: str) -> bytes:
        """A picture beside the layouts; names only, so that no layout reads elsewhere."""
        name = Path(file).name
        if self._folder is not None and (own := self._folder / name).is_file():
            return own.read_bytes()
        return (SHIPPED / name).read_bytes()
