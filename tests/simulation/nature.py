"""What the simulated world decides by its seed: time, ids, codes and how small everything is."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from unittest import mock
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FIRST_MOMENT_MS = int(datetime(2026, 11, 22, 9, tzinfo=UTC).timestamp() * 1000)
BATCH_ENTRIES, SNAPSHOT_ACCOUNTS, CHANGES_AT_ONCE = 3, 2, 5
"""So few to a batch or a page that every story has several of them."""


class PowerCut(BaseException):
    """The process is gone between two writes. No code may catch it, as none could in earnest."""


class WorldClock:
    """The true time, which is also the server's. It stands in for the module `time` there."""

    def __init__(self) -> None:
        self.now_ms = FIRST_MOMENT_MS

    def advance(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)

    def time_ns(self) -> int:
        return self.now_ms * 1_000_000


@dataclass
class TillClock:
    """A till's own clock, wrong by `wrong`."""

    world: WorldClock
    wrong: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.world.now_ms / 1000, UTC) + self.wrong


class SeededIds:
    """Ids whose order says nothing: clocks that are wrong by years make such, too."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def uuid7(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)


class SeededKeys:
    """Stands in for the maker of tills' keys."""

    from_private_bytes = Ed25519PrivateKey.from_private_bytes

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def generate(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._chance.randbytes(32))


class AtOnce:
    """A thread that has done its work when it is started; stands in for LastingThread."""

    def __init__(self, _name: str, work: Callable[[], object]) -> None:
        self.start = work


@contextmanager
def governed_by(chance: Random, clock: WorldClock) -> Iterator[None]:
    """Everything within is as random as `chance`, so that a seed tells one story for ever."""
    stand_ins = {
        "vouchers.ids.uuid_utils": SeededIds(chance),
        "vouchers.codes.secrets": chance,
        "server.tills.directory.secrets": chance,
        "till.store.secrets.Ed25519PrivateKey": SeededKeys(chance),
        "server.storage.database.time": clock,
        "sync.outbox.BATCH_ENTRIES_MAX": BATCH_ENTRIES,
        "sync.http_link.SNAPSHOT_PAGE_MAX": SNAPSHOT_ACCOUNTS,
        "sync.http_link.LastingThread": AtOnce,
    }
    with ExitStack() as stack:
        for target, stand_in in stand_ins.items():
            stack.enter_context(mock.patch(target, stand_in, create=True))
        yield
