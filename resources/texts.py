"""Sentences in the user's language, from translations/<language>/*.toml."""

import logging
import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from vouchers.catalogue import LANGUAGES, zone_named
from vouchers.errors import Listed, OperatingError, Sentence
from vouchers.money import Money, minor_digits

__all__ = ["LANGUAGES", "Texts", "sentences"]

log = logging.getLogger(__name__)


@cache
def sentences(language: str) -> dict[str, str]:
    """All sentences of a language by key. Keys are unique over all its files."""
    folder = files("resources") / "translations" / language
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        found |= tomllib.loads(file.read_text("utf-8"))
    return found


class Texts:
    """Says things in one language; times are shown in the venue's `timezone`."""

    def __init__(self, language: str, timezone: str = "UTC") -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._zone = zone_named(timezone)

    def say(self, key: str, **details: object) -> str:
        """The sentence `key` with its gaps filled. Raises KeyError for an unknown key or gap."""
        gaps = {name: self.show(value) for name, value in details.items()}
        if name := gaps.get("printer"):  # a till calls its printers by what they print
            gaps["printer"] = sentences(self.language).get(f"printer_for_{name}", name)
        return sentences(self.language)[key].format_map(gaps)

    def word(self, prefix: str, word: str) -> str:
        """The name of a word of a closed list; one that only newer programs know is itself."""
        return sentences(self.language).get(f"{prefix}_{word}", word)

    def explain(self, error: OperatingError) -> str:
        """What an error means to the user.

        A server may refuse for a reason without telling what its sentence wants to say.
        """
        try:
            return self.say(error.key, **error.details)
        except KeyError:
            log.exception("no words for %s", error)
            return self.say("no_words")

    def show(self, value: object) -> str:
        """Any value as a person of this language reads it."""
        from babel.dates import format_date, format_time, format_timedelta  # slow: after the window

        match value:
            case Sentence() | Listed():
                return self._words(value)
            case Money():
                return self.amount(value)
            case datetime():
                return format_time(value.astimezone(self._zone), "short", locale=self.language)
            case date():
                return format_date(value, "medium", locale=self.language)
            case timedelta():
                return format_timedelta(value, locale=self.language)
        return str(value)

    def _words(self, value: Sentence | Listed) -> str:
        """What is named by the keys of its sentences, and not shown as it is."""
        from babel.lists import format_list

        if isinstance(value, Sentence):
            return self.say(value.key, **value.gaps)
        return format_list([self.say(key) for key in value.keys], locale=self.language)

    def day(self, moment: datetime) -> str:
        """The calendar day of a moment at the venue."""
        return self.show(moment.astimezone(self._zone).date())

    def amount(self, money: Money) -> str:
        """An amount without its currency: 1.234,50."""
        from babel.numbers import format_decimal

        digits = minor_digits(money.currency)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(money.decimal, pattern, locale=self.language)

    def number(self, count: int) -> str:
        """A count with its thousands apart: 120.000."""
        from babel.numbers import format_decimal

        return format_decimal(count, "#,##0", locale=self.language)

    def with_currency(self, money: Money) -> str:
        """An amount with its currency: 1.234,50 EUR."""
        return f"{self.amount(money)} {money.currency}"
