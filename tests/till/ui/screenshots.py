"""Pictures of every screen: python -m tests.till.ui.screenshots FOLDER [WIDTHxHEIGHT ...]

In English, light, at 1366x768 and 1024x768; add `de` or `dark` for something else.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.till.ui.tours import TOURS, Walk
from tests.till.ui.world import World
from till.store.settings import Taste
from till.ui import presses
from till.ui.application import dress
from till.ui.window import Window

SIZES = ["1366x768", "1024x768"]


def main(folder: Path, wanted: list[str]) -> None:
    """Take the pictures."""
    app = QApplication([])
    presses.SETTLED_MS = 0  # nobody looks meanwhile
    folder.mkdir(parents=True, exist_ok=True)
    for size in [each for each in wanted if "x" in each] or SIZES:
        for tour in TOURS:
            dress(app)
            with tempfile.TemporaryDirectory() as data:
                _photograph(tour, World(Path(data)), folder, size, wanted)


def _photograph(tour: Walk, world: World, folder: Path, size: str, wanted: list[str]) -> None:
    world.keep_taste(Taste(colours="dark" if "dark" in wanted else ""))
    window = Window(lambda: world, "de" if "de" in wanted else "en")
    window.resize(*map(int, size.split("x")))
    window.show()
    suffix = "".join(f"-{each}" for each in wanted if "x" not in each)
    for name in tour(window, world).screens():
        QTest.qWait(50)
        window.grab().save(str(folder / f"{name}-{size}{suffix}.png"))
    window.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
