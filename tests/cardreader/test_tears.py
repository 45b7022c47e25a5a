"""The card is pulled before and after every exchange, the till dies between any two steps."""

import itertools
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from cardreader.keys import KeyRing
from cardreader.purse.desk import CardInDoubt, PurseDesk
from cardreader.purse.journal import CardMovement, CardState
from cardreader.purse.open_purse import OpenPurse
from cardreader.purse.prepare import prepare
from cardreader.virtual.chip import DesfireChip
from cardreader.virtual.memory import Memory
from tests.cardreader.held import HeldCard, Pull
from tests.cardreader.journal import SqliteJournal
from tests.cardreader.sweep import (
    MakeDesk,
    Operation,
    Till,
    check,
    chip_of,
    load,
    pay,
    pay_partly,
    pulls,
    settle,
)
from tests.cardreader.venue import LIMIT, NEXT_RING, RING, blank, eur, on_card, purse
from vouchers.errors import OperatingError

JOURNAL_WRITES = 3
CardOf = Callable[[Path], Memory]


def fresh(_folder: Path) -> Memory:
    return purse().store.memory


def loaded(folder: Path) -> Memory:
    """A card with a history of its own at some earlier till."""
    chip = purse()
    before = Till(folder / "before.sqlite")
    for operation in (load, load, pay):
        assert before.does(operation, HeldCard(chip))
    return chip.store.memory


CASES = [
    pytest.param(fresh, load, id="load"),
    pytest.param(loaded, load, id="top-up"),
    pytest.param(loaded, pay, id="redeem"),
    pytest.param(loaded, pay_partly, id="redeem-all"),
]


@pytest.mark.parametrize(("card_of", "operation"), CASES)
def test_pulled_and_tapped_again_at_the_same_till(
    card_of: CardOf, operation: Operation, tmp_path: Path
) -> None:
    memory = card_of(tmp_path)
    for pull in pulls(memory, operation, tmp_path):
        _torn_at_one_till(memory, operation, pull, tmp_path / f"{pull}.sqlite")


@pytest.mark.parametrize(("card_of", "operation"), CASES)
def test_pulled_and_used_elsewhere_before_it_comes_back(
    card_of: CardOf, operation: Operation, tmp_path: Path
) -> None:
    memory = card_of(tmp_path)
    for pull in pulls(memory, operation, tmp_path):
        chip, before = chip_of(memory), _value(memory)
        first = Till(tmp_path / f"{pull}.sqlite")
        other = Till(tmp_path / f"{pull}-other.sqlite")
        first.does(operation, HeldCard(chip, pull))
        for _ in range(3):
            assert other.does(load, HeldCard(chip))
        assert first.does(settle, HeldCard(chip))
        check(chip, before, first, other)


@pytest.mark.parametrize(("card_of", "operation"), CASES)
@pytest.mark.parametrize("after", [False, True])
def test_the_till_dies_at_every_step(
    card_of: CardOf, operation: Operation, after: bool, tmp_path: Path
) -> None:
    memory = card_of(tmp_path)
    for dies_at in range(1, JOURNAL_WRITES + 1):
        chip = chip_of(memory)
        till = Till(tmp_path / f"{dies_at}.sqlite")
        assert not till.does(operation, HeldCard(chip), dies_at, after=after)
        assert till.does(settle, HeldCard(chip))
        check(chip, _value(memory), till)


def test_pulled_again_while_it_is_settled(tmp_path: Path) -> None:
    memory = loaded(tmp_path)
    for first, second in itertools.product((10, 11), range(1, 14)):
        chip = chip_of(memory)
        till = Till(tmp_path / f"{first}-{second}.sqlite")
        till.does(load, HeldCard(chip, Pull(first, after=True)))
        till.does(pay, HeldCard(chip, Pull(second, after=True)))
        assert till.does(settle, HeldCard(chip))
        check(chip, _value(memory), till)


RINGS = pytest.mark.parametrize("ring", [RING, NEXT_RING], ids=["initialise", "change-keys"])


@RINGS
def test_preparing_can_be_taken_up_at_any_point(ring: KeyRing, tmp_path: Path) -> None:
    memory = _unprepared(ring, tmp_path)
    for pull in _pulls_of_preparing(memory, ring):
        chip = chip_of(memory)
        with pytest.raises(OperatingError):
            prepare(HeldCard(chip, pull), ring, "EUR")
        _check_prepared(chip, ring, _value_or_zero(memory))


@pytest.mark.soak
@RINGS
def test_preparing_torn_twice(ring: KeyRing, tmp_path: Path) -> None:
    memory = _unprepared(ring, tmp_path)
    for first in _pulls_of_preparing(memory, ring):
        for second in _pulls_of_preparing(memory, ring):
            chip = chip_of(memory)
            for pull in (first, second):
                with suppress(OperatingError):
                    prepare(HeldCard(chip, pull), ring, "EUR")
            _check_prepared(chip, ring, _value_or_zero(memory))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(30))
def test_a_hundred_random_movements_with_random_tears(seed: int, tmp_path: Path) -> None:
    _random_day(random.Random(seed), 100, tmp_path)


def test_a_random_day(tmp_path: Path) -> None:
    _random_day(random.Random(20261122), 150, tmp_path)


class TakesSilenceForDone(PurseDesk):
    """The first usual mistake."""

    def _commit(self, purse: OpenPurse, movement: CardMovement) -> None:
        try:
            super()._commit(purse, movement)
        except CardInDoubt:
            return


class TakesSilenceForFailed(PurseDesk):
    """The second usual mistake: whoever tries again pays or loads twice."""

    def _commit(self, purse: OpenPurse, movement: CardMovement) -> None:
        try:
            super()._commit(purse, movement)
        except CardInDoubt:
            self._journal.advance(movement.movement_id, CardState.VOID)
            raise


@pytest.mark.parametrize("desk", [TakesSilenceForDone, TakesSilenceForFailed])
def test_the_sweep_catches_the_usual_mistakes(desk: type[PurseDesk], tmp_path: Path) -> None:
    def make(journal: SqliteJournal) -> PurseDesk:
        return desk(RING, journal, LIMIT)

    memory = loaded(tmp_path)
    caught = []
    for pull in pulls(memory, load, tmp_path):
        try:
            _torn_at_one_till(memory, load, pull, tmp_path / f"{pull}.sqlite", make)
        except AssertionError:
            caught.append(pull)
    assert len(caught) == 1


def _torn_at_one_till(
    memory: Memory, operation: Operation, pull: Pull, path: Path, make: MakeDesk | None = None
) -> None:
    chip = chip_of(memory)
    till = Till(path, make) if make else Till(path)
    till.does(operation, HeldCard(chip, pull))
    assert till.does(settle, HeldCard(chip))
    check(chip, _value(memory), till)


def _random_day(dice: random.Random, movements: int, folder: Path) -> None:
    """Two tills, one card, one tap in three goes wrong; at the end both have seen it again."""
    chip = chip_of(fresh(folder))
    tills = [Till(folder / f"till-{n}.sqlite") for n in range(2)]
    for _ in range(movements):
        till = dice.choice(tills)
        pull = Pull(dice.randint(1, 14), dice.random() < 0.5) if dice.random() < 0.3 else None
        dies_at = dice.randint(1, 3) if dice.random() < 0.1 else 0
        till.does(dice.choice((load, pay, pay_partly, settle)), HeldCard(chip, pull), dies_at)
        if dice.random() < 0.5:
            for each in tills:
                assert each.does(settle, HeldCard(chip))
            check(chip, 0, *tills)
    for each in tills:
        each.does(settle, HeldCard(chip))
    assert on_card(chip) == sum(till.moved() for till in tills)


def _value(memory: Memory) -> int:
    return on_card(chip_of(memory))


def _unprepared(ring: KeyRing, folder: Path) -> Memory:
    return blank().store.memory if ring is RING else loaded(folder)


def _value_or_zero(memory: Memory) -> int:
    return _value(memory) if memory.applications else 0


def _pulls_of_preparing(memory: Memory, ring: KeyRing) -> list[Pull]:
    whole = HeldCard(chip_of(memory))
    prepare(whole, ring, "EUR")
    return [Pull(at, after) for at in range(1, whole.exchanges + 1) for after in (False, True)]


def _check_prepared(chip: DesfireChip, ring: KeyRing, value: int) -> None:
    prepare(HeldCard(chip), ring, "EUR")
    desk = PurseDesk(ring, SqliteJournal(":memory:"), LIMIT)
    assert desk.show(HeldCard(chip)).balance == eur(value)
    assert on_card(chip) == value
    assert {key.version for app in chip.store.memory.applications.values() for key in app.keys} == {
        ring.current
    }
