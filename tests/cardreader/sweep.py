"""Everything that can go wrong in one operation, at every point, and the check afterwards."""

import copy
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from cardreader.protocols import Card
from cardreader.purse.desk import PurseDesk
from cardreader.virtual.chip import DesfireChip
from cardreader.virtual.memory import Memory
from tests.cardreader.held import HeldCard, Pull
from tests.cardreader.journal import SqliteJournal, TillDied
from tests.cardreader.venue import LIMIT, RING, blank, eur, on_card
from vouchers.errors import OperatingError

Operation = Callable[[PurseDesk, Card], object]
MakeDesk = Callable[[SqliteJournal], PurseDesk]


def honest(journal: SqliteJournal) -> PurseDesk:
    return PurseDesk(RING, journal, LIMIT)


def chip_of(memory: Memory) -> DesfireChip:
    chip = blank()
    chip.store.memory = copy.deepcopy(memory)
    return chip


class Till:
    """A till that can be switched off and on again; its journal stays on disk."""

    def __init__(self, path: Path, make_desk: MakeDesk = honest) -> None:
        self.path = path
        self._make_desk = make_desk

    def does(
        self, operation: Operation, card: Card, dies_at: int = 0, *, after: bool = False
    ) -> bool:
        """Whether it came to its end; what is raised on the way is the cashier's to read."""
        journal = SqliteJournal(self.path, dies_at, after=after)
        try:
            operation(self._make_desk(journal), card)
        except (OperatingError, TillDied):
            return False
        finally:
            card.close()
            journal.close()
        return True

    def journal(self) -> SqliteJournal:
        return SqliteJournal(self.path)

    def moved(self) -> int:
        journal = self.journal()
        try:
            return journal.sum_done()
        finally:
            journal.close()

    def is_settled(self) -> bool:
        journal = self.journal()
        try:
            return not {"intent", "doubt"} & set(journal.states())
        finally:
            journal.close()


def pulls(memory: Memory, operation: Operation, folder: Path) -> Iterator[Pull]:
    """Before and after each exchange the operation has when nothing happens."""
    whole = HeldCard(chip_of(memory))
    assert Till(folder / "whole.sqlite").does(operation, whole)
    for at, after in itertools.product(range(1, whole.exchanges + 1), (False, True)):
        yield Pull(at, after)


def load(desk: PurseDesk, card: Card) -> object:
    return desk.load(card, eur(25_00))


def pay(desk: PurseDesk, card: Card) -> object:
    return desk.pay(card, eur(7_35))


def pay_partly(desk: PurseDesk, card: Card) -> object:
    return desk.pay(card, eur(99_00), partly=True)


def settle(desk: PurseDesk, card: Card) -> object:
    return desk.settle(card)


def check(chip: DesfireChip, before: int, *tills: Till) -> None:
    """Card and tills agree to the cent, and nothing is open any more."""
    assert all(till.is_settled() for till in tills)
    assert on_card(chip) == before + sum(till.moved() for till in tills)
