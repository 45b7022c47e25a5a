"""The card is pulled at every exchange, the till dies at every step, and the books agree."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from cardreader.protocols import Card, CardSeen
from cardreader.purse.desk import CardInDoubt, NothingMoved
from cardreader.virtual.chip import DesfireChip
from cardreader.virtual.reader import NAME, SimulatedReader
from tests.cardreader.held import HeldCard, Pull
from tests.cardreader.venue import blank, eur, on_card
from tests.till.cards.venue import CASHIER, Ledger, LivingTill, TillDied, enrol, living
from till import card_sales
from till.card_workflows import CardWorkflows
from till.counter.basket import OPEN_AMOUNT
from till.counter.card_purpose import card_load
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from vouchers.errors import OperatingError
from vouchers.voucher import Medium

Operation = Callable[[LivingTill, Card], object]


def load(till: LivingTill, card: Card) -> object:
    sale = replace(Sale.new("EUR"), medium=Medium.CARD).add(card_load(eur(20_00)))
    return card_sales.load(till.cards, card, sale.tender(TenderKind.CASH), CASHIER)


def pay(till: LivingTill, card: Card) -> object:
    return card_sales.pay(till.cards, card, Sale.new("EUR").add(OPEN_AMOUNT, 1, eur(3_35)), CASHIER)


def to_paper(till: LivingTill, card: Card) -> object:
    return card_sales.to_paper(till.cards, card, CASHIER)


def settle(till: LivingTill, card: Card) -> object:
    return till.cards.settle(card)


class OneCard(SimulatedReader):
    """A reader with this very card on it."""

    def __init__(self, held: HeldCard) -> None:
        super().__init__()
        self._lying = held

    def connect(self, reader: str) -> Card:  # type: ignore[override]
        return self._lying


def tap(till: LivingTill, card: Card) -> object:
    """Pay as the window and the commands do: what the card has to tell comes first, and alone."""
    assert isinstance(card, HeldCard) and isinstance(card.chip, DesfireChip)
    till.cards.readers = OneCard(card)
    held, in_doubt = on_card(card.chip), till.doubts()
    workflows = CardWorkflows(till.cards, lambda: CardSeen(NAME, card.chip.atr))
    touched = workflows.touch(Sale.new("EUR").add(OPEN_AMOUNT, 1, eur(3_35)), CASHIER)
    paid = touched.redeemed.amount if touched.redeemed else eur(0)
    assert till.doubts() == in_doubt or not touched.redeemed
    assert on_card(card.chip) == held - paid.minor
    return touched


class Scene:
    """Two tills, the server and a card with a history of its own."""

    def __init__(self, folder: Path) -> None:
        self.server = Ledger(folder / "server")
        self.folders = [enrol(folder / name, name, self.server) for name in ("A", "B")]
        self.uids = count(1)
        self.chip = blank()

    def fresh_card(self) -> None:
        self.chip = blank(uid=bytes.fromhex("04") + next(self.uids).to_bytes(6, "big"))
        with living(self.folders[1], self.server) as till:
            till.cards.initialise(HeldCard(self.chip), CASHIER)
            load(till, HeldCard(self.chip))

    def does(
        self,
        who: int,
        operation: Operation,
        pull: Pull | None = None,
        dies_at: int = 0,
        *,
        after: bool = False,
    ) -> bool:
        """Whether it came to its end, at a till that may be switched off on the way."""
        with living(self.folders[who], self.server) as till:
            till.database.dies_at, till.database.after = dies_at, after
            card = HeldCard(self.chip, pull)
            try:
                operation(till, card)
            except (OperatingError, TillDied):
                return False
            finally:
                card.close()
        return True

    def report(self) -> None:
        """Twice around: the first till hears in the second round what the last one saw."""
        for folder in (*self.folders, *self.folders):
            with living(folder, self.server) as till:
                till.report()

    def check(self) -> None:
        """To the cent, with nothing open, and no sale half booked."""
        moved = receipts = entries = 0
        for folder in self.folders:
            with living(folder, self.server) as till:
                assert till.doubts() == 0
                with till.database.read() as work:
                    account = till.counter.cards.account_id(self.chip.store.memory.uid.hex())
                    sums = work.exec_driver_sql(
                        "SELECT coalesce(sum(amount_minor), 0), count(*) FROM entries"
                        " WHERE voucher_id = ?",
                        (account.hex,),
                    ).one()
                    moved, entries = moved + sums[0], entries + sums[1]
                    receipts += work.exec_driver_sql(
                        "SELECT count(DISTINCT r.number) FROM receipts r JOIN entries e"
                        " ON e.reference = r.number WHERE e.voucher_id = ?",
                        (account.hex,),
                    ).scalar_one()
        assert on_card(self.chip) == moved == self.server.balance(account)
        assert receipts == entries


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("venue"))


def pulls(scene: Scene, operation: Operation) -> Iterator[Pull]:
    scene.fresh_card()
    with living(scene.folders[0], scene.server) as till:
        whole = HeldCard(scene.chip)
        operation(till, whole)
    for at in range(1, whole.exchanges + 1):
        yield Pull(at, after=False)
        yield Pull(at, after=True)


@pytest.mark.parametrize(
    ("operation", "seen_again_at"),
    [
        pytest.param(load, 0, id="load-same-till"),
        pytest.param(pay, 1, id="pay-other-till"),
        pytest.param(load, 1, id="load-other-till", marks=pytest.mark.soak),
        pytest.param(pay, 0, id="pay-same-till", marks=pytest.mark.soak),
        pytest.param(to_paper, 0, id="to-paper-same-till", marks=pytest.mark.soak),
        pytest.param(to_paper, 1, id="to-paper-other-till", marks=pytest.mark.soak),
    ],
)
def test_pulled_at_every_exchange(scene: Scene, operation: Operation, seen_again_at: int) -> None:
    for pull in pulls(scene, operation):
        scene.fresh_card()
        assert not scene.does(0, operation, pull)
        if seen_again_at == 0:
            assert scene.does(0, settle)
        elif on_card(scene.chip):
            assert scene.does(1, pay)
        else:
            assert scene.does(1, load)
        scene.report()
        scene.check()
    assert scene.server.open_incidents() == []


@pytest.mark.parametrize("operation", [load, pay, to_paper])
@pytest.mark.parametrize("after", [False, True])
def test_the_till_dies_between_any_two_steps(
    scene: Scene, operation: Operation, after: bool
) -> None:
    steps = 0
    while True:
        scene.fresh_card()
        if scene.does(0, operation, dies_at=steps + 1, after=after):
            break
        steps += 1
        assert scene.does(0, settle)
        scene.report()
        scene.check()
    assert steps >= 3
    assert scene.server.open_incidents() == []


def test_a_random_day(scene: Scene) -> None:
    _random_day(scene, random.Random(20261122), 60)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(30))
def test_a_hundred_random_movements(scene: Scene, seed: int) -> None:
    _random_day(scene, random.Random(seed), 100)


def _random_day(scene: Scene, dice: random.Random, movements: int) -> None:
    scene.fresh_card()
    for _ in range(movements):
        at = dice.choice((dice.randint(1, 24), 11, 23))  # Commit is the 11th, in a tap the 23rd
        pull = Pull(at, dice.random() < 0.5) if dice.random() < 0.3 else None
        dies_at = dice.randint(1, 4) if dice.random() < 0.1 else 0
        operation = dice.choice((load, pay, tap, tap, to_paper, settle))
        scene.does(dice.randint(0, 1), operation, pull, dies_at, after=dice.random() < 0.5)
        if dice.random() < 0.2:
            scene.report()
    for who in (0, 1, 0):
        assert scene.does(who, settle)
    scene.report()
    with suppress(AssertionError):
        scene.check()
        return
    assert scene.does(0, load)  # takes the next number: settles what the card forgot
    scene.report()
    scene.check()


def test_a_card_that_left_in_mid_sale_says_so(scene: Scene) -> None:
    scene.fresh_card()
    with living(scene.folders[0], scene.server) as till:
        whole = HeldCard(scene.chip)
        pay(till, whole)
        commit = Pull(whole.exchanges, after=True)
        with pytest.raises(CardInDoubt):
            pay(till, HeldCard(scene.chip, commit))
        assert till.doubts() == 1
        before = till.receipts()
        shown, still_open = till.cards.settle(HeldCard(scene.chip))
        assert [one.done for one in shown.earlier] == [True]
        assert shown.earlier[0].committed is not None
        assert (len(still_open), till.receipts()) == (0, before + 1)
        with pytest.raises(NothingMoved):
            pay(till, HeldCard(scene.chip, Pull(commit.at - 1, after=True)))
        assert (till.doubts(), till.receipts()) == (0, before + 1)
