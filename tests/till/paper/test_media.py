"""On what a voucher reaches the visitor: the receipt, a blank of its own, an e-mail."""

import pytest

from printing.virtual import Model, VirtualPrinter
from tests.till.paper.conftest import REFUSED, USAGE, WORLD_FAILED, TillAtHand


def test_a_voucher_on_a_blank_stands_on_its_own_paper_only(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    with VirtualPrinter(Model(width_dots=576)) as blanks:
        till.use("voucher", blanks, "--profile", "epson-tm-t20iii")
        sold = till.sell("--value", "40.00", "--medium", "blank")
    code = sold["vouchers"][0]["code"]
    assert (sold["printed"], sold["papers"]) == (True, [])
    assert [code in page.text for page in printer.documents] == [False]
    assert [code in page.text for page in blanks.documents] == [True]
    assert till.codes_in_clear([code]) == []


def test_the_product_says_which_medium_unless_the_cashier_does(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    pass_voucher = ("--product", "voucher-annual-pass")
    on_blank = till.sell(*pass_voucher)["vouchers"][0]["code"]
    assert [on_blank in page.text for page in printer.documents] == [False, True]
    on_receipt = till.sell(*pass_voucher, "--medium", "receipt")["vouchers"][0]["code"]
    assert [on_receipt in page.text for page in printer.documents] == [False, False, True]


def test_tickets_and_passes_are_printed_where_they_have_a_printer(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    till.sell("--product", "annual-pass")
    assert len(printer.documents) == 1
    with VirtualPrinter() as passes:
        till.use("pass", passes)
        till.sell("--product", "annual-pass")
    assert "Jahreskarte" in passes.documents[0].text
    assert "45,00 EUR" in passes.documents[0].text


def test_what_waits_for_a_broken_printer_can_go_to_another(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    printer.script(cover_open=True)
    sold = till.sell(exits=WORLD_FAILED)
    (paper,) = sold["papers"]
    assert (paper["state"], paper["kind"]) == ("intent", "receipt")
    with VirtualPrinter() as spare:
        till.use("voucher", spare)
        assert till("paper", "give", paper["job"], "voucher")["papers"] == []
    assert sold["vouchers"][0]["code"] in spare.documents[0].text
    assert printer.documents == []
    assert till("paper", "give", paper["job"], "voucher", exits=REFUSED)["message"]
    assert till("paper", "give", paper["job"], "nowhere", exits=REFUSED)


@pytest.mark.parametrize("number", ["A-999999", "rubbish"])
def test_a_receipt_is_reprinted_as_a_marked_copy_without_codes(
    till: TillAtHand, printer: VirtualPrinter, number: str
) -> None:
    sold = till.sell()
    assert till("reprint", sold["receipt"])["papers"] == []
    original, copy = printer.documents
    code = sold["vouchers"][0]["code"]
    assert code in original.text and code not in copy.text
    assert "KOPIE" in copy.text and sold["receipt"] in copy.text
    assert till("reprint", number, exits=REFUSED)["refused"] == "unknown"


def test_a_till_whose_printer_is_gone_says_what_to_do(till: TillAtHand) -> None:
    assert till("reprint", "A-000001", exits=REFUSED)["message"]
    assert till("printer", "set", "receipt", "rubbish", exits=USAGE)["failed"]
    wrong = ("tcp://127.0.0.1", "--layout", "no-such.toml")
    assert till("printer", "set", "voucher", *wrong, exits=USAGE)["failed"]
