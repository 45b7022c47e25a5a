"""Files that an operator writes: read whole, with every mistake in them and the line it is in."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct

from server.errors import NotPossible
from server.strict_reading import Reading, read_strictly, unreadable
from server.toml_lines import TomlLines
from vouchers import faults
from vouchers.faults import Fault

T = TypeVar("T", bound=Struct)

_SYNTAX_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in a file, for the person who wrote it; line 0: it is about the whole file."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.what}"


class FilesWrong(NotPossible):
    """Files say something wrong; nothing was changed. `mistakes` are all there are."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        said = "\n".join(map(str, self.mistakes))
        super().__init__("files_wrong", count=len(self.mistakes), mistakes=said)


class WrittenFile(Generic[T]):
    """A TOML file that stands for a value of a type; `value` has what could be read of it."""

    def __init__(self, file: Path, kind: type[T]) -> None:
        self._file = file.name
        self._document: dict[str, object] = {}
        self._lines = TomlLines("")
        self._unreadable: Mistake | None = None
        self._reading = self._read(file, kind)

    @property
    def value(self) -> T:
        """The value, empty where the file says something wrong."""
        value: T = self._reading.value
        return value

    def mistakes(self, found: Iterable[Fault]) -> list[Mistake]:
        """All that is wrong with the file, with what rules found in its value."""
        if self._unreadable is not None:
            return [self._unreadable]
        return [self._mistake(fault) for fault in self._reading.judged(found)]

    def _read(self, file: Path, kind: type[T]) -> Reading:
        try:
            text = file.read_text("utf-8-sig")
            self._document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _SYNTAX_LINE.search(str(error))
            line = int(place[1]) if place and place[1] else text.count("\n") + 1
            why = _SYNTAX_LINE.sub("", str(error))
            self._unreadable = Mistake(self._file, line, f"this is no TOML: {why}")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self._unreadable = Mistake(self._file, line, "this is not written in UTF-8")
        except OSError as error:
            self._unreadable = Mistake(str(file), 0, f"cannot be read: {error.strerror}")
        else:
            self._lines = TomlLines(text)
            return read_strictly(self._document, kind)
        return unreadable(kind)

    def _mistake(self, fault: Fault) -> Mistake:
        owner, inside = self._owner(fault.path)
        place = ".".join(str(step + 1) if isinstance(step, int) else step for step in inside)
        what = " ".join(part for part in (owner and f"{owner}:", place, fault.why) if part)
        if fault.against is not None and len(fault.against) > 1:
            what += f" (see line {self._lines.line(fault.against)})"
        return Mistake(self._file, self._lines.line(fault.path), what)

    def _owner(self, path: faults.Path) -> tuple[str, faults.Path]:
        """What in a list a mistake is in, by its own id, and where in that."""
        match path:
            case (str(name), int(index), *inside):
                entry = self._document[name][index]  # type: ignore[index]
                named = entry.items() if isinstance(entry, dict) else ()
                ids = [str(value) for key, value in named if key.endswith("_id") and value]
                return (ids[0] if ids else f"{name} {index + 1}"), tuple(inside)
        return "", path
