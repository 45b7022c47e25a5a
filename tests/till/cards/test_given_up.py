"""What a card has paid towards a sale that is given up goes back onto it, once."""

from pathlib import Path

import pytest

from cardreader.errors import NoAnswer
from cardreader.purse.desk import CardInDoubt
from cardreader.virtual.chip import DesfireChip
from tests.cardreader.held import HeldCard
from tests.cardreader.venue import eur, on_card
from tests.till.cards.test_tears import Scene
from tests.till.cards.venue import CASHIER, LivingTill, enrol, living
from till import card_sales
from till.counter.basket import OPEN_AMOUNT
from till.counter.card_books import CardOutcome
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from vouchers.errors import Refused

COMMIT = 0xC7


class TornAtCommit(HeldCard):
    """Leaves before, or after, it worked on Commit."""

    def __init__(self, chip: DesfireChip, after: bool) -> None:
        super().__init__(chip)
        self._after = after

    def transmit(self, apdu: bytes) -> bytes:
        if apdu[1] != COMMIT:
            return super().transmit(apdu)
        if self._after:
            super().transmit(apdu)
        self.close()
        raise NoAnswer("pulled")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path)
    scene.fresh_card()
    return scene


def part(till: LivingTill, scene: Scene) -> Sale:
    """A sale of 50.00 towards which the card has paid its 20.00."""
    sale = Sale.new("EUR").add(OPEN_AMOUNT, 1, eur(50_00))
    paid = card_sales.pay(till.cards, HeldCard(scene.chip), sale, CASHIER, partly=True)
    assert paid.committed is None
    return paid.sale


def put_all_back(
    till: LivingTill, card: HeldCard, at_work: Sale | None = None
) -> list[CardOutcome]:
    shown = till.cards.show(card)
    return card_sales.put_all_back(till.cards, card, shown, CASHIER, at_work)


def test_one_part_goes_back_and_the_sale_goes_on_without_it(scene: Scene) -> None:
    with living(scene.folders[0], scene.server) as till:
        sale = part(till, scene)
        owed = till.counter.card_owed.part_of(sale, sale.redeemed[0])
        outcome = card_sales.put_back(till.cards, HeldCard(scene.chip), owed, CASHIER)
        assert (outcome.sale.rest, on_card(scene.chip)) == (eur(50_00), 20_00)
        with pytest.raises(Refused) as twice:
            card_sales.put_back(till.cards, HeldCard(scene.chip), owed, CASHIER)
        assert twice.value.key == "card_put_back_already"
        till.counter.checkout.commit(outcome.sale.tender(TenderKind.CASH), CASHIER)
        assert till.counter.card_owed.all() == []
    scene.report()
    assert scene.server.open_incidents() == []


def test_given_up_it_stays_owed_until_the_card_comes(scene: Scene) -> None:
    with living(scene.folders[0], scene.server) as till:
        sale = part(till, scene)
        nothing = put_all_back(till, HeldCard(scene.chip), sale)
        assert nothing == []  # that sale is still open
    with living(scene.folders[0], scene.server) as till:  # switched off in mid-sale
        assert [one.amount for one in till.counter.card_owed.all()] == [eur(20_00)]
        (back,) = put_all_back(till, HeldCard(scene.chip))
        assert back.amount == eur(20_00)
        assert put_all_back(till, HeldCard(scene.chip)) == []
    scene.report()
    assert on_card(scene.chip) == 20_00
    assert scene.server.open_incidents() == []


@pytest.mark.parametrize("after", [False, True])
def test_torn_on_the_way_back(scene: Scene, after: bool) -> None:
    with living(scene.folders[0], scene.server) as till:
        part(till, scene)
        with pytest.raises(CardInDoubt):
            put_all_back(till, TornAtCommit(scene.chip, after))
        assert till.counter.card_owed.all() == []  # in doubt, not owed
    with living(scene.folders[0], scene.server) as till:
        shown, _ = till.cards.settle(HeldCard(scene.chip))
        assert [one.done for one in shown.earlier] == [after]
        back = put_all_back(till, HeldCard(scene.chip))
        assert len(back) == (0 if after else 1)
    scene.report()
    assert on_card(scene.chip) == 20_00


def test_another_card_does_not_get_it(scene: Scene) -> None:
    with living(scene.folders[0], scene.server) as till:
        sale = part(till, scene)
        owed = till.counter.card_owed.part_of(sale, sale.redeemed[0])
        scene.fresh_card()
        with pytest.raises(Refused) as other:
            card_sales.put_back(till.cards, HeldCard(scene.chip), owed, CASHIER)
        assert other.value.key == "card_put_back_other"


def test_a_till_that_only_redeems_keeps_it_listed(scene: Scene, tmp_path: Path) -> None:
    kiosk = enrol(tmp_path / "kiosk", "kiosk", scene.server, debit_only=True)
    with living(kiosk, scene.server) as till:
        part(till, scene)
        assert put_all_back(till, HeldCard(scene.chip)) == []
        assert [one.amount for one in till.counter.card_owed.all()] == [eur(20_00)]
