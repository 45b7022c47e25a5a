"""Every key the card code raises has a sentence in each language, with the gaps it is given."""

import re
import string
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "de")
_KEY = re.compile(r'"(cards?_[a-z_]+)"')


def sentences(language: str) -> dict[str, str]:
    path = ROOT / "resources" / "translations" / language / "cards.toml"
    return tomllib.loads(path.read_text("utf-8"))


def keys_in_code() -> set[str]:
    code = (path.read_text("utf-8") for path in (ROOT / "cardreader").rglob("*.py"))
    return {key for text in code for key in _KEY.findall(text)}


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_its_sentence(language: str) -> None:
    assert keys_in_code() <= set(sentences(language))


def test_languages_say_the_same() -> None:
    english, german = (sentences(language) for language in LANGUAGES)
    assert {k: gaps(v) for k, v in english.items()} == {k: gaps(v) for k, v in german.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_shouted_at(language: str) -> None:
    assert not [key for key, text in sentences(language).items() if "!" in text]
