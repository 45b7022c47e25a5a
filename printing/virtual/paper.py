"""The paper of the virtual printer: what each command leaves on it, dot by dot.

Written from the Epson ESC/POS command reference, independently of our renderer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from printing.virtual.commands import Command, NotInReference
from printing.virtual.letters import Letter

DEFAULT_SPACING = 30
ROLL_DOTS_MAX = 100_000
ROLL_STEP_DOTS = 4_000


@dataclass(frozen=True, slots=True)
class PaperDocument:
    """One piece of paper as it fell from the knife."""

    image: Image.Image = field(repr=False)
    text: str
    drawer_kicks: int = 0


@dataclass(slots=True)
class _Mode:
    code_page: int = 0
    spacing: int = DEFAULT_SPACING
    align: int = 0
    bold: bool = False
    font: int = 0
    width: int = 1
    height: int = 1


class Paper:
    """A roll in the printer: `width` dots across, cut into documents."""

    def __init__(self, width: int, code_pages: dict[int, str]) -> None:
        self.width, self._code_pages = width, code_pages
        self.documents: list[PaperDocument] = []
        self.lines_printed = 0
        self._mode = _Mode()
        self._line: list[Letter] = []
        self._text: list[str] = []
        self._roll = Image.new("1", (width, ROLL_STEP_DOTS), 255)
        self._y = self._kicks = 0
        self._obey: dict[str, Callable[[bytes], None]] = {
            "text": self._type,
            "NUL": lambda _: None,
            "LF": lambda _: self._print_line(self._mode.spacing),
            "GS v 0": self._raster,
            "GS V": self._knife,
            "ESC J": lambda data: self._print_line(data[0], at_least_a_line=False),
            "ESC d": self._feed_lines,
            "ESC p": self._kick,
            "ESC i": self._knife,
            "FS ( L": self._to_mark,
            "GS F6": self._to_mark,
            "GS F8": self._to_mark,
            "ESC @": self._reset,
            "ESC t": self._choose_code_page,
            "ESC a": self._align,
            "ESC 3": lambda data: setattr(self._mode, "spacing", data[0]),
            "ESC 2": lambda _: setattr(self._mode, "spacing", DEFAULT_SPACING),
            "ESC E": lambda data: setattr(self._mode, "bold", bool(data[0] & 1)),
            "ESC M": lambda data: setattr(self._mode, "font", data[0] % 48),
            "GS !": self._size,
        }

    @property
    def picture(self) -> Image.Image:
        """What hangs out of the printer now."""
        return self._roll.crop((0, 0, self.width, max(1, self._y)))

    @property
    def unfinished(self) -> PaperDocument:
        """What hangs out of the printer now, as a document."""
        return PaperDocument(self.picture, "\n".join(self._text), self._kicks)

    @property
    def is_blank(self) -> bool:
        """Whether nothing hangs out of the printer."""
        return self._y == 0

    def carry_out(self, command: Command) -> None:
        """Do what one command says. Raises NotInReference where paper or parameters end."""
        if command.name not in self._obey:
            raise NotInReference(f"{command.name} is not drawn")
        self._obey[command.name](command.data)

    def _reset(self, _: bytes) -> None:
        self._line, self._mode = [], _Mode()

    def _choose_code_page(self, data: bytes) -> None:
        if data[0] not in self._code_pages:
            raise NotInReference(f"this printer has no code page {data[0]}")
        self._mode.code_page = data[0]

    def _align(self, data: bytes) -> None:
        if self._line:
            raise NotInReference("ESC a is obeyed at the beginning of a line only")
        self._mode.align = data[0] % 48

    def _size(self, data: bytes) -> None:
        self._mode.width, self._mode.height = (data[0] >> 4) + 1, (data[0] & 7) + 1

    def _feed_lines(self, data: bytes) -> None:
        self._print_line(0, at_least_a_line=False)
        self._advance(data[0] * self._mode.spacing)

    def _kick(self, _: bytes) -> None:
        self._kicks += 1

    def _to_mark(self, _: bytes) -> None:
        """The stock has its marks where the blanks begin: nothing to feed."""

    def _knife(self, _: bytes) -> None:
        if self._line:
            raise NotInReference("GS V is obeyed at the beginning of a line only")
        self.tear_off()

    def _type(self, data: bytes) -> None:
        mode = self._mode
        for sign in data.decode(self._code_pages[mode.code_page]):
            self._line.append(Letter(sign, mode.font, mode.bold, mode.width, mode.height))
        if sum(sign.width for sign in self._line) > self.width:
            raise NotInReference("text runs over the edge of the paper")

    def _print_line(self, advance: int, *, at_least_a_line: bool = True) -> None:
        tallest = max((sign.height for sign in self._line), default=0)
        self._make_room(tallest)
        x = self._left(sum(sign.width for sign in self._line))
        for sign in self._line:
            ink = sign.ink()
            self._roll.paste(0, (x, self._y + tallest - ink.height), ink)
            x += ink.width
        if self._line or at_least_a_line:
            self._text.append("".join(sign.sign for sign in self._line).rstrip())
            self.lines_printed += 1
        self._line = []
        self._advance(max(advance, tallest))

    def _raster(self, data: bytes) -> None:
        if self._line:
            raise NotInReference("GS v 0 is obeyed at the beginning of a line only")
        row_bytes, rows = data[0] | data[1] << 8, data[2] | data[3] << 8
        if row_bytes * 8 > self.width:
            raise NotInReference("a raster is wider than the paper")
        dots = bytes(255 - byte for byte in data[4:])
        image = Image.frombytes("1", (row_bytes * 8, rows), dots)
        self._make_room(rows)
        self._roll.paste(image, (self._left(image.width), self._y))
        self._advance(rows)
        self.lines_printed += 1

    def _left(self, used: int) -> int:
        return {0: 0, 1: (self.width - used) // 2, 2: self.width - used}[self._mode.align]

    def _advance(self, dots: int) -> None:
        self._y += dots
        if self._y > ROLL_DOTS_MAX:
            raise NotInReference("a document longer than the roll")
        self._make_room(0)

    def _make_room(self, rows: int) -> None:
        if self._y + rows > self._roll.height:
            longer = Image.new("1", (self.width, self._y + rows + ROLL_STEP_DOTS), 255)
            longer.paste(self._roll, (0, 0))
            self._roll = longer

    def tear_off(self) -> None:
        """Somebody, or the knife, takes what hangs out."""
        self.documents.append(self.unfinished)
        self._roll = Image.new("1", (self.width, ROLL_STEP_DOTS), 255)
        self._y = self._kicks = 0
        self._text = []
