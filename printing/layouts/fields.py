"""The gaps that texts of a layout may have, filled from a document."""

from functools import singledispatch
from string import Formatter

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

KNOWN = frozenset(
    (
        *("venue", "address", "tax_number", "number", "at", "till", "cashier", "total"),
        *("title", "value", "balance", "expires", "code", "last4", "giver", "recipient"),
        *("greeting", "stock_number", "holder", "place", "starts", "price", "reason", "amount"),
        *("opened", "printer"),
    )
)


def fields(document: Document, words: Wording) -> dict[str, str]:
    """Every gap that `document` can fill; the others of `KNOWN` are empty."""
    filled = dict.fromkeys(KNOWN, "")
    if not isinstance(document, TestPage):
        venue = document.venue
        filled.update(
            venue=venue.name, address="\n".join(venue.address), tax_number=venue.tax_number
        )
    filled["at"] = words.moment(document.at)
    filled.update(_own(document, words))
    return filled


@singledispatch
def _own(document: Document, _words: Wording) -> dict[str, str]:
    raise TypeError(document)


@_own.register
def _(doc: Receipt, words: Wording) -> dict[str, str]:
    return _made_by(doc) | {"number": doc.number, "total": words.amount(doc.total)}


@_own.register
def _(doc: GiftVoucher, words: Wording) -> dict[str, str]:
    people = {"giver": doc.giver, "recipient": doc.recipient, "greeting": doc.greeting}
    sheet = {"number": doc.receipt, "stock_number": doc.stock_number}
    return voucher_fields(doc.voucher, words) | people | sheet


@_own.register
def _(doc: ShiftReport, words: Wording) -> dict[str, str]:
    return _made_by(doc) | {"number": doc.number, "opened": words.moment(doc.opened_at)}


@_own.register
def _(doc: AccountStatement, words: Wording) -> dict[str, str]:
    account = {"title": doc.title, "last4": doc.last4, "balance": words.amount(doc.balance)}
    return _made_by(doc) | account


@_own.register
def _(doc: DrawerSlip, words: Wording) -> dict[str, str]:
    amount = words.amount(doc.amount) if doc.amount else ""
    return _made_by(doc) | {"reason": doc.reason, "amount": amount}


@_own.register
def _(doc: TestPage, _words: Wording) -> dict[str, str]:
    return {"till": doc.till, "printer": doc.printer}


@_own.register
def _(doc: Ticket, words: Wording) -> dict[str, str]:
    return {
        "number": doc.receipt,
        "title": doc.title,
        "code": doc.code,
        "last4": doc.last4,
        "holder": doc.holder,
        "place": doc.place,
        "starts": words.moment(doc.starts_at) if doc.starts_at else "",
        "expires": words.day(doc.valid_until) if doc.valid_until else "",
        "price": doc.price,
        "stock_number": doc.stock_number,
    }


def _made_by(doc: Receipt | ShiftReport | AccountStatement | DrawerSlip) -> dict[str, str]:
    return {"till": doc.till, "cashier": doc.cashier}


def voucher_fields(voucher: IssuedVoucher, words: Wording) -> dict[str, str]:
    """The gaps that a voucher fills."""
    return {
        "title": voucher.title,
        "value": words.amount(voucher.value),
        "balance": words.amount(voucher.balance),
        "expires": words.day(voucher.expires_on) if voucher.expires_on else "",
        "code": voucher.code,
        "last4": voucher.last4,
    }


def gaps_of(text: str) -> list[str]:
    """The names of the gaps in a text. Raises ValueError when a brace has no partner."""
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def fill(text: str, filled: dict[str, str]) -> str:
    """`text` with its gaps filled; empty when it has gaps and none of them is."""
    gaps = gaps_of(text)
    if gaps and not any(filled[gap] for gap in gaps):
        return ""
    return text.format_map(filled)
