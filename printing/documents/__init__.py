"""Documents: plain values that say what goes on paper, and nothing about how.

They travel as JSON, because the spool keeps them. Codes in clear stand only in the fields `code`
and `proof`, so that `without_codes` can erase them.
"""

from uuid import UUID

import msgspec

from printing.documents.receipt import (
    IssuedVoucher,
    Receipt,
    ReceiptLine,
    RedeemedVoucher,
    TenderLine,
)
from printing.documents.reports import (
    AccountStatement,
    DrawerSlip,
    Figure,
    ShiftReport,
    StatementEntry,
    TestPage,
)
from printing.documents.tickets import GiftVoucher, Ticket
from vouchers.errors import OperatingError
from vouchers.reading import UNREADABLE

__all__ = [
    "AccountStatement",
    "Document",
    "DocumentUnreadable",
    "DrawerSlip",
    "Figure",
    "GiftVoucher",
    "IssuedVoucher",
    "Receipt",
    "ReceiptLine",
    "RedeemedVoucher",
    "ShiftReport",
    "StatementEntry",
    "TenderLine",
    "TestPage",
    "Ticket",
    "copy_of",
    "decode",
    "encode",
    "kind_of",
    "voucher_ids",
    "vouchers_on",
    "without_codes",
]

Document = Receipt | GiftVoucher | Ticket | ShiftReport | AccountStatement | DrawerSlip | TestPage

_DECODER = msgspec.json.Decoder(Document)


class DocumentUnreadable(OperatingError):
    """A kept document does not read back: it was damaged, or comes from a newer version."""

    def __init__(self, detail: str) -> None:
        super().__init__("document_unreadable", detail=detail)


def encode(document: Document) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document)


def decode(data: bytes) -> Document:
    """The document back from `encode`. Raises DocumentUnreadable."""
    try:
        document: Document = _DECODER.decode(data)
    except UNREADABLE as error:
        raise DocumentUnreadable(str(error)) from error
    return document


def kind_of(document: Document) -> str:
    """The kind a layout and a printer are chosen by: `receipt`, `voucher`, `ticket`, `pass`, ..."""
    if isinstance(document, Ticket):
        return document.kind
    return str(document.__struct_config__.tag)


def vouchers_on(document: Document) -> list[IssuedVoucher]:
    """The vouchers this document hands to the visitor."""
    match document:
        case Receipt():
            return list(document.vouchers)
        case GiftVoucher():
            return [document.voucher]
        case _:
            return []


def voucher_ids(document: Document) -> list[UUID]:
    """The ids of those vouchers whose codes stand on it in clear."""
    return [voucher.voucher_id for voucher in vouchers_on(document) if voucher.code]


def copy_of(document: Document) -> Document:
    """A reprint: marked as one where it is a receipt or a report, and without any code."""
    bare = without_codes(document)
    if isinstance(bare, Receipt | ShiftReport):
        return msgspec.structs.replace(bare, copy=True)
    return bare


def without_codes(document: Document) -> Document:
    """The same document with every code in clear erased."""
    replace = msgspec.structs.replace
    match document:
        case Receipt():
            blank = [replace(voucher, code="", proof="") for voucher in document.vouchers]
            return replace(document, vouchers=blank)
        case GiftVoucher():
            return replace(document, voucher=replace(document.voucher, code="", proof=""))
        case Ticket():
            return replace(document, code="")
        case _:
            return document
