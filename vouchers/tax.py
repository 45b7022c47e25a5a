"""VAT as it stands on a receipt: contained in the price, rounded once per rate."""

from collections.abc import Iterable

from msgspec import Struct

from vouchers.money import Money

BASIS_POINTS = 10_000


class TaxLine(Struct, frozen=True):
    """The part of a receipt at one rate: `gross` = `net` + `tax`, to the cent."""

    rate_bp: int
    net: Money
    tax: Money
    gross: Money


def tax_in(gross: Money, rate_bp: int) -> Money:
    """The VAT contained in `gross` at `rate_bp` hundredths of a percent, half away from zero."""
    return gross.share(rate_bp, BASIS_POINTS + rate_bp)


def summary(amounts: Iterable[tuple[int, Money]]) -> list[TaxLine]:
    """One line per rate for (rate, gross) pairs, lowest rate first; lines without VAT stay out.

    Rounded per rate over the whole receipt, as German receipts do, not per line.
    """
    gross_by_rate: dict[int, Money] = {}
    for rate_bp, gross in amounts:
        if rate_bp:
            earlier = gross_by_rate.get(rate_bp, Money.zero(gross.currency))
            gross_by_rate[rate_bp] = earlier + gross
    lines = []
    for rate_bp, gross in sorted(gross_by_rate.items()):
        tax = tax_in(gross, rate_bp)
        lines.append(TaxLine(rate_bp, gross - tax, tax, gross))
    return lines
