"""The venue's own layouts and printer profiles: from the catalogue onto this till's disk.

A file is checked before it takes the place of an earlier one, so a mistake made at the desk never
keeps a till from printing: the layout that was in use stays in use, and the mistake is told. A
layout is tried again whenever it is loaded: printers change, and so does this program.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from printing.layouts import LayoutBook, LayoutUnreadable
from printing.layouts.contents import check_picture, decoded
from printing.layouts.proof import Trial
from printing.profiles import (
    Profile,
    ProfileUnreadable,
    find_profile,
    read_profile,
    shipped_profiles,
)
from till.layout_trial import LayoutTrial, PrinterHere
from till.store import settings
from till.store.database import Work
from vouchers.catalogue import Venue
from vouchers.errors import OperatingError

VENUE = "venue"
"""The folder below the till's own that holds what the server sent, and nothing else."""

LAYOUTS, PROFILES = "layouts", "profiles"

NOBODYS_TRIAL = Trial(
    Venue(name="", address=[], tax_number="", footer={}, language="en", timezone="UTC"), "EUR"
)
"""For a till that has heard of no venue yet."""


def trial_at(work: Work, folder: Path) -> LayoutTrial:
    """How layouts are tried at this till, with its venue, its printers and the models it knows."""
    identity, catalogue = settings.identity.get(work), settings.catalogue.get(work)
    printers: dict[str, PrinterHere] = {}
    for kind, setting in identity.printers.items() if identity else ():
        with suppress(ProfileUnreadable):  # told where its printer is set up
            printers[kind] = PrinterHere(profile_named(folder, setting.profile), setting.layout)
    trial = Trial(catalogue.venue, catalogue.currency) if catalogue else NOBODYS_TRIAL
    return LayoutTrial(trial, printers, _models(folder))


def adopt(folder: Path, files: Mapping[str, bytes], trial: LayoutTrial) -> list[OperatingError]:
    """Put the catalogue's `paper_files` on disk and forget those withdrawn.

    Returns what is wrong with those that were not taken.
    """
    problems: list[OperatingError] = []
    for name in sorted(files, key=_layouts_last):
        try:
            _adopt_one(folder / VENUE, name, files[name], trial)
        except OperatingError as problem:
            problems.append(problem)
    for path in (folder / VENUE).glob("*/*"):
        if path.relative_to(folder / VENUE).as_posix() not in files:
            path.unlink(missing_ok=True)
    return problems


def usable_layouts(folder: Path, trial: LayoutTrial) -> tuple[LayoutBook, list[OperatingError]]:
    """The shipped layouts, the venue's over them, and this till's own over both.

    Those with mistakes are left out, so that what they hide is used; returns the mistakes, too.
    """
    venue = folder / VENUE / LAYOUTS
    book, problems = LayoutBook.shipped(venue), list[OperatingError]()
    for place in (venue, folder / LAYOUTS):
        for path in sorted(place.glob("*.toml")):
            try:
                draft = book.with_draft(path.name, decoded(path.name, path.read_bytes()))
                trial.try_here(draft, path.name)
                book = draft
            except OperatingError as problem:
                problems.append(problem)
    return book, problems


def profile_named(folder: Path, name: str) -> Profile:
    """A printer profile: this till's own, the venue's, or a shipped one.

    Raises ProfileUnreadable.
    """
    for place in _profile_folders(folder):
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


def _layouts_last(name: str) -> tuple[bool, str]:
    """Their pictures and the profiles they are tried with come before them."""
    return name.startswith(f"{LAYOUTS}/") and name.endswith(".toml"), name


def _models(folder: Path) -> list[Profile]:
    """The profiles that came with the till, the venue's and this till's own."""
    names = {path.stem for place in _profile_folders(folder) for path in place.glob("*.toml")}
    found = dict(shipped_profiles())
    for name in sorted(names):
        with suppress(ProfileUnreadable):  # told where its printer is set up
            found[name] = profile_named(folder, name)
    return list(found.values())


def _profile_folders(folder: Path) -> tuple[Path, Path]:
    return folder / PROFILES, folder / VENUE / PROFILES


def _adopt_one(venue: Path, name: str, content: bytes, trial: LayoutTrial) -> None:
    place = PurePosixPath(name)
    if len(place.parts) != 2 or place.parts[0] not in (LAYOUTS, PROFILES) or ".." in place.parts:
        raise LayoutUnreadable(name, 1, "files of a venue lie in layouts/ or profiles/")
    path = venue / place
    if path.is_file() and path.read_bytes() == content:
        return
    _check(venue, place, content, trial)
    write_whole(path, content)


def _check(venue: Path, place: PurePosixPath, content: bytes, trial: LayoutTrial) -> None:
    if place.suffix != ".toml":
        check_picture(place.name, content)
        return
    text = decoded(place.name, content)
    if place.parts[0] == PROFILES:
        read_profile(place.name, text)
    else:
        draft = LayoutBook.shipped(venue / LAYOUTS).with_draft(place.name, text)
        trial.try_everywhere(draft, place.name)
