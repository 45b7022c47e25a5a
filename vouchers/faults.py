"""Faults: what is wrong in a document that people wrote, as values, all of them at once."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from msgspec import Struct

from vouchers.catalogue import LANGUAGES
from vouchers.money import MINOR_MAX, Money

Path = tuple[str | int, ...]
"""Where something stands in a document: ("products", 3, "title", "de")."""

TEXT_SIGNS_MAX = 200
"""The longest text that travels in an entry (vouchers.voucher.ShortText)."""

_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")
"""Unicode categories: control signs, halves of signs, separators of lines and paragraphs."""


class Fault(Struct, frozen=True):
    """What is wrong at `path`: `why` goes on where the name of the place ends, "is empty".

    Where it contradicts something else in the document, `against` is the place of that.
    """

    path: Path
    why: str
    against: Path | None = None


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Everything in a document that holds nothing else, with its place; an amount is a leaf."""
    inside: Iterable[tuple[str | int, object]]
    match value:
        case Struct() if not isinstance(value, Money):
            inside = [(name, getattr(value, name)) for name in value.__struct_fields__]
        case Mapping():
            inside = value.items()
        case list() | tuple():
            inside = enumerate(value)
        case _:
            yield path, value
            return
    for step, one in inside:
        yield from leaves(one, (*path, step))


def text_faults(text: str, path: Path, *, may_be_empty: bool = False) -> Iterator[Fault]:
    """What keeps a text from being shown on screens and printed on paper."""
    if not text.strip() and not may_be_empty:
        yield Fault(path, "is empty")
    if len(text) > TEXT_SIGNS_MAX:
        yield Fault(path, f"has {len(text)} signs; {TEXT_SIGNS_MAX} are the most")
    if any(unicodedata.category(sign) in _UNPRINTABLE for sign in text):
        yield Fault(path, "holds a sign that cannot be printed, such as a line break")


def amount_faults(amount: Money, path: Path, currency: str) -> Iterator[Fault]:
    """What keeps an amount from being one of a venue that works in `currency`."""
    if amount.currency != currency:
        why = f"is {amount.currency}, that of the catalogue {currency}"
        yield Fault((*path, "currency"), why, against=("currency",))
    if amount.minor < 0:
        yield Fault((*path, "amount"), f"is {amount.minor}; no amount is below zero here")
    if amount.minor > MINOR_MAX:
        why = f"is {amount.minor} minor units; {MINOR_MAX} are the most"
        yield Fault((*path, "amount"), why)


def range_faults(number: int, path: Path, least: int, most: int) -> Iterator[Fault]:
    """That a number lies outside its bounds."""
    if not least <= number <= most:
        yield Fault(path, f"is {number}; it lies between {least} and {most}")


def title_faults(title: Mapping[str, object], path: Path, needed: str) -> Iterator[Fault]:
    """What is wrong with the languages something is said in: `needed` must be among them."""
    strange = sorted(title.keys() - set(LANGUAGES))
    for language in strange:
        why = f"is no language of the tills{nearest(language, LANGUAGES)}"
        yield Fault((*path, language), why)
    if needed in LANGUAGES and needed not in title and not strange:
        yield Fault(path, f"is missing in {needed}, the venue's language")


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant.

    >>> meant("tax_pb", ["tax_bp", "title"])
    'tax_bp'
    """
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.5)), None)


def nearest(word: str, known: Collection[str]) -> str:
    """The end of a sentence about an unknown word: what was probably meant, or what is known."""
    if close := meant(word, known):
        return f"; did you mean {close}?"
    return f"; known are {', '.join(known)}" if known else ""


def twice(names: Iterable[str], path: Path, field: str) -> Iterator[Fault]:
    """Those of `names`, one for each in the list at `path`, that stand there a second time."""
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        earlier = first.setdefault(name, index)
        if name and earlier != index:
            place, before = (*path, index, field), (*path, earlier, field)
            yield Fault(place, f"is {name!r} for a second time", against=before)
