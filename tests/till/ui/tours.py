"""All walks through the window, each over a till of its own."""

from collections.abc import Callable, Iterator
from typing import Protocol

from tests.till.ui.card_tour import CardTour
from tests.till.ui.incident_tour import IncidentTour
from tests.till.ui.paper_tour import PaperTour
from tests.till.ui.tour import Tour
from tests.till.ui.world import World
from till.ui.window import Window


class Screens(Protocol):
    """A walk under way."""

    def screens(self) -> Iterator[str]:
        """The name of each screen when it stands."""


Walk = Callable[[Window, World], Screens]
TOURS: tuple[Walk, ...] = (Tour, CardTour, IncidentTour, PaperTour)
