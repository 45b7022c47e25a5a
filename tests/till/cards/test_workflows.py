"""One tap does one thing: after a card told of a doubt, nothing else happens with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from cardreader.errors import NoAnswer
from cardreader.protocols import CardSeen
from cardreader.purse.desk import CardInDoubt
from cardreader.virtual.chip import Chip, DesfireChip
from cardreader.virtual.reader import NAME, SimulatedReader
from tests.cardreader.held import HeldCard
from tests.cardreader.venue import eur, on_card
from tests.till.cards.test_tears import Scene
from tests.till.cards.venue import CASHIER, LivingTill, living
from till.card_doubts import settle_elsewhere
from till.card_shown import CardShown
from till.card_workflows import CardWorkflows
from till.counter.basket import OPEN_AMOUNT
from till.counter.card_purpose import card_load
from till.counter.card_touched import CardTouched
from till.counter.discounting import without_campaign
from till.counter.redemption import Found
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.store import accounts
from vouchers.errors import Refused
from vouchers.people import Role, User
from vouchers.voucher import Account, Medium

COMMIT = 0xC7
SUPERVISOR = User(user_id="supervisor", name="Sam", role=Role.SUPERVISOR, pin_hash="")


class TornChip:
    """Gone before, or after, it worked on its Commit."""

    def __init__(self, chip: Chip, after: bool) -> None:
        self._chip, self._after = chip, after
        self.atr = chip.atr

    def power(self) -> None:
        self._chip.power()

    def exchange(self, apdu: bytes) -> bytes:
        if apdu[1] == COMMIT:
            if self._after:
                self._chip.exchange(apdu)
            raise NoAnswer("pulled")
        return self._chip.exchange(apdu)


@dataclass
class Place:
    """One till with a reader; `chip` holds 20.00."""

    scene: Scene
    till: LivingTill
    reader: SimulatedReader

    @property
    def chip(self) -> DesfireChip:
        return self.scene.chip

    @property
    def cards(self) -> CardWorkflows:
        return self.with_card(self.chip)

    def torn(self, after: bool) -> CardWorkflows:
        return self.with_card(TornChip(self.chip, after))

    def with_card(self, chip: Chip) -> CardWorkflows:
        self.reader.tap(chip)
        return CardWorkflows(self.till.cards, lambda: CardSeen(NAME, chip.atr))

    def voucher(self) -> Found:
        catalogue = self.till.counter.catalogue()
        sale = Sale.new("EUR").add(catalogue.free_voucher(), 1, eur(30_00)).tender(TenderKind.CASH)
        (new,) = self.till.counter.checkout.commit(sale, CASHIER).vouchers
        return self.till.counter.redemption.look_up(new.code.text)

    def card_account(self, chip: DesfireChip) -> Account:
        with self.till.database.read() as work:
            uid = chip.store.memory.uid.hex()
            account = accounts.by_id(work, self.till.counter.cards.account_id(uid))
        assert account is not None
        return account


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    scene, reader = Scene(tmp_path), SimulatedReader()
    scene.fresh_card()
    with living(scene.folders[0], scene.server, reader) as till:
        yield Place(scene, till, reader)


def due(minor: int) -> Sale:
    return Sale.new("EUR").add(OPEN_AMOUNT, 1, eur(minor))


def pay(place: Place) -> Callable[[CardWorkflows], CardTouched]:
    return lambda cards: cards.pay(due(3_35), CASHIER)


def tap(place: Place) -> Callable[[CardWorkflows], CardTouched]:
    return lambda cards: cards.touch(due(3_35), CASHIER)


def load(place: Place) -> Callable[[CardWorkflows], CardTouched]:
    sale = replace(Sale.new("EUR"), medium=Medium.CARD).add(card_load(eur(10_00)))
    paid = sale.tender(TenderKind.CASH)
    return lambda cards: cards.load(replace(paid, sale_id=Sale.new("EUR").sale_id), CASHIER)


def onto_card(place: Place) -> Callable[[CardWorkflows], CardTouched]:
    found = place.voucher()
    return lambda cards: cards.onto_card(found, CASHIER)


def to_paper(place: Place) -> Callable[[CardWorkflows], CardTouched]:
    return lambda cards: cards.to_paper(CASHIER)


def replace_lost(place: Place) -> Callable[[CardWorkflows], CardTouched]:
    lost = place.card_account(_another_card(place))
    return lambda cards: cards.replace(lost, SUPERVISOR, "lost by its owner")


def _another_card(place: Place) -> DesfireChip:
    mine = place.scene.chip
    place.scene.fresh_card()
    other, place.scene.chip = place.scene.chip, mine
    return _topped_up(place, other)


def _topped_up(place: Place, other: DesfireChip) -> DesfireChip:
    """This till knows that card's account from now on."""
    sale = replace(Sale.new("EUR"), medium=Medium.CARD).add(card_load(eur(5_00)))
    place.with_card(other).load(sale.tender(TenderKind.CASH), CASHIER)
    return other


WORKFLOWS = [pay, tap, load, onto_card, to_paper, replace_lost]


@pytest.mark.parametrize("happened", [True, False])
@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_after_a_doubt_the_same_again_only_tells(
    place: Place,
    workflow: Callable[[Place], Callable[[CardWorkflows], CardTouched]],
    happened: bool,
) -> None:
    do = workflow(place)
    with pytest.raises(CardInDoubt):
        do(place.torn(after=happened))
    held, receipts = on_card(place.chip), place.till.receipts()
    again = do(place.cards)
    assert [one.done for one in again.earlier] == [happened]
    assert (again.stopped, again.committed, again.redeemed) == (True, None, None)
    assert on_card(place.chip) == held
    assert place.till.receipts() == receipts + happened
    assert (again.balance.minor, place.till.doubts()) == (held, 0)


def test_what_came_to_nothing_is_done_by_the_tap_after(place: Place) -> None:
    with pytest.raises(CardInDoubt):
        place.torn(after=False).pay(due(3_35), CASHIER)
    assert place.cards.pay(due(3_35), CASHIER).stopped
    paid = place.cards.pay(due(3_35), CASHIER)
    assert paid.committed is not None
    assert on_card(place.chip) == 20_00 - 3_35


def test_a_doubt_that_another_till_heard_of_is_told_before_anything_else(place: Place) -> None:
    """The server knows by then; whoever holds the card to this till again does not."""
    with pytest.raises(CardInDoubt):
        place.torn(after=True).pay(due(3_35), CASHIER)
    place.till.report()
    other_reader = SimulatedReader()
    with living(place.scene.folders[1], place.scene.server, other_reader) as other:
        other.desk.line.answered()
        other_reader.tap(place.chip)
        shown = CardWorkflows(other.cards, lambda: CardSeen(NAME, place.chip.atr)).show()
        assert isinstance(shown, CardShown) and shown.view.balance == eur(16_65)
    assert settle_elsewhere(place.till.counter) == 1
    again = place.cards.pay(due(3_35), CASHIER)
    assert ([one.done for one in again.earlier], again.committed) == ([True], None)
    assert on_card(place.chip) == 16_65


def test_each_doubt_is_told_by_its_own_card(place: Place) -> None:
    first, second = place.chip, _another_card(place)
    for chip in (first, second):
        with pytest.raises(CardInDoubt):
            place.with_card(TornChip(chip, after=True)).pay(due(1_00), CASHIER)
    assert place.till.doubts() == 2
    told = place.with_card(second).pay(due(1_00), CASHIER)
    assert [one.uid for one in told.earlier] == [second.store.memory.uid.hex()]
    assert place.till.doubts() == 1
    paid = place.with_card(second).pay(due(1_00), CASHIER)
    assert paid.committed is not None and place.till.doubts() == 1
    assert place.with_card(first).pay(due(1_00), CASHIER).stopped
    assert (on_card(first), on_card(second)) == (19_00, 23_00)


def test_a_second_doubt_while_one_was_told(place: Place) -> None:
    for _ in range(2):
        with pytest.raises(CardInDoubt):
            place.torn(after=True).pay(due(1_00), CASHIER)
        assert [one.done for one in place.cards.touch(Sale.new("EUR"), CASHIER).earlier] == [True]
    assert (on_card(place.chip), place.till.doubts()) == (18_00, 0)


def test_what_is_owed_goes_back_first_and_nothing_else_happens(place: Place) -> None:
    part = place.cards.touch(due(50_00), CASHIER)
    assert part.sale is not None and on_card(place.chip) == 0
    told = place.cards.pay(due(1_00), CASHIER)
    assert (told.stopped, told.put_back, told.committed) == (True, eur(20_00), None)
    assert on_card(place.chip) == 20_00


def test_a_sale_that_a_card_completed_takes_no_other_card(place: Place) -> None:
    """Its doubt was settled elsewhere; the sale may lie on the counter still."""
    sale = due(3_35)
    with pytest.raises(CardInDoubt):
        place.torn(after=True).pay(sale, CASHIER)
    place.cards.show()
    with pytest.raises(Refused) as complete:
        place.with_card(_another_card(place)).pay(sale, CASHIER)
    assert complete.value.key == "sale_committed_before"


CHANGES: dict[str, Callable[[Sale], Sale]] = {
    "medium": lambda sale: sale.with_medium(Medium.BLANK),
    "another": lambda sale: sale.add(OPEN_AMOUNT, 1, eur(1_00)),
    "fewer": lambda sale: sale.with_quantity(0, 0),
    "tender": lambda sale: sale.tender(TenderKind.CASH),
    "no tender": lambda sale: sale.without_tenders(),
    "no campaign": without_campaign,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_sale_that_waits_for_a_card_does_not_change(change: Callable[[Sale], Sale]) -> None:
    waiting = replace(due(5_00), waits_for_card=eur(3_35))
    with pytest.raises(Refused) as first:
        change(waiting)
    assert first.value.key == "card_in_doubt_first"


def test_it_takes_no_voucher_either_and_holds_none(place: Place) -> None:
    found, waiting = place.voucher(), replace(due(5_00), waits_for_card=eur(3_35))
    with pytest.raises(Refused):
        place.till.counter.redemption.add(waiting, found)
    whole = place.till.counter.redemption.add(due(30_00), found)
    assert whole.redeemed[0].amount == eur(30_00)


def test_a_sale_waits_until_its_card_has_told(place: Place) -> None:
    sale, books = due(3_35), place.till.counter.card_books
    with pytest.raises(CardInDoubt):
        place.torn(after=True).pay(sale, CASHIER)
    waiting, nothing = books.standing(sale)
    assert (waiting.waits_for_card, nothing) == (eur(3_35), None)
    place.till.cards.purse_desk(lambda _: pytest.fail("nothing moves")).show(HeldCard(place.chip))
    free, outcome = books.standing(waiting)
    assert free == sale
    assert outcome is not None and outcome.committed is not None
    assert books.standing(waiting) == (sale, None)


def test_a_card_that_left_before_anything_keeps_nothing_of_the_voucher(place: Place) -> None:
    found = place.voucher()
    with pytest.raises(NoAnswer):
        place.with_card(SilentChip(place.chip)).onto_card(found, CASHIER)
    again = place.cards.onto_card(found, CASHIER)
    assert again.committed is not None and on_card(place.chip) == 50_00


def test_another_card_than_the_one_that_was_shown_takes_nothing(place: Place) -> None:
    found, other = place.voucher(), _another_card(place)
    seen = place.cards.look_at_purse(CASHIER)
    with pytest.raises(Refused) as another:
        place.with_card(other).onto_card(found, CASHIER, seen)
    assert another.value.key == "card_other_than_seen"
    assert on_card(other) == 25_00
    assert place.cards.onto_card(found, CASHIER, seen).committed is not None


class SilentChip(TornChip):
    """Answers the first look, then nothing."""

    def __init__(self, chip: Chip) -> None:
        super().__init__(chip, after=False)
        self._opened = 0

    def exchange(self, apdu: bytes) -> bytes:
        self._opened += apdu[1] == 0xAA
        if self._opened > 1:
            raise NoAnswer("gone")
        return self._chip.exchange(apdu)
