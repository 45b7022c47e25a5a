"""A page to be looked at or mailed: its picture, and what can be read where on it."""

from dataclasses import dataclass, field

from PIL import Image


@dataclass(frozen=True, slots=True)
class PageText:
    """A line of text and the box it stands in, in dots from the page's upper left corner."""

    text: str = field(repr=False)
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Page:
    """A document as one reads it, `dpi` dots an inch. May show codes in clear."""

    image: Image.Image = field(repr=False)
    dpi: int
    texts: tuple[PageText, ...] = field(repr=False)
