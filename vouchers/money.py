"""Exact amounts. No float comes anywhere near them; a test forbids the very word."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Self

from msgspec import Meta, Struct, field

from vouchers.errors import Reason, Refused

MINOR_MAX = 99_999_999_99
"""The largest amount a person may enter: beyond it a typing error is certain."""

MINOR_BOUND = 2**53 - 1
"""What every JSON reader still counts exactly; nothing larger is taken from outside."""

MinorUnits = Annotated[int, Meta(ge=-MINOR_BOUND, le=MINOR_BOUND)]
CurrencyCode = Annotated[str, Meta(pattern="^[A-Z]{3}$")]

_AMOUNT = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,4})?")


@lru_cache(maxsize=64)
def minor_digits(currency: str) -> int:
    """Digits after the decimal mark: 2 for EUR, 0 for JPY (source: CLDR, by babel).

    Raises ValueError for what is no ISO 4217 code in use.
    """
    from babel.core import get_global
    from babel.numbers import get_currency_precision

    if currency not in get_global("all_currencies"):
        raise ValueError(f"{currency!r} is not an ISO 4217 currency")
    return get_currency_precision(currency)


class Money(Struct, frozen=True):
    """An exact amount: `minor` counts the smallest unit of `currency` (ISO 4217).

    In JSON it is {"amount": 1250, "currency": "EUR"}.
    """

    minor: MinorUnits = field(name="amount")
    currency: CurrencyCode

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in `currency`."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read what a person typed: "12.50", "12,5", "12". Raises Refused (amount).

        Signs, thousands separators and more decimals than the currency has are refused,
        never guessed at.
        """
        typed = text.strip()
        digits = minor_digits(currency)
        if not _AMOUNT.fullmatch(typed):
            raise Refused(Reason.AMOUNT, "amount_unreadable", typed=typed[:20])
        whole, _, decimals = typed.replace(",", ".").partition(".")
        if len(decimals) > digits:
            # "1.000" is one thousand to one person and one to the next.
            raise Refused(Reason.AMOUNT, "amount_unreadable", typed=typed[:20])
        minor = int(whole + decimals.ljust(digits, "0"))
        if minor > MINOR_MAX:
            raise Refused(Reason.AMOUNT, "amount_absurd", typed=typed[:20])
        return cls(minor, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.minor * quantity, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact, with all the decimals its currency has."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def split(self, parts: int) -> "list[Money]":
        """Shares that differ by at most one minor unit and sum to the whole."""
        share, left_over = divmod(self.minor, parts)
        return [Money(share + (i < left_over), self.currency) for i in range(parts)]

    def share(self, part: int, whole: int) -> "Money":
        """`part` of `whole` of it, neither below zero, rounded half away from zero."""
        rounded = (2 * abs(self.minor) * part + whole) // (2 * whole)
        return Money(rounded if self.minor >= 0 else -rounded, self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise Refused(
                Reason.CURRENCY, "currencies_mixed", have=other.currency, want=self.currency
            )
        return other.minor


def total(amounts: "list[Money]", currency: str) -> Money:
    """The sum of `amounts`, zero of `currency` when there are none."""
    return sum(amounts, Money.zero(currency))
