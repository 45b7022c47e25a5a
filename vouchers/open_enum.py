"""Words that a newer program may add to: what this version does not know is kept as it came.

A till must go on following a server that is newer than itself. So a word it has never heard of
is no error: it is stored, shown as it is, and passed on, but nothing is done because of it.
Whoever takes in what tills or people write, and not what a server tells, does so within
`only_known_words`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Self

_closed = ContextVar("closed", default=False)


class OpenEnum(StrEnum):
    """A StrEnum whose unknown values are members for the moment, equal to their text."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if _closed.get() or not isinstance(value, str):
            return None
        later = str.__new__(cls, value)
        later._name_ = later._value_ = value
        return later

    @property
    def is_known(self) -> bool:
        """Whether this version has heard of it."""
        return self.value in type(self)._value2member_map_


@contextmanager
def only_known_words() -> Iterator[None]:
    """Within, unknown words are errors, as those of any other enum are."""
    before = _closed.set(True)
    try:
        yield
    finally:
        _closed.reset(before)
