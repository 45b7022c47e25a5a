"""The receipt of a sale, as a document for paper and for later."""

from datetime import datetime

from printing.documents import (
    IssuedVoucher,
    Receipt,
    ReceiptLine,
    RedeemedVoucher,
    TenderLine,
)
from till.counter.basket import SaleLine
from till.counter.issuing import NewVoucher
from till.counter.redeemed import Redeemed
from till.counter.sale import Sale
from vouchers import tax
from vouchers.catalogue import Venue
from vouchers.money import Money
from vouchers.voucher import Voucher


def make_receipt(
    sale: Sale,
    made: list[NewVoucher],
    *,
    venue: Venue,
    number: str,
    at: datetime,
    till: str,
    cashier: str,
) -> Receipt:
    """The receipt in the venue's language and time zone, with the new codes in clear."""
    return Receipt(
        venue=venue,
        language=venue.language,
        number=number,
        at=at.astimezone(venue.zone),
        till=till,
        cashier=cashier,
        total=sale.total,
        change=sale.change,
        lines=[_line(sale, line, venue.language) for line in sale.lines],
        tenders=[TenderLine(kind=t.kind.value, amount=t.amount) for t in sale.tenders],
        taxes=tax.summary(_taxed(sale)),
        redeemed=[_redeemed(sale, given) for given in sale.redeemed],
        vouchers=[issued(new) for new in made],
    )


def _taxed(sale: Sale) -> list[tuple[int, Money]]:
    """What VAT falls due on: that of a service voucher fell due when the voucher was sold."""
    bought = [line for line in sale.lines if line.redeemed_from is None]
    return [(line.product.tax_bp, line.total) for line in bought]


def _redeemed(sale: Sale, given: Redeemed) -> RedeemedVoucher:
    voucher = given.voucher
    yielded = [line for line in sale.lines if line.redeemed_from == voucher.voucher_id]
    return RedeemedVoucher(
        title=voucher.title,
        last4=voucher.last4,
        amount=sale.paid_by(given),
        balance=given.balance,
        taxed_before=any(line.product.tax_bp for line in yielded),
    )


def _line(sale: Sale, line: SaleLine, language: str) -> ReceiptLine:
    return ReceiptLine(
        quantity=line.quantity,
        title=line.product.name(language),
        unit=line.unit,
        total=line.total,
        discount=line.discount,
        discount_title=sale.campaign.name(language) if sale.campaign and line.discount else "",
    )


def issued(new: NewVoucher) -> IssuedVoucher:
    """A new voucher as it is printed, with its code in clear."""
    voucher = new.voucher
    return IssuedVoucher(
        voucher_id=voucher.voucher_id,
        title=voucher.title,
        value=voucher.value,
        balance=new.left,
        last4=voucher.last4,
        expires_on=voucher.expires_on,
        code=new.code.grouped,
        proof=new.proof,
    )


def loaded_card(account: Voucher, amount: Money, balance: Money) -> IssuedVoucher:
    """A card, or what it opens, that took `amount` and then has `balance`: it has no code."""
    return IssuedVoucher(
        voucher_id=account.voucher_id,
        title=account.title,
        value=amount,
        balance=balance,
        last4=account.last4,
        expires_on=account.expires_on,
        carrier="card",
    )
