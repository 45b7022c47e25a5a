"""Profiles made from what python-escpos knows of a model: named `escpos:TM-T88III`.

Its table tells widths, fonts, code pages and knives, but not whether a model answers; only Epson's
are asked. A profile of our own (resources/profiles) knows more and is to be preferred.
"""

from typing import Any

from printing.library import library
from printing.profiles import (
    FONT_A_DOTS,
    FONT_B_DOTS,
    Completion,
    Profile,
    ProfileUnreadable,
)

COLUMNS_MIN = 16
"""A line of fewer letters is a mistake in the table (80-V-UL: 12 on 80 mm)."""

CODECS = {
    "CP858": "cp858",
    "CP1252": "cp1252",
    "ISO_8859-15": "iso8859-15",
    "CP850": "cp850",
    "CP437": "cp437",
}
"""The code pages we can use, the best first: those with a euro sign before those without."""

FEED_AND_CUT = "1d 56 42 00"
PULSE = "1b 70 00 19 fa"


def known_models() -> list[str]:
    """The models that can be named."""
    return sorted(name for name, data in _models().items() if not _obstacle(data))


def profile_of_model(name: str) -> Profile:
    """The profile of a model of python-escpos. Raises ProfileUnreadable."""
    data = _models().get(name)
    if data is None:
        raise ProfileUnreadable(name, "python-escpos knows no such model")
    if obstacle := _obstacle(data):
        raise ProfileUnreadable(name, obstacle)
    media, features = data["media"], data["features"]
    columns = int(data["fonts"]["0"]["columns"])
    width = media.get("width", {}).get("pixels", "Unknown")
    width_dots = int(width) if width != "Unknown" else columns * FONT_A_DOTS
    number, codec = _code_page(data["codePages"])
    fitting = width_dots // FONT_A_DOTS
    answers = data["vendor"] == "Epson"
    return Profile(
        name=data["name"],
        width_dots=width_dots,
        paper_mm=58 if width_dots <= 432 else 80,
        dpi=int(media["dpi"]) if str(media.get("dpi")).isdigit() else 203,
        columns=min(columns, fitting) if columns >= COLUMNS_MIN else fitting,
        columns_small=width_dots // FONT_B_DOTS if "1" in data["fonts"] else 0,
        code_page=codec,
        code_page_number=number,
        cut=FEED_AND_CUT if features["paperFullCut"] or features["paperPartCut"] else "",
        drawer=PULSE if features["pulseStandard"] else "",
        status=answers,
        completion=Completion.PAPER_STATUS if answers else Completion.NONE,
    )


def _models() -> dict[str, Any]:
    models: dict[str, Any] = library().capabilities.CAPABILITIES["profiles"]
    return models


def _obstacle(data: dict[str, Any]) -> str:
    """Why a model cannot be used; empty when it can."""
    if data["features"]["starCommands"]:
        return "it speaks Star's language, not ESC/POS"
    if not data["features"]["bitImageRaster"]:
        return "it prints no pictures, so no codes"
    if not set(data["codePages"].values()) & set(CODECS):
        return "it has no code page with Latin letters"
    return ""


def _code_page(pages: dict[str, str]) -> tuple[int, str]:
    by_name = {page: int(number) for number, page in reversed(pages.items())}
    best = next(page for page in CODECS if page in by_name)
    return by_name[best], CODECS[best]
