"""The parts of a receipt as blocks."""

from collections.abc import Iterator

from printing.blocks import BOLD, HEADLINE, SMALL, Align, Block, Columns, Rule, Style, Table, Text
from printing.documents import Receipt, ReceiptLine, ShiftReport
from printing.layouts.wording import Wording
from vouchers.catalogue import Venue

TOTAL = Style(bold=True, tall=True)


def venue(of: Venue, words: Wording, align: Align) -> Iterator[Block]:
    """Who sells: name, address, tax number."""
    yield Text(of.name, HEADLINE if len(of.name) <= 20 else BOLD, align)
    yield Text("\n".join(of.address), align=align)
    if of.tax_number:
        yield Text(f"{words.word('paper_tax_number')} {of.tax_number}", align=align)


def footer(of: Venue, language: str, style: Style, align: Align) -> Iterator[Block]:
    """The venue's closing words in the language of the document, else in its own."""
    lines = of.footer.get(language) or of.footer.get(of.language) or []
    if lines:
        yield Text("\n".join(lines), style, align)


def head(receipt: Receipt, words: Wording) -> Iterator[Block]:
    """Number, moment, till and cashier."""
    yield Columns(f"{words.word('paper_receipt')} {receipt.number}", words.moment(receipt.at))
    yield Columns(receipt.till, f"{words.word('paper_cashier')} {receipt.cashier}")


def lines(receipt: Receipt, words: Wording) -> Iterator[Block]:
    """What was sold, each with its price before any discount, and the discount below it.

    Where there are several, the price of one as well.
    """
    for line in receipt.lines:
        yield Columns(_titled(line), words.figure(line.listed))
        if line.quantity != 1:
            yield Text(f"   {line.quantity} x {words.figure(line.unit)}")
        if line.discount:
            yield Columns(f"   {line.discount_title}", words.figure(-line.discount))


def _titled(line: ReceiptLine) -> str:
    return line.title if line.quantity == 1 else f"{line.quantity} {line.title}"


def total(receipt: Receipt, words: Wording) -> Iterator[Block]:
    """What it comes to."""
    yield Columns(words.word("paper_total"), words.amount(receipt.total), TOTAL)


def tenders(receipt: Receipt, words: Wording) -> Iterator[Block]:
    """How it was paid: vouchers with what is left on them, then money, then the change."""
    for redeemed in receipt.redeemed:
        title = words.word("paper_redeemed", title=redeemed.title, last4=redeemed.last4)
        yield Columns(title, words.figure(-redeemed.amount))
        if redeemed.taxed_before:
            yield Text("   " + words.word("paper_taxed_before"), SMALL)
        if redeemed.balance or not redeemed.taxed_before:
            left = words.word("paper_left", balance=words.amount(redeemed.balance))
            yield Text(f"   {left}", BOLD)
    for tender in receipt.tenders:
        key = f"paper_tender_{tender.kind}"
        title = words.word(key)
        yield Columns(tender.kind if title == key else title, words.figure(tender.amount))
    if receipt.change:
        yield Columns(words.word("paper_change"), words.figure(receipt.change))


def vat(document: Receipt | ShiftReport, words: Wording) -> Iterator[Block]:
    """The VAT contained, by rate."""
    if not document.taxes:
        return
    titles = ("paper_vat", "paper_net", "paper_vat", "paper_gross")
    yield Rule()
    yield Table(tuple(words.word(key) for key in titles), SMALL)
    for tax in document.taxes:
        figures = (words.figure(tax.net), words.figure(tax.tax), words.figure(tax.gross))
        yield Table((words.percent(tax.rate_bp), *figures), SMALL)
