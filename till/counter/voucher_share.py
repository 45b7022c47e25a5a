"""What vouchers and cards may pay of a sale, before any is taken."""

from datetime import date

from till.counter.redeemed import first_to_end, paid_by_money
from till.counter.sale import Sale
from till.counter.tenders import tendered
from till.counter.yielding import with_yield, yielded
from vouchers.catalogue import Product
from vouchers.errors import Reason, Refused
from vouchers.money import Money, total
from vouchers.voucher import Voucher


def check_new(sale: Sale, voucher: Voucher) -> None:
    """Raise Refused (duplicate) when the voucher gives something to this sale already, and
    (tender) while a card is in doubt.
    """
    sale.check_free()
    if any(given.voucher.voucher_id == voucher.voucher_id for given in sale.redeemed):
        raise Refused(Reason.DUPLICATE, last4=voucher.last4)


def check_takes(sale: Sale, amount: Money) -> None:
    """Raise Refused (tender) unless a value voucher or a card may pay `amount` of the sale."""
    if sale.rest < amount:
        raise Refused(Reason.TENDER, "tender_voucher_too_much", over=amount - sale.rest)
    if sale.open_to_vouchers < amount:
        raise Refused(Reason.TENDER, "tender_voucher_for_voucher", open=sale.open_to_vouchers)


def share_of(sale: Sale, balance: Money) -> Money:
    """How much of a value voucher's `balance` the sale takes. Raises Refused (tender, currency)."""
    if balance.currency != sale.currency:
        raise Refused(Reason.CURRENCY, have=balance.currency, want=sale.currency)
    if not sale.rest:
        raise Refused(Reason.TENDER, "tender_nothing_due")
    if not sale.open_to_vouchers:
        check_takes(sale, sale.rest)
    return min(balance, sale.open_to_vouchers)


def yielding(sale: Sale, voucher: Voucher, product: Product) -> Sale:
    """The sale with one `product` for a service voucher that is about to be taken to pay for.

    It brings one where there is none. Raises Refused (tender) when other vouchers or money
    have paid for that already.
    """
    after = sale.with_lines(with_yield(sale.lines, voucher.voucher_id, product))
    price = yielded(after.lines, voucher.voucher_id, sale.currency)
    over = price + tendered(sale.tenders, sale.currency) - after.due
    if over.minor > 0:
        raise Refused(Reason.TENDER, "tender_voucher_too_much", over=over)
    return after


def sold_until(sale: Sale) -> date | None:
    """The last day of vouchers sold here that vouchers pay for; None where none do.

    No voucher outlives those it is bought with. Vouchers pay for everything else first.
    """
    others = [line.total for line in sale.lines if line.may_be_redeemed]
    if paid_by_money(sale.redeemed, sale.currency) <= total(others, sale.currency):
        return None
    return first_to_end(sale.redeemed)
