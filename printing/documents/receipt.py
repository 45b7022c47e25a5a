"""The receipt: what was sold and redeemed, how it was paid, and the vouchers handed out with it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from vouchers.catalogue import Venue
from vouchers.money import Money
from vouchers.tax import TaxLine

LocalTime = Annotated[datetime, Meta(tz=True)]
"""A moment in the venue's own time zone: paper shows it as it stands."""


class ReceiptLine(Struct, frozen=True, kw_only=True):
    """One position: `total` is what `quantity` of them cost after all discounts.

    `discount` was taken off all of them together, for the reason named `discount_title`.
    """

    quantity: int
    title: str
    unit: Money
    total: Money
    discount: Money | None = None
    discount_title: str = ""

    @property
    def listed(self) -> Money:
        """What they cost before the discount."""
        return self.total + self.discount if self.discount else self.total


class RedeemedVoucher(Struct, frozen=True, kw_only=True):
    """A voucher that paid `amount` of this receipt and has `balance` left.

    The VAT on what it paid for was `taxed_before`, when the voucher was sold.
    """

    title: str
    last4: str
    amount: Money
    balance: Money
    taxed_before: bool = False


class TenderLine(Struct, frozen=True, kw_only=True):
    """Money taken. `kind` is `cash` or `card`; any other text is printed as it is."""

    kind: str
    amount: Money


class IssuedVoucher(Struct, frozen=True, kw_only=True):
    """A voucher handed out on paper.

    `code` (grouped, as printed) and `proof` (the signed QR text) are money in clear: the only
    fields of a receipt that the spool erases. Without them the voucher is named by `last4`, and
    `carrier` says where its value is: in the code on this receipt, in one on a sheet of its own,
    or loaded onto a card or what the card opens, which needs no code.
    """

    voucher_id: UUID
    title: str
    value: Money
    balance: Money
    last4: str
    expires_on: date | None = None
    carrier: Literal["receipt", "sheet", "card"] = "receipt"
    code: str = ""
    proof: str = ""

    def __repr__(self) -> str:
        return f"IssuedVoucher(…{self.last4}, {self.value})"


class Receipt(Struct, frozen=True, kw_only=True, tag="receipt"):
    """A receipt. `total` is what the lines come to, `change` what the visitor got back in cash.

    `copy` marks a reprint; it is printed as one and should carry no codes.
    """

    venue: Venue
    language: str
    number: str
    at: LocalTime
    till: str
    cashier: str
    total: Money
    change: Money
    lines: list[ReceiptLine]
    tenders: list[TenderLine]
    taxes: list[TaxLine] = []
    redeemed: list[RedeemedVoucher] = []
    vouchers: list[IssuedVoucher] = []
    copy: bool = False
