"""Language and colours are chosen once for a till, not at every start."""

from pytestqt.qtbot import QtBot

from tests.till.ui.cashier import Cashier, wait_until
from tests.till.ui.world import World
from till.ui.window import Window


def test_language_and_colours_stay_over_a_restart(
    qtbot: QtBot, window: Window, supervisor: Cashier, world: World
) -> None:
    supervisor.tap("Settings")
    supervisor.tap("Deutsch")
    supervisor.tap("Optionen")
    supervisor.tap("Dunkel")
    wait_until(
        lambda: world.taste().colours == "dark",
        "the colours to be kept: ",
        lambda: str(world.taste()),
    )
    again = Window(lambda: world, "en")
    again.show()
    somebody = Cashier(again)
    somebody.sees("Wer ist an der Kasse?")
    assert again._look.colours.name == "dark"
    again.end()
