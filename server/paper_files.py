"""The venue's own layouts, their pictures, and printer profiles: files beside its catalogue."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from server.written_files import Mistake

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


def paper_mistakes(papers: Mapping[str, bytes], folder: Path) -> Iterator[Mistake]:
    """All that is wrong with the files beside a catalogue."""
    size = sum(map(len, papers.values()))
    if size > FILES_MAX_BYTES:
        what = f"layouts, pictures and profiles have {size} bytes; {FILES_MAX_BYTES} are the most"
        yield Mistake(str(folder), 0, what)
    for path in _present(folder):
        name = path.relative_to(folder).as_posix()
        if name not in papers:
            endings = " and ".join(FOLDERS[path.parent.name])
            yield Mistake(name, 0, f"no till would use it: files here end in {endings}")


def _present(folder: Path) -> list[Path]:
    """Every file in the folders for papers; those that editors hide are no part of a venue."""
    return [
        path
        for name in FOLDERS
        for path in sorted((folder / name).glob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
