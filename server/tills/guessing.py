"""Guessing is slowed down and noticed: after a few failures an address has to wait."""

import logging
import time
from collections import OrderedDict

from vouchers.guessing import CODE_PATIENCE

ADDRESSES_MAX = 10_000

log = logging.getLogger(__name__)


class Guessing:
    """Counts failures by address; the wait doubles with each one after the first few."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, address: str) -> int:
        """Whole seconds this address must wait before its next attempt; 0 when it need not."""
        failures, last = self._failures.get(address, (0, 0.0))
        left = last + CODE_PATIENCE.wait_s(failures) - time.monotonic()
        return int(left) + 1 if failures and left > 0 else 0

    def failed(self, address: str) -> None:
        """Note a wrong guess."""
        failures = self._failures.pop(address, (0, 0.0))[0] + 1
        self._failures[address] = (failures, time.monotonic())
        while len(self._failures) > ADDRESSES_MAX:
            self._failures.popitem(last=False)
        log.warning("wrong %s from %s, %d in a row", self._what, address, failures)

    def succeeded(self, address: str) -> None:
        """Forget what this address got wrong before."""
        self._failures.pop(address, None)
