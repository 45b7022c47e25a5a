"""The test page, and what else a person does to see whether printing works."""

import pytest

from printing.documents import Receipt, copy_of
from printing.layouts import LayoutBook
from printing.printers import EscPosPrinter, Outcome
from printing.printers.check import print_test_page
from printing.printers.errors import CoverOpen, GivenUp
from printing.virtual import VirtualPrinter
from tests.printing.samples import CODE, printer_test_page, receipt


def test_a_test_page_is_read_back(
    paper: VirtualPrinter, printer: EscPosPrinter, layouts: LayoutBook
) -> None:
    result = print_test_page(printer, layouts, printer_test_page())
    assert result.outcome is Outcome.PRINTED
    assert "Testseite" in paper.documents[0].text


def test_a_printer_that_is_not_ready_says_why(
    paper: VirtualPrinter, printer: EscPosPrinter, layouts: LayoutBook
) -> None:
    paper.script(cover_open=True)
    with pytest.raises(CoverOpen):
        print_test_page(printer, layouts, printer_test_page())
    assert not printer.status().ready


def test_nobody_waits_for_ever_for_a_test_page(
    paper: VirtualPrinter, printer: EscPosPrinter, layouts: LayoutBook
) -> None:
    paper.script(paper_left_lines=2)
    result = print_test_page(printer, layouts, printer_test_page(), patience_s=0.2)
    assert result.outcome is Outcome.DOUBT
    assert isinstance(result.cause, GivenUp)


def test_a_copy_is_marked_and_bare() -> None:
    copy = copy_of(receipt())
    assert isinstance(copy, Receipt)
    assert copy.copy
    assert [voucher.code for voucher in copy.vouchers] == [""]
    assert CODE.last4 in repr(copy.vouchers[0])
    assert CODE.grouped not in repr(receipt().vouchers[0])
