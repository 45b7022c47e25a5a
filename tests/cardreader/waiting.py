"""Waiting for what another process does."""

import time
from collections.abc import Callable


def eventually(
    condition: Callable[[], object], trouble: Callable[[], str] = str, seconds: float = 10
) -> None:
    """Return as soon as `condition` holds; fail with `trouble` when it never does."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, trouble()
        time.sleep(0.01)
