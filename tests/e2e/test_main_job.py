"""The main job, with nothing faked: server process, two till processes, a printer on a port."""

import io
import json
import re
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image

from printing.virtual import VirtualPrinter
from tests.e2e.tills import CASHIER, DONE, SUPERVISOR, USAGE, WORLD_FAILED, TillProcess, sums
from tests.server_process import ServerProcess

NewTill = Callable[..., TillProcess]


def euros(minor: int) -> dict[str, object]:
    return {"amount": minor, "currency": "EUR"}


def test_sold_at_one_till_redeemed_at_another_and_everybody_agrees(
    server: ServerProcess, printer: VirtualPrinter, new_till: NewTill
) -> None:
    a = new_till("A", "--printer", f"tcp://127.0.0.1:{printer.port}")
    b = new_till("B")

    sold = a("sell", "--value", "50.00", "--tender", "cash:60")
    voucher = sold["vouchers"][0]
    assert (sold["basis"], sold["change"], sold["printed"]) == ("online", euros(1000), True)
    assert voucher["value"] == voucher["balance"] == euros(5000)
    assert voucher["code"].endswith(voucher["last4"])

    scanned = decoded_qr(printer)
    redeemed = b("redeem", scanned, "--amount", "12.50")
    assert redeemed["basis"] == "online"
    assert (
        redeemed["redeemed"][0] | {"id": voucher["id"], "balance": euros(3750)}
        == (redeemed["redeemed"][0])
    )
    assert a("balance", voucher["code"])["balance"] == euros(3750)

    server.stop()
    offline = b("redeem", voucher["code"], "--amount", "7.50")
    assert offline["basis"] == "offline"
    assert offline["waiting"] == 1
    sold_offline = a("sell", "--product", "value-50-60", "--tender", "cash")
    assert sold_offline["basis"] == "offline"
    assert sold_offline["vouchers"][0]["value"] == euros(6000)
    assert b("sync", "--once", exit=WORLD_FAILED)["waiting"] == 1

    server.start()
    for till in (a, b, a):
        state = till("sync", "--once")
        assert (state["online"], state["waiting"], state["parked"]) == (True, 0, 0)

    expected = {
        voucher["id"].replace("-", ""): 5000 - 1250 - 750,
        sold_offline["vouchers"][0]["id"].replace("-", ""): 6000,
    }
    entries = sums(
        server.data / "server.sqlite",
        "SELECT voucher_id, sum(body -> '$.amount.amount') FROM entries GROUP BY voucher_id",
    )
    accounts = sums(server.data / "server.sqlite", "SELECT voucher_id, balance FROM accounts")
    assert a.balances() == b.balances() == entries == accounts == expected


def decoded_qr(printer: VirtualPrinter) -> str:
    """What an independent decoder reads from the dots on paper."""
    picture = printer.documents[-1].image
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png(picture))).convert("L"))
    assert [code.format for code in found] == [zxingcpp.BarcodeFormat.QRCode]
    return str(found[0].text)


def png(picture: Image.Image) -> bytes:
    into = io.BytesIO()
    picture.save(into, "PNG")
    return into.getvalue()


def test_a_service_voucher_pays_for_its_product(printer: VirtualPrinter, new_till: NewTill) -> None:
    till = new_till("A", "--printer", f"tcp://127.0.0.1:{printer.port}")
    codes = [
        till("sell", "--product", "voucher-family", "--tender", "card")["vouchers"][0]["code"]
        for _ in range(2)
    ]
    paid = till("redeem", codes[0], "--product", "family", "--tender", "card")
    assert (paid["total"], paid["change"]) == (euros(2400), euros(0))
    assert paid["redeemed"][0]["balance"] == euros(0)
    rows = money_column(printer.documents[-1].text)
    assert rows == [("Familienkarte", 2400), ("TOTAL", 2400), ("GIFT", -2400)]
    assert "MwSt. schon im Gutschein" in printer.documents[-1].text
    assert till("redeem", codes[1])["total"] == euros(2400)
    assert money_column(printer.documents[-1].text) == rows
    assert till.refused("redeem", codes[0]) == "empty"


def money_column(paper: str) -> list[tuple[str, int]]:
    """What stands at the right edge of a receipt, as minor units, with what it is."""
    found = re.findall(r"(?m)^(.*?)\s+(-?[0-9]+,[0-9]{2})(?: EUR)?\s*$", paper)
    rows = [(words.strip(), int(amount.replace(",", ""))) for words, amount in found]
    return [(_row_name(words), minor) for words, minor in rows]


def _row_name(words: str) -> str:
    if words.startswith("Gutschein"):
        return "GIFT"
    return "TOTAL" if words.lower().startswith(("gesamt", "summe")) else words


def test_a_voucher_that_is_not_needed_keeps_its_balance(new_till: NewTill) -> None:
    till = new_till("A")
    a, b = (
        till("sell", "--value", "40.00", "--tender", "cash")["vouchers"][0]["code"]
        for _ in range(2)
    )
    run = till.run("redeem", a, b, "--amount", "30")
    done = json.loads(run.stdout)
    assert run.returncode == DONE
    assert [given["balance"] for given in done["redeemed"]] == [euros(1000)]
    assert [one["last4"] for one in done["not_needed"]] == [b[-4:]]
    assert f"…{b[-4:]} was not needed" in run.stderr
    assert till("balance", b)["balance"] == euros(4000)
    both = till("redeem", a, b, "--amount", "30")
    assert ([given["balance"] for given in both["redeemed"]], both["not_needed"]) == (
        [euros(0), euros(2000)],
        [],
    )
    assert till.refused("redeem", b, b, "--amount", "5") == "duplicate"
    assert till.refused("redeem", a, b, "--amount", "5") == "empty"


def test_a_voucher_buys_no_voucher_and_no_word_is_needed_where_rules_agree(
    new_till: NewTill,
) -> None:
    till = new_till("A")
    code = till("sell", "--value", "50.00", "--tender", "cash")["vouchers"][0]["code"]
    assert till.refused("redeem", code, "--product", "value-50-60") == "tender"
    supervised = {**CASHIER, "TILL_SUPERVISOR_PIN": "5678"}
    words = ("redeem", code, "--amount", "5", "--override", "paper torn")
    assert till.refused(*words, user=supervised) == "not_allowed"
    assert till("balance", code)["balance"] == euros(5000)


def test_several_vouchers_and_tenders_pay_one_basket(new_till: NewTill) -> None:
    till = new_till("A")
    codes = [
        till("sell", "--value", value, "--tender", "cash")["vouchers"][0]["code"]
        for value in ("10.00", "12.00")
    ]
    done = till("redeem", *codes, "--product", "family", "--tender", "card")
    total = done["total"]["amount"]
    assert [given["balance"] for given in done["redeemed"]] == [euros(0), euros(0)]
    assert total > 2200
    account = till("account", codes[0], user=SUPERVISOR)
    assert [entry["amount"]["amount"] for entry in account["entries"]] == [1000, -1000]
    assert account["entries"][1]["reference"] == done["receipt"]
    assert done["receipt"] in account["receipts"]


def test_what_bad_input_gets(new_till: NewTill) -> None:
    till = new_till("A")
    code = till("sell", "--value", "20.00", "--tender", "cash")["vouchers"][0]["code"]
    assert till.refused("redeem", "2345-6789-ABCD-EFGH", "--amount", "1") == "mistyped"
    assert till.refused("balance", "2222-2222-2222-2222") in {"unknown", "mistyped"}
    for amount in ("0", "-5", "999999999999", "1,005", "abc"):
        assert till.refused("redeem", code, "--amount", amount) == "amount"
    assert till.refused("redeem", code, "--amount", "20.01") == "insufficient"
    assert till.refused("redeem", code, code, "--amount", "20") == "duplicate"
    assert till.refused("sell", "--value", "-5", "--tender", "cash") == "amount"
    assert till.refused("sell", "--product", "no-such", "--tender", "cash") == "product"
    assert till.refused("sell", "--value", "50", "--tender", "card:60") == "tender"
    assert till.refused("sell", "--value", "50", "--tender", "cash:40") == "tender"
    assert till.refused("sell", "--value", "50", "--tender", "shells") == "tender"
    assert till.refused("account", code) == "not_allowed"
    nobody = {"TILL_USER": "cashier", "TILL_PIN": "0000"}
    assert till.refused("balance", code, user=nobody) == "sign_in"
    assert till.run("sell").returncode == USAGE
    assert till("balance", code)["balance"] == euros(2000)


def test_without_a_printer_in_reach_the_sale_stands_and_the_paper_is_owed(
    printer: VirtualPrinter, new_till: NewTill
) -> None:
    till = new_till("A", "--printer", f"tcp://127.0.0.1:{printer.port}")
    printer.script(paper_left_lines=0)
    sold = till("sell", "--value", "30.00", "--tender", "cash", exit=WORLD_FAILED)
    assert not sold["printed"]
    assert till("balance", sold["vouchers"][0]["code"])["balance"] == euros(3000)
    printer.mend()
    till("sell", "--product", "mug", "--tender", "cash")
    assert [sold["vouchers"][0]["code"] in page.text for page in printer.documents] == [True, False]


@pytest.mark.parametrize("damage", ["rubbish", "newer"])
def test_a_foreign_or_newer_database_is_refused_and_left_alone(
    damage: str, new_till: NewTill
) -> None:
    till = new_till("A")
    file = till.data / "till.sqlite"
    if damage == "rubbish":
        file.write_bytes(b"not a database at all" * 100)
    else:
        sums(file, "UPDATE alembic_version SET version_num = '9999' RETURNING 0, 0")
    before = file.read_bytes()
    answer = till("balance", "2222", exit=WORLD_FAILED)
    assert answer["failed"] == f"database_{'damaged' if damage == 'rubbish' else 'newer'}"
    assert file.read_bytes() == before


def test_the_doctor_names_each_problem_and_what_to_do(
    server: ServerProcess, printer: VirtualPrinter, new_till: NewTill
) -> None:
    till = new_till("A", "--printer", f"tcp://127.0.0.1:{printer.port}")
    well = till("doctor")
    assert well["ok"]
    assert {"database", "server", "printer", "reader"} <= set(well["checks"])
    server.stop()
    printer.script(cover_open=True)
    ill = till("doctor", exit=WORLD_FAILED)
    assert not ill["checks"]["server"]["ok"]
    assert len(ill["checks"]["server"]["message"]) > 20
