"""The rim: a real window on a virtual X server, driven by real key and pointer events.

`till` is a RimTill with a cashier signed in at an empty basket: a fresh window over a fresh world
(tests.till.ui.world) for each test, in a process and on a screen that last for the session, one
of each per worker of pytest-xdist. A test

- taps, types and scans: `till.tap("Voucher €25")`, `till.type(["5", "0", "Enter"])`,
  `till.scan(code, pace_ms=BLUETOOTH_MS, end=("Tab", "Enter"))`, `till.screen.hold("Enter", ...)`;
  all of it goes to the X server, which keeps the times, and nothing to a widget;
- reads: `till.sees("Change", "25.00")`, `till.sees_no(...)`, `till.receipts()`;
- changes what lies outside: `till.ask(function, ...)` runs a function of the test's module in the
  window's process, with the Program as first argument (`program.world.server.slow_s = 0.5`);
- opens another window: `till.open(language="de")`, `till.open(user="s1")`, or over any other
  till.ui.session.Session, the real till.window.TillSession too: `till.open(make_session)`, where
  `make_session(folder)` is a function of a module.

Whatever a handler raises without being caught fails the test that caused it.
"""

from collections.abc import Iterator

import pytest

from tests.rim.screen import virtual_screen
from tests.rim.till import RimTill, mishaps


@pytest.fixture(scope="session")
def rim() -> Iterator[RimTill]:
    """The screen and the process."""
    with virtual_screen() as screen:
        till = RimTill(screen)
        yield till
        till.close()


@pytest.fixture
def till(rim: RimTill) -> Iterator[RimTill]:
    """A cashier signed in at an empty basket, in English."""
    rim.open()
    yield rim
    assert rim.ask(mishaps) == []
