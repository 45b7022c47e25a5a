"""What a worker process has for its operations, from start to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

from server.errors import StorageUnavailable
from server.feed.hub import Hub
from server.feed.watch import watcher_for
from server.http.operation import ProblemFound
from server.ledger.booking import Booking
from server.problems import problem
from server.storage.database import is_postgresql, reading, writing
from server.storage.postgres_ledger import PostgresLedger
from server.storage.retention import SWEPT_AT_ONCE_MAX, sweep_feed, sweep_requests
from server.storage.snapshot import Totals
from server.storage.sqlite_ledger import SqliteLedger
from server.tills.directory import revoked_tills
from server.tills.guessing import Guessing
from server.tills.origins import origins_of
from server.tills.sign_in import SignedIn, SignIn, shared_secret
from vouchers.errors import OperatingError

READING_THREADS = 4
REVOCATIONS_EVERY_S = 0.5
SWEEP_EVERY_S = 3_600

T = TypeVar("T")
log = logging.getLogger(__name__)


class Services:
    """Sign-in, booking, reading and the feed of one worker process."""

    def __init__(self, engine: sa.Engine, openapi: bytes) -> None:
        self.engine = engine
        self.openapi = openapi
        self._readers = ThreadPoolExecutor(READING_THREADS, thread_name_prefix="reading")
        self.hub = Hub(self.read)
        self._watcher = watcher_for(engine, self.hub.wake)
        store = PostgresLedger(engine) if is_postgresql(engine) else SqliteLedger(engine)
        self.booking = Booking(store, self._watcher.committed)
        self.totals = Totals()
        self.guessing = Guessing("enrolment code")
        self.balance_guessing = Guessing("voucher code")
        self._revoked: frozenset[str] = frozenset()
        self._origins: dict[str, frozenset[str]] = {}
        with writing(engine) as connection:
            self.sign_in = SignIn(shared_secret(connection))

    async def start(self) -> None:
        """Begin to book, to listen for changes of other workers, and to look for revocations."""
        await self._reload_revoked()
        self.hub.start()
        self._watcher.start()
        self.booking.start()
        self._chores = [
            asyncio.create_task(self._repeat(REVOCATIONS_EVERY_S, self._reload_revoked)),
            asyncio.create_task(self._repeat(SWEEP_EVERY_S, self._sweep)),
        ]

    async def stop(self) -> None:
        """End everything; what waits is booked first."""
        for chore in self._chores:
            chore.cancel()
        await asyncio.to_thread(self.booking.stop)
        await asyncio.to_thread(self._watcher.stop)
        self.hub.stop()
        self._readers.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()

    async def read(self, query: Callable[[sa.Connection], T]) -> T:
        """Run a reading query on a thread of its own. Raises StorageUnavailable."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._readers, self._query, query)
        except StorageUnavailable:  # a connection that died while idle; the next one is new
            return await loop.run_in_executor(self._readers, self._query, query)

    async def write(self, change: Callable[[sa.Connection], T]) -> T:
        """Run a rare change, such as an enrolment, in a transaction of its own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._change, change)

    def announce(self, organisation: str) -> None:
        """Tell all streams of an organisation that `write` put something into its feed."""
        self._watcher.committed(organisation, 0)

    def caller(self, headers: Mapping[str, str]) -> SignedIn:
        """Who calls, by the bearer token. Raises ProblemFound (not-signed-in)."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        till = self.sign_in.read_token(token) if scheme.lower() == "bearer" else None
        if till is None or till.till_id in self._revoked:
            raise ProblemFound(problem("not-signed-in"), {"WWW-Authenticate": "Bearer"})
        return till

    async def origins(self, till: SignedIn) -> frozenset[str]:
        """See origins_of; read once, for they are settled when a till enrols."""
        known = self._origins.get(till.till_id)
        if known is None:
            known = await self.read(partial(origins_of, till_id=till.till_id))
            self._origins[till.till_id] = known
        return known

    def is_revoked(self, till_id: str) -> bool:
        """Whether a till has been shut out meanwhile."""
        return till_id in self._revoked

    def _query(self, query: Callable[[sa.Connection], T]) -> T:
        with reading(self.engine) as connection:
            return query(connection)

    def _change(self, change: Callable[[sa.Connection], T]) -> T:
        with writing(self.engine) as connection:
            return change(connection)

    async def _repeat(self, every_s: float, chore: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(every_s)
            try:
                await chore()
            except OperatingError as error:
                log.warning("put off: %s", error)

    async def _sweep(self) -> None:
        await self.write(sweep_feed)
        while await self.write(sweep_requests) == SWEPT_AT_ONCE_MAX:
            pass

    async def _reload_revoked(self) -> None:
        revoked = await self.read(revoked_tills)
        if revoked != self._revoked:
            self._revoked = revoked
            self.hub.wake_everybody()
