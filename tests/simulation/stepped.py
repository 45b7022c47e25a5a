"""The server's services without threads: every query and booking is done on the spot."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from server.feed.hub import Hub, Published
from server.http.services import Services
from server.ledger.booking import Booking
from server.ledger.state import Books
from server.ledger.work import Answer, Work, wanted_by
from server.storage.feed import changes_after
from server.storage.sqlite_ledger import SqliteLedger
from server.tills.directory import revoked_tills
from server.tills.sign_in import SignedIn
from tests.simulation.nature import PowerCut

T = TypeVar("T")


class Life(Protocol):
    """One life of the server's process."""

    alive: bool

    def breathe(self, where: str) -> None:
        """Raises PowerCut when it ends here; other tills may ask something meanwhile."""


class SteppedServices(Services):
    """The server's services, with every query and booking done on the spot."""

    def __init__(self, engine: sa.Engine, life: Life) -> None:
        super().__init__(engine, b"")
        self.booking = SteppedBooking(SqliteLedger(engine), life)
        self.hub = PolledHub(self)

    async def read(self, query: Callable[[sa.Connection], T]) -> T:
        return self._query(query)

    async def write(self, change: Callable[[sa.Connection], T]) -> T:
        return self._change(change)

    def announce(self, organisation: str) -> None:
        pass

    def caller(self, headers: Mapping[str, str]) -> SignedIn:
        self._revoked = self._query(revoked_tills)
        return super().caller(headers)


@dataclass
class _Waiting:
    work: Work
    answers: list[Answer] = field(default_factory=list)


class SteppedBooking(Booking):
    """Books in the caller's thread. Two tills that ask at once share a transaction."""

    def __init__(self, store: SqliteLedger, life: Life) -> None:
        super().__init__(store, lambda _organisation, _position: None)
        self._ledger, self._life = store, life
        self._queue: list[_Waiting] = []

    async def do(self, organisation: str, work: Work) -> Answer:
        mine = _Waiting(work)
        self._queue.append(mine)
        self._life.breathe("before the server books")
        if not self._life.alive:
            raise PowerCut
        if not mine.answers:
            self._book_all(organisation)
        return mine.answers[0]

    def _book_all(self, organisation: str) -> None:
        together, self._queue = self._queue, []

        def decide(books: Books) -> list[Answer]:
            answers = [waiting.work.decide(books) for waiting in together]
            self._life.breathe("before the server commits")
            return answers

        wanted = wanted_by([waiting.work for waiting in together])
        answers, _ = self._ledger.book(organisation, wanted, decide)
        self._life.breathe("after the server committed")
        for waiting, answer in zip(together, answers, strict=True):
            waiting.answers.append(answer)


class PolledHub(Hub):
    """Streams read the feed when they are asked, instead of being woken."""

    def __init__(self, services: Services) -> None:
        super().__init__(services.read)
        self._services = services

    @contextmanager
    def subscribed(self, organisation: str) -> Iterator[Any]:
        yield PolledSubscription(self._services, organisation)

    async def ready(self, organisation: str) -> None:
        pass


class PolledSubscription:
    """Gives the whole feed once: a hub may hand out some of what was before."""

    fell_behind = False

    def __init__(self, services: Services, organisation: str) -> None:
        self._services, self._organisation = services, organisation

    async def take(self, _timeout_s: float) -> list[Published]:
        self.fell_behind = True
        found = await self._services.read(
            lambda connection: changes_after(connection, self._organisation, 0, 1_000)
        )
        return [Published(item) for item in found]
