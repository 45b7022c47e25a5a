"""The tokens keep what they promise to the eye."""

from dataclasses import fields

import pytest
from PySide6.QtGui import QFontInfo, QFontMetrics

from resources.texts import LANGUAGES, sentences
from till.ui.style import fonts, icons
from till.ui.style.theme import style_sheet
from till.ui.style.tokens import (
    CONTRAST_AMOUNT,
    CONTRAST_TEXT,
    THEMES,
    TOUCH_MIN,
    Tokens,
    contrast,
)

BOTH = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
MEANINGS = ("accepted", "attention", "refused")


@BOTH
def test_text_stands_out_from_every_ground(theme: Tokens) -> None:
    pairs = [(text, ground) for text in ("ink", "ink_soft") for ground in _grounds()]
    pairs += [(meaning, f"{meaning}_soft") for meaning in MEANINGS]
    pairs += [("accent", "accent_soft"), ("on_off", "off"), ("on_off", "sunken")]
    weak = [pair for pair in pairs if _ratio(theme, pair) < CONTRAST_TEXT]
    assert not weak


@BOTH
def test_amounts_stand_out_more(theme: Tokens) -> None:
    grounds = (*_grounds(), *(f"{meaning}_soft" for meaning in MEANINGS), "accent_soft")
    pairs = [("ink", ground) for ground in grounds]
    pairs += [("on_accent", "accent"), ("accepted", "surface"), ("accepted", "sunken")]
    pairs += [("attention", "attention_soft")]
    weak = [pair for pair in pairs if _ratio(theme, pair) < CONTRAST_AMOUNT]
    assert not weak


@BOTH
def test_the_style_sheet_uses_tokens_only(theme: Tokens) -> None:
    sheet = style_sheet(theme)
    known = {getattr(theme, field.name).upper() for field in fields(theme)}
    used = {word.strip(";,").upper() for word in sheet.split() if word.startswith("#")}
    assert used <= known
    assert f"min-height: {TOUCH_MIN}px" in sheet


def test_figures_of_the_bundled_inter_have_one_width(dressed: None) -> None:
    font = fonts.load()
    assert QFontInfo(font).family() == fonts.FAMILY
    metrics = QFontMetrics(font)
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_an_icon_takes_the_colour_it_is_given(dressed: None) -> None:
    drawn = icons.pixmap("check", "#FF0000", 24).toImage()
    colours = {drawn.pixelColor(x, y).name() for x in range(24) for y in range(24)}
    assert "#ff0000" in colours


def test_the_window_speaks_every_language_completely() -> None:
    keys = {language: set(sentences(language)) for language in LANGUAGES}
    assert keys["en"] == keys["de"]


def _grounds() -> tuple[str, ...]:
    return ("canvas", "surface", "sunken", "pressed")


def _ratio(theme: Tokens, pair: tuple[str, str]) -> float:
    return contrast(getattr(theme, pair[0]), getattr(theme, pair[1]))
