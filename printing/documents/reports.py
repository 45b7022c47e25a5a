"""What a shift and an account leave on paper, and the small slips."""

from typing import Literal

from msgspec import Struct

from printing.documents.receipt import LocalTime
from vouchers.catalogue import Venue
from vouchers.money import Money
from vouchers.tax import TaxLine


class Figure(Struct, frozen=True, kw_only=True):
    """A named sum of a report; `count` tells of how many."""

    title: str
    amount: Money
    count: int | None = None


class ShiftReport(Struct, frozen=True, kw_only=True, tag="shift_report"):
    """An X report (in between) or a Z report (closes the shift).

    `sections` are headed groups of figures in the order in which they are printed. `outside`: what
    was sold outside any shift. `unreadable`: receipts that are missing from all sums.
    """

    venue: Venue
    language: str
    kind: Literal["x", "z"]
    number: str
    at: LocalTime
    opened_at: LocalTime
    till: str
    cashier: str
    sections: dict[str, list[Figure]]
    taxes: list[TaxLine] = []
    cash_expected: Money | None = None
    cash_counted: Money | None = None
    outside: bool = False
    unreadable: list[str] = []
    copy: bool = False


class StatementEntry(Struct, frozen=True, kw_only=True):
    """One movement of an account, as the visitor may see it."""

    at: LocalTime
    title: str
    amount: Money
    balance: Money


class AccountStatement(Struct, frozen=True, kw_only=True, tag="statement"):
    """The movements of one voucher; it names the voucher by `last4` and never by its code."""

    venue: Venue
    language: str
    at: LocalTime
    till: str
    cashier: str
    title: str
    last4: str
    balance: Money
    entries: list[StatementEntry]


class DrawerSlip(Struct, frozen=True, kw_only=True, tag="drawer_slip"):
    """Why the drawer was opened and by whom. Printing it opens the drawer."""

    venue: Venue
    language: str
    at: LocalTime
    till: str
    cashier: str
    reason: str
    amount: Money | None = None


class TestPage(Struct, frozen=True, kw_only=True, tag="test_page"):
    """Shows what a printer can do: its width, its signs, a code to scan."""

    language: str
    at: LocalTime
    till: str
    printer: str
