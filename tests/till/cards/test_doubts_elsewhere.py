"""A doubt of one till is settled by a look at another, whichever way the card tells it."""

from pathlib import Path

import pytest

from cardreader.protocols import CardSeen
from cardreader.purse.desk import CardInDoubt
from cardreader.virtual.reader import NAME, SimulatedReader
from tests.cardreader.held import HeldCard, Pull
from tests.cardreader.venue import on_card
from tests.till.cards.test_tears import Scene, load
from tests.till.cards.venue import LivingTill, living
from till.card_doubts import DoubtRound
from till.card_sharing import share

COMMIT = 11


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def tear(scene: Scene, *, after: bool) -> None:
    """The first till loads, and the card leaves before or after it worked on Commit."""
    scene.fresh_card()
    with living(scene.folders[0], scene.server) as till:
        with pytest.raises(CardInDoubt):
            load(till, HeldCard(scene.chip, Pull(COMMIT, after)))
        till.report()
        assert till.doubts() == 1
    assert [kind for kind, _ in scene.server.open_incidents()] == ["card_doubt"]


def look(scene: Scene, till: LivingTill, reader: SimulatedReader) -> None:
    """Hold the card to a till that is online, without moving anything."""
    till.desk.line.answered()
    reader.tap(scene.chip)
    seen = CardSeen(NAME, scene.chip.atr)
    with till.cards.purse(seen) as card:
        shown = till.cards.show(card)
    share(till.cards, seen, shown)


@pytest.mark.parametrize("happened", [True, False])
def test_a_look_at_another_till_settles_it_within_a_round(scene: Scene, happened: bool) -> None:
    tear(scene, after=happened)
    reader = SimulatedReader()
    with living(scene.folders[1], scene.server, reader) as other:
        look(scene, other, reader)
    with living(scene.folders[0], scene.server) as till:
        till.desk.line.answered()
        DoubtRound(till.counter).go_round()
        assert till.doubts() == 0
    scene.report()
    scene.check()
    assert scene.server.open_incidents() == []


def test_a_look_before_the_doubt_was_told_settles_nothing(scene: Scene) -> None:
    """Else a late report of an early look would undo what the card has done since."""
    scene.fresh_card()
    reader = SimulatedReader()
    with living(scene.folders[1], scene.server, reader) as other:
        look(scene, other, reader)
    with living(scene.folders[0], scene.server) as till:
        with pytest.raises(CardInDoubt):
            load(till, HeldCard(scene.chip, Pull(COMMIT, after=True)))
        till.report()
        assert till.doubts() == 1
    assert on_card(scene.chip) == 40_00


def test_a_doubt_settled_by_its_own_card_is_closed_at_the_server(scene: Scene) -> None:
    tear(scene, after=False)
    with living(scene.folders[0], scene.server) as till:
        shown, still_open = till.cards.settle(HeldCard(scene.chip))
        assert ([one.done for one in shown.earlier], still_open) == ([False], [])
        till.report()
    assert scene.server.open_incidents() == []
