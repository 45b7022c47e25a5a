"""Which papers a sale owes: its receipt, vouchers on blanks of their own, tickets and passes."""

from datetime import date
from typing import Literal

from msgspec.structs import replace

from printing.documents import Document, GiftVoucher, IssuedVoucher, Receipt, Ticket
from printing.layouts.wording import wording
from till.counter.basket import SaleLine
from till.counter.issuing import NewVoucher
from till.counter.sale import Sale
from till.store.settings import Identity
from vouchers.catalogue import ProductKind
from vouchers.voucher import Medium


def papers_of(
    sale: Sale, made: list[NewVoucher], receipt: Receipt, identity: Identity, today: date
) -> list[Document]:
    """The papers in the order in which they are printed; each code stands on one of them only.

    Tickets and passes are printed where a printer has been set up for that kind: elsewhere the
    receipt admits.
    """
    on_blank = {new.voucher.voucher_id for new in made if new.medium is Medium.BLANK}
    issued = receipt.vouchers
    bare = [_without_code(each) if each.voucher_id in on_blank else each for each in issued]
    own = [_gift(each, receipt) for each in issued if each.voucher_id in on_blank]
    tickets = [
        ticket
        for line in sale.lines
        for ticket in _tickets(line, receipt, today)
        if ticket.kind in identity.printers
    ]
    return [replace(receipt, vouchers=bare), *own, *tickets]


def _without_code(voucher: IssuedVoucher) -> IssuedVoucher:
    return replace(voucher, code="", proof="", carrier="sheet")


def _gift(voucher: IssuedVoucher, receipt: Receipt) -> GiftVoucher:
    return GiftVoucher(
        venue=receipt.venue,
        language=receipt.language,
        at=receipt.at,
        receipt=receipt.number,
        voucher=voucher,
    )


def _tickets(line: SaleLine, receipt: Receipt, today: date) -> list[Ticket]:
    """One for each that the line admits. What is valid for years is a pass, else it is a ticket."""
    if line.product.kind is not ProductKind.TICKET:
        return []
    until = line.product.expires_on(today)
    kind: Literal["ticket", "pass"] = "pass" if until else "ticket"
    return [
        Ticket(
            venue=receipt.venue,
            language=receipt.language,
            kind=kind,
            title=line.product.name(receipt.language),
            receipt=receipt.number,
            at=receipt.at,
            last4="",
            valid_until=until,
            price=wording(receipt.language).amount(price),
        )
        for price in line.prices
    ]
