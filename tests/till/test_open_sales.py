"""Money taken by a command is on disk before the sale is; what is out of the ordinary is asked."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.counter.checkout import Checkout
from till.counter.payable import check_sale
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.main import main
from till.store import audit, settings
from till.store.secrets import save_keys
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.money import Money

CASHIER = PEOPLE[0]
DONE, REFUSED, WORLD_FAILED = 0, 3, 4


class Command:
    """The commands of a till, in this process; `told` is what the last said beside its answer."""

    told = ""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def __call__(self, *words: str, exits: int = DONE) -> Any:
        self._capsys.readouterr()
        status = main([*words, "--offline", "--json", "--data", str(self._folder)])
        said = self._capsys.readouterr()
        assert status == exits, said.out + said.err
        self.told = said.err
        return json.loads(said.out)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def till(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    save_keys(world.folder, world.keys)
    monkeypatch.setenv("TILL_USER", CASHIER.user_id)
    monkeypatch.setenv("TILL_PIN", "1234")
    return Command(world.folder, capsys)


def killed(*_arguments: object) -> None:
    raise KeyboardInterrupt


def kill_while_selling(till: Command, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(Checkout, "commit", killed)
        with pytest.raises(KeyboardInterrupt):
            till(*words)


def change_catalogue(world: World, **changes: Any) -> None:
    with world.database.write() as work:
        settings.catalogue.put(work, replace(CATALOGUE, **changes))


def test_a_command_killed_between_tender_and_receipt_is_told_and_can_be_completed(
    till: Command, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_while_selling(till, monkeypatch, "sell", "--value", "50", "--tender", "card")
    (open_sale,) = till("unfinished", "list")["unfinished"]
    assert open_sale["tenders"] == [{"kind": "card", "amount": {"amount": 5000, "currency": "EUR"}}]
    till("shift", "open", "100")
    assert "50.00 were taken by card" in till.told
    done = till("unfinished", "complete", open_sale["sale"])
    assert done["total"]["amount"] == 5000
    assert till("unfinished", "list")["unfinished"] == []


def test_what_was_given_back_stands_in_the_audit_and_in_the_shift(
    till: Command, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    till("shift", "open", "100")
    kill_while_selling(till, monkeypatch, "sell", "--value", "50", "--tender", "cash:60")
    (open_sale,) = till("unfinished", "list")["unfinished"]
    till("shift", "close", "100", exits=REFUSED)
    till("unfinished", "back", open_sale["sale"])
    closed = till("shift", "close", "100")
    assert closed["given_back"] == {"cash": {"amount": 6000, "currency": "EUR"}}
    assert closed["expected"]["amount"] == 10000
    with world.database.read() as work:
        assert audit.latest(work, "given back", 1)[0][0] == "60.00 EUR cash"


def test_doctor_tells_of_it(
    till: Command, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kill_while_selling(till, monkeypatch, "sell", "--value", "50", "--tender", "card")
    capsys.readouterr()
    assert main(["doctor", "--json", "--data", str(world.folder)]) == WORLD_FAILED
    sales = json.loads(capsys.readouterr().out)["checks"]["sales"]
    assert not sales["ok"] and len(sales["unfinished"]) == 1


def test_a_refusal_that_is_read_gives_the_money_back(
    till: Command, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OperatingError("basket_empty")

    monkeypatch.setattr(Checkout, "commit", refuse)
    till("sell", "--value", "50", "--tender", "card", exits=WORLD_FAILED)
    assert world.counter.open_sales.every() == []


def test_a_voucher_held_for_an_interrupted_sale_is_spendable_by_nobody_else(
    till: Command, world: World
) -> None:
    code = world.issue("value-50")
    world.follow()
    redemption, found = world.counter.redemption, world.counter.redemption.look_up(code.text)
    sale = Sale.new("EUR").add(CATALOGUE.product("adult"), 10)
    sale = redemption.add(sale, found, Money(5000, "EUR"))
    world.counter.open_sales.tender(sale, TenderKind.CASH, Money(1000, "EUR"), CASHIER)
    till("redeem", code.text, "--amount", "1", exits=REFUSED)
    resumed = world.counter.open_sales.resume()
    assert resumed is not None and resumed.lost == [] and resumed.sale.rest.minor == 6000


def test_nothing_is_kept_of_a_sale_that_took_no_money(world: World) -> None:
    sale = Sale.new("EUR").add(CATALOGUE.product("adult"))
    world.counter.open_sales.keep(sale, CASHIER)
    assert world.counter.open_sales.resume() is None


def test_many_and_much_want_a_word_in_commands(till: Command, world: World) -> None:
    many = ("sell", "--product", "adult", "--quantity", "60", "--tender", "card")
    refused = till(*many, exits=REFUSED)
    assert refused["refused"] == "unusual"
    assert "60 ×" in refused["message"] and "--even-so" in refused["message"]
    much = ("sell", "--product", "value-100", "--quantity", "11", "--tender", "card")
    assert "1,100.00" in till(*much, exits=REFUSED)["message"]
    assert world.counter.open_sales.every() == []
    assert till(*many, "--even-so")["total"]["amount"] == 60 * 1200


def test_so_much_cash_wants_the_same_word(till: Command) -> None:
    cash = ("sell", "--product", "adult", "--tender", "cash:4012")
    refused = till(*cash, exits=REFUSED)
    assert refused["refused"] == "tender"
    assert "4,000.00 would be given back" in refused["message"]
    assert "--even-so" in refused["message"]
    assert till(*cash, "--even-so")["change"]["amount"] == 4000_00


def test_the_venue_says_what_is_ordinary(till: Command, world: World) -> None:
    change_catalogue(world, ordinary_quantity=2, ordinary_total=Money(100_000_00, "EUR"))
    three = ("sell", "--product", "adult", "--quantity", "3", "--tender", "cash")
    assert till(*three, exits=REFUSED)["refused"] == "unusual"
    till("sell", "--product", "value-100", "--quantity", "2", "--tender", "cash")


def test_what_was_agreed_to_does_not_cover_more() -> None:
    adult = CATALOGUE.product("adult")
    sale = Sale.new("EUR").add(adult, 60).agreed_to()
    check_sale(sale, CATALOGUE, shift_open=True)
    with pytest.raises(Refused) as refusal:
        check_sale(sale.with_quantity(0, 600), CATALOGUE, shift_open=True)
    assert refusal.value.reason is Reason.UNUSUAL


def test_a_venue_that_wants_shifts_sells_and_redeems_only_in_one(
    till: Command, world: World
) -> None:
    change_catalogue(world, shift_required=True)
    code = world.issue("value-50")
    world.follow()
    sell = ("sell", "--value", "50", "--tender", "cash")
    redeem = ("redeem", code.text, "--amount", "5")
    for command in (sell, redeem):
        refused = till(*command, exits=REFUSED)
        assert refused["refused"] == "no_shift" and "Open a shift" in refused["message"]
    till("shift", "open", "100")
    till(*sell)
    till(*redeem)


def test_what_is_sold_outside_a_shift_stands_in_one_report_of_its_own(till: Command) -> None:
    till("sell", "--value", "50", "--tender", "cash")
    till("shift", "open", "100")
    till("sell", "--value", "30", "--tender", "cash")
    outside = till("shift", "outside")
    assert outside["outside"] and outside["z_number"] == 1
    assert (outside["receipts"], outside["sales"]["amount"]) == (1, 5000)
    assert till("shift", "close", "130")["receipts"] == 1
    assert till("shift", "outside", exits=REFUSED)["refused"] == "unknown"
    assert till("shift", "report", "--z", "1")["number"] == "T1-Z00001"
