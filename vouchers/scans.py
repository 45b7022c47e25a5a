"""What a scanner puts around a code, and what a keyboard layout makes of it.

A scanner in keyboard mode sends keys, not signs: which signs arrive is up to the layout of the
machine. Most scanners are set to the US layout, so that on a German machine Y and Z are swapped,
and on a French one digits arrive as the signs that stand on their keys there.
"""

import re
from collections.abc import Iterator
from enum import StrEnum


class Layout(StrEnum):
    """The layout of a machine that a scanner does not know of; the values name sentences."""

    GERMAN = "german"
    FRENCH = "french"


_MEANT = {Layout.GERMAN: "YZ]", Layout.FRENCH: "1234567890QAWZM]"}
_ARRIVES = {Layout.GERMAN: "ZY+", Layout.FRENCH: "&É\"'(-È_ÇÀAQZW,$"}
_BESIDES = {Layout.GERMAN: {}, Layout.FRENCH: str.maketrans("?§!", "M68")}
"""Shift and a comma; and what stands on two keys in Belgium."""

FRENCH_DIGITS = frozenset("ÉÈÇÀ")
"""Digits of a French keyboard that nobody types by mistake."""

_AROUND = r"(?:[\x00-\x20\x7f\u00a0\u200b-\u200f\u2060\ufeff]|ï»¿)*"
_SCANNED = re.compile(rf"{_AROUND}(?:\][A-Za-z][0-9A-Za-z])?{_AROUND}(.*?){_AROUND}", re.DOTALL)


def unwrapped(scanned: str) -> str:
    """Without what scanners put around a code: AIM identifiers, control signs, byte order marks.

    >>> unwrapped("]Q3V1ABCD")
    'V1ABCD'
    """
    found = _SCANNED.fullmatch(scanned)
    return found[1] if found else scanned


def readings(scanned: str) -> Iterator[tuple[str, Layout | None]]:
    """What a scan may have been, in capitals: as it came, then put right for each layout."""
    yield unwrapped(scanned).upper(), None
    for layout in Layout:
        back = str.maketrans(_ARRIVES[layout], _MEANT[layout]) | _BESIDES[layout]
        yield unwrapped(scanned.upper().translate(back)), layout


def as_arriving(code: str, layout: Layout) -> str:
    """A code of capitals and digits as a machine of that layout gets it from a scanner."""
    return code.translate(str.maketrans(_MEANT[layout], _ARRIVES[layout]))
