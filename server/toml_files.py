"""Files that an operator writes: read as the values they stand for, or refused with the reason."""

from pathlib import Path
from typing import TypeVar

import msgspec

from server.errors import NotPossible
from vouchers.open_enum import only_known_words

T = TypeVar("T")


def read_toml(path: Path, kind: type[T]) -> T:
    """The value in a file. Raises NotPossible for one that is missing or says something wrong."""
    try:
        with only_known_words():
            return msgspec.toml.decode(path.read_bytes(), type=kind)
    except (OSError, ValueError) as error:
        raise NotPossible("venue_file_wrong", file=str(path), why=str(error)) from error
