"""What is known of each printer model, as data: shipped in resources/profiles, extended by venues.

A profile file is TOML; `Profile` tells its fields. Models that python-escpos knows can be named as
`escpos:MODEL` as well.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from vouchers.errors import WrongUsage

LIBRARY_MODEL = "escpos:"
FONT_A_DOTS, FONT_B_DOTS = 12, 9
"""How wide the letters of a printer's two fonts are."""

EDGE_MM = 1
"""Heads are built to a round number of dots: theirs may be a little wider than the paper."""

Hex = Annotated[str, Meta(pattern="^([0-9a-f]{2}( [0-9a-f]{2})*)?$")]
"""Bytes as their command reference writes them: "1d 56 42 00"; empty where there is no such."""


class Completion(StrEnum):
    """How a printer tells that a job is on paper."""

    PROCESS_ID = "process_id"
    PAPER_STATUS = "paper_status"
    NONE = "none"


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One printer model. Sizes are in dots of its head, `dpi` of them an inch.

    `code_page` is a Python codec, `code_page_number` what `ESC t` calls it on this model.
    `cut` also feeds the paper to the knife. `drawer` opens the drawer; `drawer_open_pin` is what
    its sensor shows while it is open, where it has one. `mark_feed` and `mark_cut` find and cut
    at the marks of ticket stock; `mark_offset_mm` is how far the blank begins behind the mark.
    """

    name: str
    width_dots: Annotated[int, Meta(ge=64, le=4096)]
    paper_mm: int = 80
    dpi: Annotated[int, Meta(ge=100, le=600)] = 203
    columns: Annotated[int, Meta(ge=16)]
    columns_small: int = 0
    code_page: str = "cp858"
    code_page_number: Annotated[int, Meta(ge=0, le=255)] = 19
    line_dots: Annotated[int, Meta(ge=24, le=255)] = 30
    raster_rows_max: Annotated[int, Meta(ge=8, le=255)] = 24
    cut: Hex = ""
    drawer: Hex = ""
    drawer_open_pin: Literal["high", "low", "none"] = "none"
    status: bool = True
    completion: Completion = Completion.NONE
    mark_feed: Hex = ""
    mark_cut: Hex = ""
    mark_offset_mm: int = 0

    def can_print(self, text: str) -> bool:
        """Whether the printer's own font has all signs of `text`."""
        try:
            text.encode(self.code_page)
        except UnicodeEncodeError:
            return False
        return True

    @property
    def width_mm(self) -> float:
        """How wide its head prints."""
        return self.width_dots * 25.4 / self.dpi

    def dots(self, millimetres: float) -> int:
        """A length on paper in dots."""
        return round(millimetres * self.dpi / 25.4)


class ProfileUnreadable(WrongUsage):
    """A profile file has a mistake, or a profile of that name does not exist."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__("profile_unreadable", name=name, detail=detail)


def read_profile(name: str, text: str) -> Profile:
    """The profile a TOML text describes. Raises ProfileUnreadable."""
    try:
        profile = msgspec.convert(tomllib.loads(text), Profile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ProfileUnreadable(name, str(error)) from error
    if profile.width_mm > profile.paper_mm + EDGE_MM:
        detail = f"its head would be {profile.width_mm:.0f} mm wide, its paper {profile.paper_mm}"
        raise ProfileUnreadable(name, detail)
    if profile.columns * FONT_A_DOTS > profile.width_dots:
        detail = f"{profile.columns} letters of {FONT_A_DOTS} dots do not fit {profile.width_dots}"
        raise ProfileUnreadable(name, detail)
    return profile


@cache
def shipped_profiles() -> Mapping[str, Profile]:
    """The profiles that come with the product, by the names of their files."""
    folder = resources.files("resources") / "profiles"
    return {
        entry.name.removesuffix(".toml"): read_profile(entry.name, entry.read_text("utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def find_profile(name: str, venue_folder: Path | None = None) -> Profile:
    """A profile by name: the venue's own, a shipped one, or `escpos:MODEL`.

    Raises ProfileUnreadable.
    """
    if venue_folder is not None and (own := venue_folder / f"{name}.toml").is_file():
        return read_profile(own.name, own.read_text("utf-8"))
    if name.startswith(LIBRARY_MODEL):
        from printing.escpos_models import profile_of_model

        return profile_of_model(name.removeprefix(LIBRARY_MODEL))
    try:
        return shipped_profiles()[name]
    except KeyError:
        raise ProfileUnreadable(name, "there is no profile of this name") from None
