"""The words, amounts and dates of paper, in the language of the document."""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources

from printing.text import printable
from vouchers.money import Money, minor_digits

FALLBACK = "en"


class Wording:
    """What one language calls things on paper, and how it writes figures."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = _words(language)
        self._spare = _words(FALLBACK)

    def word(self, key: str, **gaps: str) -> str:
        """The words for `key`, in English where the language lacks them, else the key itself."""
        sentence = self._words.get(key) or self._spare.get(key) or key
        return sentence.format(**gaps) if gaps else sentence

    def figure(self, amount: Money) -> str:
        """An amount without its currency: 1.234,50."""
        from babel.numbers import format_decimal

        digits = minor_digits(amount.currency)
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return printable(format_decimal(amount.decimal, pattern, self._locale))

    def amount(self, amount: Money) -> str:
        """An amount with its currency: 1.234,50 EUR."""
        return f"{self.figure(amount)} {amount.currency}"

    def percent(self, rate_bp: int) -> str:
        """A rate in hundredths of a percent: 7 %, 5,5 %."""
        from babel.numbers import format_decimal

        return f"{printable(format_decimal(Decimal(rate_bp) / 100, '0.##', self._locale))} %"

    def day(self, day: date) -> str:
        """A day, written out of doubt: 22.11.2026, 22 Nov 2026."""
        from babel.dates import format_date

        return printable(format_date(day, "medium", self._locale))

    def moment(self, at: datetime) -> str:
        """A day and a time to the minute, in the time zone that `at` carries."""
        return f"{self.day(at.date())} {at:%H:%M}"

    @property
    def _locale(self) -> str:
        return self.language if self.language != FALLBACK else "en_GB"


@cache
def wording(language: str) -> Wording:
    """The wording of a language; unknown ones are written as in English."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Wording(FALLBACK)
    return Wording(language)


@cache
def _words(language: str) -> dict[str, str]:
    file = resources.files("resources") / "translations" / language / "printing.toml"
    if not file.is_file():
        return {}
    return {key: str(text) for key, text in tomllib.loads(file.read_text("utf-8")).items()}
