"""Text on its way to paper: made harmless, measured in cells, wrapped."""

import unicodedata
from functools import lru_cache

_REPLACED = str.maketrans({"\u2011": "-", "\t": " "})
_NEVER_PRINTED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_WIDE = frozenset("WF")


def printable(text: str) -> str:
    """`text` without anything a printer could take for a command or a reader be misled by.

    Control, format (bidi, joiner), private and unassigned characters are dropped; special blanks
    become plain ones.
    """
    composed = unicodedata.normalize("NFC", text).translate(_REPLACED)
    if composed.isascii() and composed.isprintable():
        return composed
    return "".join(map(_printable_sign, composed))


@lru_cache(maxsize=4096)
def _printable_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Zs":
        return " "
    return "" if category in _NEVER_PRINTED else sign


def paragraphs(text: str) -> list[str]:
    """The lines a person typed, each made printable."""
    return [printable(line) for line in text.replace("\r\n", "\n").split("\n")]


def cells(text: str) -> int:
    """How many character cells `text` takes: two for CJK and emoji, none for combining marks."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at blanks, else inside the word.

    The first line keeps its indent.
    """
    lines: list[str] = []
    indent = text[: len(text) - len(text.lstrip(" "))][: width // 2]
    line = ""
    for word in text.strip(" ").split(" "):
        joined = f"{line} {word}" if line else (word if lines else indent + word)
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        pieces = _chop(word, width)
        lines.extend(pieces[:-1])
        line = pieces[-1]
    lines.append(line)
    return lines


def _chop(word: str, width: int) -> list[str]:
    """A word that may be longer than a line, in pieces that are not."""
    pieces, piece, used = [], "", 0
    for sign in word:
        step = _cells_of(sign)
        if used + step > width and piece:
            pieces.append(piece)
            piece, used = "", 0
        piece += sign
        used += step
    return [*pieces, piece]


@lru_cache(maxsize=4096)
def _cells_of(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in _WIDE else 1
