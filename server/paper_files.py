"""The venue's own layouts, their pictures, and printer profiles: files beside its catalogue."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from printing.layouts import LayoutBook, LayoutUnreadable
from printing.layouts.contents import check_picture, decoded
from printing.layouts.proof import Trial
from printing.profiles import Profile, read_profile, shipped_profiles
from resources.texts import Texts
from server.written_files import Mistake
from vouchers.catalogue import Catalogue
from vouchers.errors import OperatingError

FOLDERS = {"layouts": (".toml", ".png"), "profiles": (".toml",)}
"""The folders, and the endings of the files in them that travel to the tills."""

FILES_MAX_BYTES = 512 * 1024
"""Every till loads them with each catalogue; a logo of 576 dots has a few kilobytes."""


def read_paper_files(folder: Path) -> dict[str, bytes]:
    """The files that travel to the tills with the catalogue, by name ("layouts/logo.png")."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in _present(folder)
        if path.suffix in FOLDERS[path.parent.name]
    }


def paper_mistakes(
    papers: Mapping[str, bytes], folder: Path, catalogue: Catalogue | None
) -> Iterator[Mistake]:
    """All that is wrong with the files beside a catalogue. Layouts are tried with what the venue
    sells, unless nobody knows that because its catalogue is wrong.
    """
    size = sum(map(len, papers.values()))
    if size > FILES_MAX_BYTES:
        what = f"layouts, pictures and profiles have {size} bytes; {FILES_MAX_BYTES} are the most"
        yield Mistake(str(folder), 0, what)
    for path in _present(folder):
        name = path.relative_to(folder).as_posix()
        if name not in papers:
            endings = " and ".join(FOLDERS[path.parent.name])
            yield Mistake(name, 0, f"no till would use it: files here end in {endings}")
    models = dict(shipped_profiles())
    trial = Trial(catalogue.venue, catalogue.currency) if catalogue else None
    for name in sorted(papers, reverse=True):  # layouts are tried on the profiles before them
        try:
            _try(PurePosixPath(name), papers[name], folder / "layouts", models, trial)
        except LayoutUnreadable as problem:
            yield Mistake(name, problem.line, str(problem.details["detail"]))
        except OperatingError as problem:
            yield Mistake(name, 0, Texts("en").explain(problem))


def _try(
    place: PurePosixPath,
    content: bytes,
    pictures: Path,
    models: dict[str, Profile],
    trial: Trial | None,
) -> None:
    """Use a file as the tills will. Raises OperatingError."""
    if place.suffix == ".png":
        check_picture(place.name, content)
        return
    text = decoded(place.name, content)
    if place.parts[0] == "profiles":
        models[place.stem] = read_profile(place.name, text)
        return
    book = LayoutBook.shipped(pictures).with_draft(place.name, text)
    if trial is not None:
        trial.check_on_models(book, place.name, list(models.values()))


def _present(folder: Path) -> list[Path]:
    """Every file in the folders for papers; those that editors hide are no part of a venue."""
    return [
        path
        for name in FOLDERS
        for path in sorted((folder / name).glob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
