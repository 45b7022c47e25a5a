"""In which line of a TOML file each value stands."""

import tomllib
from collections.abc import Iterator, Mapping

from vouchers.faults import Path


class TomlLines:
    """The lines of a file that `tomllib` has read.

    The file is taken apart by `tomllib` itself: the shortest run of lines that it can read is one
    statement, so nothing here knows quotes, brackets and comments.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._last: dict[Path, int] = {}
        table: Path = ()
        for line, statement, is_header, is_array in _statements(text):
            if is_header:
                table = self._enter(statement, is_array=is_array)
                self._lines.setdefault(table, line)
            else:
                for path in _paths(statement, table):
                    self._lines.setdefault(path, line)

    def line(self, path: Path) -> int:
        """The line where the value at `path` begins, or else what should hold it; from 1 on."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _enter(self, header: Mapping[str, object], *, is_array: bool) -> Path:
        """The place of a table; of an array of tables it is the next one, or else the last."""
        path: Path = ()
        inside: object = header
        while isinstance(inside, dict) and inside:
            name, inside = next(iter(inside.items()))
            path = (*path, name)
            if is_array and isinstance(inside, list):
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
        return path


def _statements(text: str) -> Iterator[tuple[int, dict[str, object], bool, bool]]:
    """Each statement with its first line, and whether it is the header of a table or an array."""
    lines = text.split("\n")
    begin = 0
    for end in range(len(lines)):
        if begin == end and lines[begin].strip().partition("#")[0] == "":
            begin += 1
            continue
        statement = "\n".join(lines[begin : end + 1])
        try:
            read = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        first = lines[begin].lstrip()
        yield begin + 1, read, first.startswith("["), first.startswith("[[")
        begin = end + 1


def _paths(value: object, at: Path) -> Iterator[Path]:
    """The places of all that stands in a value."""
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    for step, inside in steps:
        yield (*at, step)
        yield from _paths(inside, (*at, step))
