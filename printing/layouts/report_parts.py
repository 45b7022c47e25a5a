"""The parts of reports, statements and slips as blocks."""

from collections.abc import Iterator
from functools import singledispatch

from printing.blocks import BOLD, SMALL, Align, Block, Columns, Rule, Style, Text
from printing.documents import (
    AccountStatement,
    Document,
    DrawerSlip,
    GiftVoucher,
    Receipt,
    ShiftReport,
    TestPage,
    Ticket,
)
from printing.layouts import receipt_parts
from printing.layouts.wording import Wording

TITLE = Style(bold=True, tall=True)


@singledispatch
def head(document: Document, _words: Wording) -> Iterator[Block]:
    """What this paper is, when it was made and by whom."""
    raise TypeError(document)


@head.register
def _(document: Receipt, words: Wording) -> Iterator[Block]:
    yield from receipt_parts.head(document, words)


@head.register
def _(document: GiftVoucher, words: Wording) -> Iterator[Block]:
    receipt = f"{words.word('paper_receipt')} {document.receipt}"
    yield Columns(receipt, words.moment(document.at))


@head.register
def _(document: ShiftReport, words: Wording) -> Iterator[Block]:
    kind = "outside" if document.outside else document.kind
    yield Text(words.word(f"paper_report_{kind}"), TITLE)
    opened, at = words.moment(document.opened_at), words.moment(document.at)
    yield Columns(document.number, document.till)
    yield Text(words.word("paper_from_until", start=opened, end=at))
    yield Text(f"{words.word('paper_cashier')} {document.cashier}")


@head.register
def _(document: AccountStatement, words: Wording) -> Iterator[Block]:
    yield Text(words.word("paper_statement"), TITLE)
    yield Columns(f"{document.title} ..{document.last4}", words.moment(document.at))


@head.register
def _(document: DrawerSlip, words: Wording) -> Iterator[Block]:
    yield Text(words.word("paper_drawer_opened"), TITLE)
    yield Columns(words.moment(document.at), document.till)
    yield Columns(words.word("paper_cashier"), document.cashier)
    yield Columns(words.word("paper_reason"), document.reason)
    if document.amount:
        yield Columns("", words.amount(document.amount), BOLD)


@head.register
def _(document: TestPage, words: Wording) -> Iterator[Block]:
    yield Text(words.word("paper_test_page"), TITLE, Align.CENTER)
    yield Columns(document.printer, words.moment(document.at))
    yield Text(words.word("paper_test_signs"))
    yield Text(words.word("paper_test_width"), SMALL)


@head.register
def _(document: Ticket, words: Wording) -> Iterator[Block]:
    yield Text(words.word(f"paper_{document.kind}"), align=Align.CENTER)
    yield Text(document.title, TITLE, Align.CENTER)
    rows = {
        "paper_holder": document.holder,
        "paper_admission": words.moment(document.starts_at) if document.starts_at else "",
        "paper_place": document.place,
        "paper_valid_until": words.day(document.valid_until) if document.valid_until else "",
        "paper_price": document.price,
        "paper_receipt": document.receipt,
    }
    for key, text in rows.items():
        if text:
            yield Columns(words.word(key), text)


def figures(report: ShiftReport, words: Wording) -> Iterator[Block]:
    """The sums of a shift, by section, and what the drawer should hold; before them, what no sum
    has."""
    if report.unreadable:
        yield Text(words.word("paper_unreadable", receipts=", ".join(report.unreadable)), BOLD)
    for title, section in report.sections.items():
        yield Rule()
        yield Text(title, BOLD)
        for figure in section:
            counted = figure.title if figure.count is None else f"{figure.count} x {figure.title}"
            yield Columns(counted, words.figure(figure.amount))
    if report.cash_expected is not None:
        yield Rule()
        yield Columns(words.word("paper_cash_expected"), words.amount(report.cash_expected), BOLD)
    if report.cash_expected is not None and report.cash_counted is not None:
        difference = report.cash_counted - report.cash_expected
        yield Columns(words.word("paper_cash_counted"), words.amount(report.cash_counted))
        yield Columns(words.word("paper_cash_difference"), words.amount(difference), BOLD)


def entries(statement: AccountStatement, words: Wording) -> Iterator[Block]:
    """The movements of an account and its balance."""
    for entry in statement.entries:
        yield Columns(f"{words.moment(entry.at)} {entry.title}", words.figure(entry.amount))
        yield Columns("", words.word("paper_left", balance=words.figure(entry.balance)), SMALL)
    yield Rule()
    yield Columns(words.word("paper_balance"), words.amount(statement.balance), TITLE)
