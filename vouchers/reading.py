"""Documents from outside, read as far as they can be: one bad part must not hide the others."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw

T = TypeVar("T")

UNREADABLE = (ValueError, RecursionError)
"""What reading raises, whatever the text: msgspec's errors and those of Unicode among them."""

LEFT_OUT_MAX = 100
"""With more than so many bad items a document is no document."""

ROOT = ""
"""Stands for the document itself where that is a list."""

_ITEM = re.compile(r"(?:\.(\w+)|^)\[(\d+)\]")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_log = logging.getLogger(__name__)
_noticed: ContextVar[list[str] | None] = ContextVar("noticed", default=None)


@contextmanager
def noticing() -> Iterator[list[str]]:
    """A list that fills with what this thread leaves out, a line for each, until the end."""
    noticed: list[str] = []
    before = _noticed.set(noticed)
    try:
        yield noticed
    finally:
        _noticed.reset(before)


def leave_out(what: str, damage: object) -> None:
    """Say that `what` cannot be read and is passed over: in the log, and to who is `noticing`."""
    _log.error("left out %s, which cannot be read: %s", what, damage)
    noticed = _noticed.get()
    if noticed is not None:
        noticed.append(f"{what} ({damage})")


class JsonReader(Generic[T]):
    """Reads documents of a type; an unreadable item of lists in fields `parts` is left out."""

    def __init__(self, of: Any, *parts: str) -> None:
        self._parts = parts
        self._decoder = msgspec.json.Decoder(of)

    def read(self, text: bytes | Raw) -> T:
        """The document, without what could not be read. Raises what UNREADABLE names."""
        try:
            found: T = self._decoder.decode(text)
        except msgspec.ValidationError as damage:
            found = self._read_parts(msgspec.json.decode(text), damage)
        return found

    def read_or_none(self, text: bytes | Raw, what: str) -> T | None:
        """The same; None, with a word in the log, for one that is damaged as a whole."""
        try:
            return self.read(text)
        except UNREADABLE as damage:
            leave_out(what, damage)
            return None

    def check(self, text: bytes) -> None:
        """Raise msgspec.ValidationError unless all of it can be read."""
        self._decoder.decode(text)

    def _read_parts(self, body: Any, damage: msgspec.ValidationError) -> T:
        for _ in range(LEFT_OUT_MAX):
            if not self._leave_out(body, str(damage)):
                break
            try:
                found: T = self._decoder.decode(msgspec.json.encode(body))
            except msgspec.ValidationError as more:
                damage = more
            else:
                return found
        raise damage

    def _leave_out(self, body: Any, damage: str) -> bool:
        """Take the innermost item that may go out of the place that msgspec names."""
        place = damage.rpartition("`$")[2].rstrip("`")
        items = [one for one in _ITEM.finditer(place) if (one[1] or ROOT) in self._parts]
        if not items:
            return False
        inside = body
        for field, index in _STEP.findall(place[: items[-1].start(2) - 1]):
            inside = inside[field] if field else inside[int(index)]
        item = inside.pop(int(items[-1][2]))
        leave_out(_name(items[-1][1] or "item", item), damage)
        return True


def _name(part: str, item: Any) -> str:
    """What a person would call an item of `part`: by its id, where it has one."""
    fields = item.items() if isinstance(item, dict) else ()
    ids = [value for field, value in fields if field.endswith("_id") and isinstance(value, str)]
    return " ".join([part, *ids[:1]])
