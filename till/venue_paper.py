"""The venue's own layouts and printer profiles: from the catalogue onto this till's disk.

A file is checked before it takes the place of an earlier one, so a mistake made at the desk never
keeps a till from printing: the layout that was in use stays in use, and the mistake is told.
"""

import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

from printing.layouts import LayoutBook, LayoutUnreadable, read_layout
from printing.profiles import Profile, find_profile, read_profile
from vouchers.errors import OperatingError

VENUE = "venue"
"""The folder below the till's own that holds what the server sent, and nothing else."""

LAYOUTS, PROFILES = "layouts", "profiles"


def adopt(folder: Path, files: Mapping[str, bytes]) -> list[OperatingError]:
    """Put the catalogue's `paper_files` on disk and forget those withdrawn.

    Returns what is wrong with those that were not taken.
    """
    problems: list[OperatingError] = []
    for name, content in files.items():
        try:
            _adopt_one(folder / VENUE, name, content)
        except OperatingError as problem:
            problems.append(problem)
    for path in (folder / VENUE).glob("*/*"):
        if path.relative_to(folder / VENUE).as_posix() not in files:
            path.unlink(missing_ok=True)
    return problems


def load_layouts(folder: Path) -> LayoutBook:
    """The shipped layouts, the venue's over them, and this till's own over both.

    Raises LayoutUnreadable for a file of this till's own.
    """
    book, problems = usable_layouts(folder)
    if problems:
        raise problems[0]
    return book


def usable_layouts(folder: Path) -> tuple[LayoutBook, list[OperatingError]]:
    """The same without the files of this till's own that have mistakes, and those mistakes."""
    venue = folder / VENUE / LAYOUTS
    book = LayoutBook.load(venue if venue.is_dir() else None)
    problems: list[OperatingError] = []
    for path in sorted((folder / LAYOUTS).glob("*.toml")):
        try:
            book = book.with_draft(path.name, _decoded(path.name, path.read_bytes()))
        except LayoutUnreadable as problem:
            problems.append(problem)
    return book, problems


def profile_named(folder: Path, name: str) -> Profile:
    """A printer profile: this till's own, the venue's, or a shipped one.

    Raises ProfileUnreadable.
    """
    for place in (folder / PROFILES, folder / VENUE / PROFILES):
        if (place / f"{name}.toml").is_file():
            return find_profile(name, place)
    return find_profile(name)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place of an earlier one: a crash leaves the one or the other, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
    beside.replace(path)


def _adopt_one(venue: Path, name: str, content: bytes) -> None:
    place = PurePosixPath(name)
    if len(place.parts) != 2 or place.parts[0] not in (LAYOUTS, PROFILES) or ".." in place.parts:
        raise LayoutUnreadable(name, 1, "files of a venue lie in layouts/ or profiles/")
    path = venue / place
    if path.is_file() and path.read_bytes() == content:
        return
    _check(place, content)
    write_whole(path, content)


def _check(place: PurePosixPath, content: bytes) -> None:
    if place.suffix != ".toml":
        _check_picture(place.name, content)
        return
    text = _decoded(place.name, content)
    if place.parts[0] == PROFILES:
        read_profile(place.name, text)
    else:
        read_layout(place.name, text)


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LayoutUnreadable(name, line, str(error)) from error


def _check_picture(name: str, content: bytes) -> None:
    try:
        Image.open(BytesIO(content)).verify()
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise LayoutUnreadable(name, 1, "this is no picture") from error
