"""The demo venue as files that a test can spoil: each key is written in a line that is known."""

import copy
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Place = tuple[str | int, ...]

_DEMO = files("resources") / "demo"


def demo(name: str) -> Document:
    """One of the demo's files, to be changed."""
    return copy.deepcopy(_PARSED[name])


_PARSED: Mapping[str, Document] = {
    name: tomllib.loads((_DEMO / f"{name}.toml").read_text("utf-8"))
    for name in ("catalogue", "users", "campaigns")
}


def write_venue(folder: Path, catalogue: Document, users: Document | None = None) -> None:
    """Both files of a venue."""
    folder.mkdir(exist_ok=True)
    (folder / "catalogue.toml").write_text(toml(catalogue), "utf-8")
    (folder / "users.toml").write_text(toml(demo("users") if users is None else users), "utf-8")


def toml(document: Document) -> str:
    """A document as TOML, one key a line, as `lines` counts them."""
    return "\n".join(text for _place, text in _written(document)) + "\n"


def line_of(document: Document, place: Place) -> int:
    """The line that `toml` writes a value into, or else what holds it."""
    places = [place for place, _text in _written(document)]
    while place and place not in places:
        place = place[:-1]
    return places.index(place) + 1 if place else 1


def _written(document: Document) -> list[tuple[Place, str]]:
    plain = {key: value for key, value in document.items() if not _is_tables(value)}
    lines: list[tuple[Place, str]] = [
        ((key,), f"{_key(key)} = {_value(v)}") for key, v in plain.items()
    ]
    for key in document.keys() - plain.keys():
        tables = document[key] if isinstance(document[key], list) else [document[key]]
        for index, table in enumerate(tables):
            is_array = isinstance(document[key], list)
            at: Place = (key, index) if is_array else (key,)
            lines.append((at, f"[[{_key(key)}]]" if is_array else f"[{_key(key)}]"))
            lines += [((*at, name), f"{_key(name)} = {_value(v)}") for name, v in table.items()]
    return lines


def _is_tables(value: object) -> bool:
    """Whether it is written below a header of its own."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) for one in value)
    return isinstance(value, dict) and not {"amount", "currency"} & value.keys()


def _key(name: str) -> str:
    return _text(name)


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case dict():
            return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def _text(text: str) -> str:
    signs = (f"\\u{ord(s):04x}" if ord(s) < 32 or s in '"\\\x7f' else s for s in text)
    return f'"{"".join(signs)}"'
