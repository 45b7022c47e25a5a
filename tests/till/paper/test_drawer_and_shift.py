"""The cash drawer and the reports of a shift."""

import sqlite3
from contextlib import closing
from typing import Any

from printing.virtual import VirtualPrinter
from tests.till.paper.conftest import REFUSED, WORLD_FAILED, TillAtHand


def audited(till: TillAtHand, action: str) -> list[str]:
    with closing(sqlite3.connect(till.data / "till.sqlite")) as database:
        rows = database.execute("SELECT subject FROM audit WHERE action = ? ORDER BY seq", [action])
        return [row[0] for row in rows]


def test_the_drawer_opens_with_a_reason_that_is_kept(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    assert till("drawer", "state")["open"] is False
    assert till("drawer", "open", "--reason", "change for the café")["opened"]
    assert "change for the café" in printer.documents[0].text
    assert till("drawer", "state")["open"] is True
    assert audited(till, "drawer")[-1] == "change for the café"
    assert till("drawer", "open", "--reason", " ", exits=REFUSED)["refused"] == "not_allowed"


def test_a_drawer_that_could_not_be_opened_does_not_open_later(
    till: TillAtHand, printer: VirtualPrinter
) -> None:
    printer.script(cover_open=True)
    till("drawer", "open", "--reason", "change", exits=WORLD_FAILED)
    printer.mend()
    assert till("paper", "list")["papers"] == []
    assert not printer.faults.drawer_open
    assert printer.documents == []


def test_a_cash_sale_opens_the_drawer(till: TillAtHand, printer: VirtualPrinter) -> None:
    sold = till("sell", "--value", "20.00", "--tender", "cash:50")
    assert printer.faults.drawer_open
    assert audited(till, "drawer")[-1] == sold["receipt"]


def test_a_sale_by_card_leaves_it_shut(till: TillAtHand, printer: VirtualPrinter) -> None:
    till.sell()
    assert not printer.faults.drawer_open


def test_a_shift_from_its_float_to_its_z_report(till: TillAtHand, printer: VirtualPrinter) -> None:
    assert till("shift", "report", exits=REFUSED)["refused"] == "no_shift"
    assert till("shift", "report", "--z", exits=REFUSED)["refused"] == "unknown"
    numbers = [one_shift(till, printer)["z_number"] for _ in range(3)]
    assert numbers == [1, 2, 3]
    till("shift", "report", "--z", "2")
    copy = printer.documents[-1].text
    assert "A-Z00002" in copy and "KOPIE" in copy


def one_shift(till: TillAtHand, printer: VirtualPrinter) -> Any:
    till("shift", "open", "100.00")
    till("sell", "--value", "20.00", "--tender", "cash:50")
    till("sell", "--product", "mug", "--tender", "card")
    assert till("shift", "report")["expected"]["amount"] == 12000
    assert "X-Bericht" in printer.documents[-1].text
    closed = till("shift", "close", "119.50")
    assert closed["difference"]["amount"] == -50
    paper = printer.documents[-1].text
    assert f"A-Z{closed['z_number']:05}" in paper
    for said in ("32,90", "119,50 EUR", "-0,50 EUR", "20,00", "12,90"):
        assert said in paper, said
    return closed
