"""Read what people wrote as the value it stands for, and note every mistake on the way.

msgspec stops at the first; whoever wrote a file wants to hear of all of them at once. What cannot
be read stands empty in the value, so that the rules can look at the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from vouchers.faults import Fault, Path, meant, nearest
from vouchers.open_enum import only_known_words

_WORDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    date: "a day such as 2026-12-24",
    list: "a list [ ... ]",
    dict: "a table { ... }",
}


@dataclass
class Reading:
    """What was read and what was wrong. `unread` are the places that stand empty in `value`."""

    value: Any = None
    faults: list[Fault] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)

    def judged(self, found: Iterable[Fault]) -> list[Fault]:
        """The mistakes in reading, and of those that rules found all that are no mere outcome."""
        return self.faults + [one for one in found if not self._follows(one)]

    def _follows(self, fault: Fault) -> bool:
        places = [place for place in (fault.path, fault.against) if place is not None]
        return any(place[: len(path)] == path for path in self.unread for place in places)


def read_strictly(document: object, kind: type[Struct]) -> Reading:
    """The value of type `kind` that a decoded TOML document stands for."""
    reading = Reading()
    reading.value = _read(document, kind, (), reading)
    return reading


def unreadable(kind: type[Struct]) -> Reading:
    """The reading of a document that is none: all of its value is empty."""
    return Reading(value=_empty(kind), unread=[()])


def _read(value: object, kind: Any, path: Path, reading: Reading) -> Any:
    declared, kind = kind, _without_none(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _read_table(value, kind, path, reading)
    inside = get_args(kind)
    if get_origin(kind) is list and isinstance(value, list):
        return [_read(one, inside[0], (*path, i), reading) for i, one in enumerate(value)]
    if get_origin(kind) is dict and isinstance(value, dict):
        return {key: _read(one, inside[1], (*path, key), reading) for key, one in value.items()}
    try:
        with only_known_words():
            return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        reading.faults.append(Fault(path, _why(value, _plain(kind), str(error))))
        reading.unread.append(path)
        return _empty(declared)


def _read_table(value: object, kind: type[Struct], path: Path, reading: Reading) -> Struct:
    known = {one.encode_name: one for one in fields(kind)}
    if not isinstance(value, dict):
        why = f"is {_shown(value)}; a table with {', '.join(known)} is wanted"
        reading.faults.append(Fault(path, why))
        reading.unread.append(path)
        value = {}
    else:
        _note_wrong_keys(value, known, path, reading)
    made = {
        one.name: _read(value[key], one.type, (*path, key), reading)
        if key in value
        else _empty(one.type)
        for key, one in known.items()
        if key in value or _is_required(one)
    }
    return kind(**made)


def _note_wrong_keys(
    value: dict[str, object], known: dict[str, FieldInfo], path: Path, reading: Reading
) -> None:
    """Keys nobody knows, and keys that are missing; one that was mistyped is not missing too."""
    free = [key for key in known if key not in value]
    mistyped = set()
    for key in value:
        if key not in known:
            why = f"is no key that is known here{nearest(key, free)}"
            reading.faults.append(Fault((*path, key), why))
            mistyped.add(meant(key, free))
    for key in free:
        is_missing = _is_required(known[key])
        if is_missing and key not in mistyped:
            reading.faults.append(Fault((*path, key), "is missing"))
        if is_missing or key in mistyped:
            reading.unread.append((*path, key))


def _is_required(one: FieldInfo) -> bool:
    return one.default is NODEFAULT and one.default_factory is NODEFAULT


def _without_none(kind: Any) -> Any:
    """The type of a value that is there: TOML has no word for nothing."""
    if get_origin(kind) in (Union, UnionType):
        (kind,) = [one for one in get_args(kind) if one is not type(None)]
    return kind


def _plain(kind: Any) -> Any:
    """The class behind a type with bounds or contents."""
    origin = get_origin(kind)
    return _plain(get_args(kind)[0]) if origin is Annotated else origin or kind


def _empty(kind: Any) -> Any:
    """What stands in for something that cannot be read; no rule is asked about it."""
    if type(None) in get_args(kind):
        return None
    plain = _plain(kind)
    if issubclass(plain, Struct):
        return plain(**{one.name: _empty(one.type) for one in fields(plain) if _is_required(one)})
    return plain("") if issubclass(plain, Enum) else plain()


def _why(value: object, plain: type, error: str) -> str:
    if issubclass(plain, Enum):
        words = [str(one.value) for one in plain]
        return f"is {_shown(value)}{nearest(str(value), words)}"
    wanted = _WORDS.get(plain)
    if wanted is None or isinstance(value, plain):
        return f"is {_shown(value)}: {error}"
    return f"is {_shown(value)}; {wanted} is wanted"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
