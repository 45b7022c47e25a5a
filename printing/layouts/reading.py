"""Layout files are TOML that people write: a mistake is told with the line it stands in."""

import re
import tomllib
from typing import TypeVar

import msgspec

from printing.layouts.fields import KNOWN, gaps_of
from printing.layouts.schema import OPTIONS, BlankLayout, Field, Layout, Part, Show, StripLayout
from vouchers.errors import OperatingError

T = TypeVar("T")

_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_PLACE = re.compile(r" - at `\$([^`]*)`")
_UNKNOWN = re.compile(r"unknown field `([\w-]+)`")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w-]+)\s*[.=]")


class LayoutUnreadable(OperatingError):
    """A layout file has a mistake; the sentence names the file, the line and the mistake."""

    def __init__(self, file: str, line: int, detail: str) -> None:
        super().__init__("layout_unreadable", file=file, line=line, detail=detail)
        self.line = line


def read_layout(file: str, text: str) -> Layout:
    """The layout that a file describes: a blank where it has fields, else a strip.

    Raises LayoutUnreadable.
    """
    if "field" in _tables(file, text):
        blank = _read(file, text, BlankLayout)
        for index, field in enumerate(blank.field):
            _check_field(file, text, index, field, blank)
        return blank
    strip = _read(file, text, StripLayout)
    for index, part in enumerate(strip.part):
        _check_options(file, text, index, part)
        _check_texts(file, text, ["part", index, "text"], part.text)
        if part.show is Show.LOGO and not part.file:
            raise LayoutUnreadable(file, line_of(text, ["part", index]), "a logo needs a `file`")
    return strip


def _tables(file: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_LINE.search(str(error))
        last = text.count("\n") + 1
        line = int(found[1]) if found and found[1] else last
        raise LayoutUnreadable(file, line, _SYNTAX_LINE.sub("", str(error)).strip()) from error


def _read(file: str, text: str, kind: type[T]) -> T:
    try:
        return msgspec.convert(_tables(file, text), kind)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        steps = _steps(place[1] if place else "")
        detail = _PLACE.sub("", str(error))
        if unknown := _UNKNOWN.search(detail):
            steps = [*steps, unknown[1]]
        raise LayoutUnreadable(file, line_of(text, steps), detail) from error


def _check_options(file: str, text: str, index: int, part: Part) -> None:
    for option in part.__struct_fields__:
        if option == "show" or getattr(part, option) is None:
            continue
        if option not in OPTIONS.get(part.show, frozenset()):
            line = line_of(text, ["part", index, option])
            raise LayoutUnreadable(file, line, f"`{part.show}` has no option `{option}`")


def _check_texts(
    file: str, text: str, steps: list[str | int], texts: str | dict[str, str] | None
) -> None:
    """Every gap must be one that documents can fill."""
    for said in texts.values() if isinstance(texts, dict) else [texts or ""]:
        try:
            unknown = [gap for gap in gaps_of(said) if gap not in KNOWN]
        except ValueError as error:
            raise LayoutUnreadable(file, line_of(text, steps), str(error)) from error
        if unknown:
            known = ", ".join(sorted(KNOWN))
            detail = f"there is no gap {{{unknown[0]}}}; there are {known}"
            raise LayoutUnreadable(file, line_of(text, steps), detail)


def _check_field(file: str, text: str, index: int, field: Field, blank: BlankLayout) -> None:
    """A field shows one thing, and its box lies on the blank."""
    line = line_of(text, ["field", index])
    if (field.text is None) == (field.symbol is None):
        raise LayoutUnreadable(file, line, "a field has either `text` or `symbol`")
    _check_texts(file, text, ["field", index, "text"], field.text)
    width = field.width_mm or (field.size_mm if field.symbol else 0)
    height = field.height_mm or (field.size_mm if field.symbol == "qr" or field.text else 0)
    if field.rotation % 180:
        width, height = height, width
    for name, end, edge in (
        ("x_mm", field.x_mm + width, blank.width_mm),
        ("y_mm", field.y_mm + height, blank.height_mm),
    ):
        if end > edge:
            place = line_of(text, ["field", index, name])
            raise LayoutUnreadable(file, place, f"it ends at {end:g} mm, the blank at {edge:g} mm")


def pictures_of(layout: Layout) -> list[tuple[str, list[str | int]]]:
    """The picture files that a layout names, each with where it names them."""
    if isinstance(layout, BlankLayout):
        return [(layout.background, ["background"])] if layout.background else []
    named = enumerate(part.file for part in layout.part)
    return [(file, ["part", index, "file"]) for index, file in named if file]


def _steps(path: str) -> list[str | int]:
    return [name or int(number) for name, number in _STEP.findall(path)]


def line_of(text: str, steps: list[str | int]) -> int:
    """The line where a value stands, or else the table that should hold it; 1 when unknown."""
    best, best_depth = 1, 0
    counts: dict[str, int] = {}
    table: list[str | int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _table(header[1], "[[" in line, counts)
            place = table
        elif key := _KEY.match(line):
            place = [*table, key[1]]
        else:
            continue
        if len(place) > best_depth and place == steps[: len(place)]:
            best, best_depth = number, len(place)
    return best


def _table(name: str, is_array: bool, counts: dict[str, int]) -> list[str | int]:
    if not is_array:
        return list(name.split("."))
    counts[name] = counts.get(name, -1) + 1
    return [*name.split("."), counts[name]]
