"""Layout files are TOML that people write: a mistake is told with the line it stands in."""

import re
import tomllib
from typing import TypeVar

import msgspec

from printing.layouts.schema import OPTIONS, Part, StripLayout
from vouchers.errors import OperatingError

T = TypeVar("T")

_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_PLACE = re.compile(r" - at `\$([^`]*)`")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w-]+)\s*[.=]")


class LayoutUnreadable(OperatingError):
    """A layout file has a mistake; the sentence names the file, the line and the mistake."""

    def __init__(self, file: str, line: int, detail: str) -> None:
        super().__init__("layout_unreadable", file=file, line=line, detail=detail)
        self.line = line


def read_strip(file: str, text: str) -> StripLayout:
    """The layout of a roll document. Raises LayoutUnreadable."""
    layout = read_layout(file, text, StripLayout)
    for index, part in enumerate(layout.part):
        _check_options(file, text, index, part)
    return layout


def read_layout(file: str, text: str, kind: type[T]) -> T:
    """A layout of that kind. Raises LayoutUnreadable."""
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_LINE.search(str(error))
        last = text.count("\n") + 1
        line = int(found[1]) if found and found[1] else last
        raise LayoutUnreadable(file, line, _SYNTAX_LINE.sub("", str(error)).strip()) from error
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        steps = _steps(place[1] if place else "")
        detail = _PLACE.sub("", str(error))
        unknown = re.search(r"unknown field `([\w-]+)`", detail)
        if unknown:
            steps = [*steps, unknown[1]]
        raise LayoutUnreadable(file, line_of(text, steps), detail) from error


def _check_options(file: str, text: str, index: int, part: Part) -> None:
    for option in part.__struct_fields__:
        if option == "show" or getattr(part, option) is None:
            continue
        if option not in OPTIONS.get(part.show, frozenset()):
            line = line_of(text, ["part", index, option])
            raise LayoutUnreadable(file, line, f"`{part.show}` has no option `{option}`")


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
