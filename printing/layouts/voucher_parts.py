"""Vouchers and tickets on a strip of paper as blocks."""

from collections.abc import Iterator

from printing.blocks import BOLD, HEADLINE, Align, Block, Code128, Columns, Feed, Qr, Style, Text
from printing.documents import IssuedVoucher, Ticket
from printing.layouts.schema import Part, Symbol
from printing.layouts.wording import Wording

CODE = Style(bold=True, tall=True)
QR_MODULE_DOTS = 5
MARGIN = Feed(12)
TEST_CODE = "TEST0123456789"


def voucher(of: IssuedVoucher, words: Wording, part: Part) -> Iterator[Block]:
    """A voucher: what it is worth, its code to read and to scan, how long it is good for."""
    yield Text(of.title, HEADLINE if len(of.title) <= 16 else BOLD, Align.CENTER)
    value = "paper_loaded" if of.carrier == "card" else "paper_value"
    yield Columns(words.word(value), words.amount(of.value), BOLD)
    if of.balance != of.value:
        yield Columns(words.word("paper_balance"), words.amount(of.balance), BOLD)
    if of.expires_on:
        yield Columns(words.word("paper_valid_until"), words.day(of.expires_on))
    if of.code:
        yield MARGIN
        yield from symbol(of.proof or _bare(of.code), _bare(of.code), part)
        yield Text(of.code, CODE, Align.CENTER)
    else:
        yield Text(words.word(f"paper_without_code_{of.carrier}", last4=of.last4))


def ticket_symbol(of: Ticket, part: Part) -> Iterator[Block]:
    """What the entrance scans."""
    if of.code:
        yield from symbol(_bare(of.code), _bare(of.code), part)
        yield Text(of.code, CODE, Align.CENTER)


def test_symbol(part: Part) -> Iterator[Block]:
    """A code to try a scanner with; no voucher has it."""
    yield from symbol(TEST_CODE, TEST_CODE, part)


def symbol(qr: str, bars: str, part: Part) -> Iterator[Block]:
    """The code for scanners: QR unless the layout says otherwise."""
    wanted = part.symbol or Symbol.QR
    if wanted is not Symbol.CODE128:
        yield Qr(qr, part.module_dots or QR_MODULE_DOTS)
    if wanted is not Symbol.QR:
        yield Code128(bars)
        yield MARGIN


def _bare(code: str) -> str:
    """Hyphens change on foreign keyboard layouts: scanners get the code without them."""
    return code.replace("-", "")
