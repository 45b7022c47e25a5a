"""A till's window while a long outage is reported: how long that takes, and its longest pauses.

Says "ready" while the server is away, and prints its figures when nothing waits any more.
"""

import os
import sys
import time
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.till.ui.cashier import Cashier
from tests.till.ui.pulse import Pulse
from till.ui.application import dress
from till.ui.window import Window
from till.window import TillSession

CALM_MS = 5_000
LOOK_MS = 100
NOTHING_WAITS = " 0 waiting"


def main() -> None:
    app = QApplication([])
    dress(app)
    window = Window(partial(TillSession, Path(sys.argv[1]), "en"), "en")
    window.show()
    cashier = Cashier(window)
    cashier.sign_in("Kim Kasse", "1234")
    cashier.sees("Offline since")
    calm = Pulse()
    QTest.qWait(CALM_MS)
    calm_ms = calm.stop()
    print("ready", flush=True)
    cashier.sees("Online")
    begun = time.perf_counter()
    busy = Pulse()
    while NOTHING_WAITS not in cashier.reads():
        QTest.qWait(LOOK_MS)
    figures = {
        "drained_ms": round((time.perf_counter() - begun) * 1000),
        "longest_ms": busy.stop(),
        "longest_own_ms": busy.longest_own_ms,
        "calm_ms": calm_ms,
    }
    print(msgspec.json.encode(figures).decode(), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
