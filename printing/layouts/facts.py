"""What a paper has to say whatever its layout: its facts, by the sentence key of their names."""

from collections.abc import Iterable
from functools import singledispatch

from printing.documents import (
    AccountStatement,
    Document,
    DrawerSlip,
    GiftVoucher,
    IssuedVoucher,
    Receipt,
    ShiftReport,
    TestPage,
    Ticket,
)
from printing.layouts.wording import Wording
from vouchers.tax import TaxLine

Facts = dict[str, list[str]]
"""Each fact with the texts that tell it."""


def missing_facts(document: Document, words: Wording, said: str) -> list[str]:
    """The names of the facts of `document` that `said`, all that can be read on paper, lacks.

    Only the words of a text are looked for: paper breaks lines and puts figures between them.
    """
    there = "".join(said.split())
    return [
        name
        for name, texts in facts(document, words).items()
        if not all(word in there for text in texts for word in text.split())
    ]


@singledispatch
def facts(document: Document, _words: Wording) -> Facts:
    """The facts of a document, in the words of paper."""
    raise TypeError(document)


@facts.register
def _(receipt: Receipt, words: Wording) -> Facts:
    paid = [words.figure(tender.amount) for tender in receipt.tenders]
    redeemed = [
        text
        for each in receipt.redeemed
        for text in (each.last4, words.figure(each.amount), words.figure(each.balance))
    ]
    return {
        "fact_number": [receipt.number],
        "fact_moment": [words.moment(receipt.at)],
        "fact_lines": [
            text
            for line in receipt.lines
            for text in (line.title, words.figure(line.listed), str(line.quantity))
        ],
        "fact_total": [words.figure(receipt.total)],
        "fact_tenders": paid + redeemed,
        "fact_vat": _vat(receipt.taxes, words),
        "fact_copy": [words.word("paper_copy")] if receipt.copy else [],
        **_issued(receipt.vouchers, words),
    }


@facts.register
def _(gift: GiftVoucher, words: Wording) -> Facts:
    return _issued([gift.voucher], words)


@facts.register
def _(ticket: Ticket, words: Wording) -> Facts:
    return {
        "fact_purpose": [ticket.title],
        "fact_number": [ticket.receipt],
        "fact_admission": [words.moment(ticket.starts_at)] if ticket.starts_at else [],
        "fact_expiry": [words.day(ticket.valid_until)] if ticket.valid_until else [],
    }


@facts.register
def _(report: ShiftReport, words: Wording) -> Facts:
    cash = [each for each in (report.cash_expected, report.cash_counted) if each is not None]
    return {
        "fact_number": [report.number],
        "fact_moment": [words.moment(report.at)],
        "fact_figures": [
            text
            for section in report.sections.values()
            for figure in section
            for text in (figure.title, words.figure(figure.amount))
        ],
        "fact_vat": _vat(report.taxes, words),
        "fact_cash": [words.figure(amount) for amount in cash],
        "fact_copy": [words.word("paper_copy")] if report.copy else [],
    }


@facts.register
def _(statement: AccountStatement, words: Wording) -> Facts:
    return {
        "fact_last4": [statement.last4],
        "fact_entries": [words.figure(entry.amount) for entry in statement.entries],
        "fact_balance": [words.figure(statement.balance)],
    }


@facts.register
def _(slip: DrawerSlip, words: Wording) -> Facts:
    return {
        "fact_moment": [words.moment(slip.at)],
        "fact_cashier": [slip.cashier],
        "fact_reason": [slip.reason],
    }


@facts.register
def _(_page: TestPage, _words: Wording) -> Facts:
    return {}


def _vat(taxes: Iterable[TaxLine], words: Wording) -> list[str]:
    return [text for tax in taxes for text in (words.percent(tax.rate_bp), words.figure(tax.tax))]


def _issued(vouchers: list[IssuedVoucher], words: Wording) -> Facts:
    """A voucher that is only named, without its code, needs no more than its last signs."""
    ends = [voucher.expires_on for voucher in vouchers if voucher.expires_on]
    return {
        "fact_value": [words.figure(voucher.balance) for voucher in vouchers],
        "fact_expiry": [words.day(day) for day in ends],
        "fact_last4": [voucher.last4 for voucher in vouchers if not voucher.code],
    }
