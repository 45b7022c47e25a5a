"""What goes on its own piece of paper: vouchers as a gift, booked tickets, passes."""

from datetime import date
from typing import Literal

from msgspec import Struct

from printing.documents.receipt import IssuedVoucher, LocalTime
from vouchers.catalogue import Venue


class GiftVoucher(Struct, frozen=True, kw_only=True, tag="voucher"):
    """A voucher on a sheet of its own, or on a pre-printed blank, with a greeting.

    `layout` names the layout file it is meant for; empty: the usual one for its kind.
    """

    venue: Venue
    language: str
    at: LocalTime
    receipt: str
    voucher: IssuedVoucher
    giver: str = ""
    recipient: str = ""
    greeting: str = ""
    stock_number: str = ""
    layout: str = ""


class Ticket(Struct, frozen=True, kw_only=True, tag="ticket"):
    """A booked ticket or a pass; `code` is what the entrance scans.

    `layout` names the layout file it is meant for; empty: the usual one for its kind.
    """

    venue: Venue
    language: str
    kind: Literal["ticket", "pass"]
    title: str
    receipt: str
    at: LocalTime
    last4: str
    holder: str = ""
    place: str = ""
    starts_at: LocalTime | None = None
    valid_until: date | None = None
    price: str = ""
    code: str = ""
    stock_number: str = ""
    layout: str = ""

    def __repr__(self) -> str:
        return f"Ticket({self.title}, …{self.last4})"
