"""Reads each organisation's feed once and hands what is new to all of its streams."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

import msgspec
import sqlalchemy as sa

from server.errors import StorageUnavailable
from server.storage.feed import changes_after
from server.storage.positions import settled_position
from sync.wire.feed import Change

READ_AT_ONCE = 500
BEHIND_MAX = 5_000
"""A stream that lets more than this pile up is ended; its till resumes where it was."""

LAGGING_PAUSE_S = 0.003
LAGGING_TRIES = 300

T = TypeVar("T")
log = logging.getLogger(__name__)


class Read(Protocol):
    """Runs a query off the event loop."""

    def __call__(self, query: Callable[[sa.Connection], T]) -> Awaitable[T]:
        """The query's answer. Raises StorageUnavailable."""


class Published:
    """A change, encoded once for all streams."""

    __slots__ = ("frame", "position")

    def __init__(self, change: Change) -> None:
        self.position = change.position
        self.frame = _frame(change.position, change)


class Subscription:
    """What one stream still has to send."""

    def __init__(self) -> None:
        self._waiting: deque[Published] = deque()
        self._news = asyncio.Event()
        self.fell_behind = False

    def put(self, items: list[Published]) -> None:
        """Called by the hub."""
        self.fell_behind = self.fell_behind or len(self._waiting) + len(items) > BEHIND_MAX
        self._waiting.extend(items)
        self._news.set()

    def nudge(self) -> None:
        """Make the stream look around, though there is nothing new."""
        self._news.set()

    async def take(self, timeout_s: float) -> list[Published]:
        """All that is new; nothing when it stays quiet for `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        except TimeoutError:
            return []
        self._news.clear()
        taken = list(self._waiting)
        self._waiting.clear()
        return taken


class _Room:
    """The streams of one organisation."""

    def __init__(self) -> None:
        self.position = -1
        self.expected = 0
        self.streams: set[Subscription] = set()
        self.news = asyncio.Event()
        self.opened = asyncio.Event()
        self.pump: asyncio.Task[None] | None = None


class Hub:
    """All streams of one worker."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._rooms: dict[str, _Room] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Bind to the running loop."""
        self._loop = asyncio.get_running_loop()

    def stop(self) -> None:
        """Stop reading for the streams."""
        for room in self._rooms.values():
            if room.pump is not None:
                room.pump.cancel()

    def wake(self, organisation: str | None = None, position: int = 0) -> None:
        """From any thread: an organisation (or any) has changes, up to `position` if known."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, organisation, position)

    def wake_everybody(self) -> None:
        """Make every stream look around."""
        for room in self._rooms.values():
            for stream in room.streams:
                stream.nudge()

    @contextmanager
    def subscribed(self, organisation: str) -> Iterator[Subscription]:
        """Everything that is settled from now on, and possibly some of what was before.

        Await `ready` before reading what came earlier, so that nothing lies between the two.
        """
        room = self._rooms.get(organisation)
        if room is None:
            room = self._rooms[organisation] = _Room()
            room.pump = asyncio.create_task(self._pump(organisation, room))
        stream = Subscription()
        room.streams.add(stream)
        try:
            yield stream
        finally:
            room.streams.discard(stream)
            if not room.streams and self._rooms.get(organisation) is room:
                del self._rooms[organisation]
                if room.pump is not None:
                    room.pump.cancel()

    async def ready(self, organisation: str) -> None:
        """Wait until the organisation's feed is being followed."""
        await self._rooms[organisation].opened.wait()

    def _wake(self, organisation: str | None, position: int) -> None:
        rooms = self._rooms.values() if organisation is None else [self._rooms.get(organisation)]
        for room in rooms:
            if room is not None:
                room.expected = max(room.expected, position)
                room.news.set()

    async def _pump(self, organisation: str, room: _Room) -> None:
        while True:
            try:
                if room.position < 0:
                    room.position = await self._read(
                        lambda connection: settled_position(connection, organisation)
                    )
                    room.opened.set()
                await room.news.wait()
                room.news.clear()
                await self._catch_up(organisation, room)
            except Exception as error:  # whatever it was, the streams must not fall silent
                if isinstance(error, StorageUnavailable):
                    log.warning("the feed cannot be read: %s", error)
                else:
                    log.exception("reading the feed failed and is begun again")
                await asyncio.sleep(0.2)
                room.news.set()

    async def _catch_up(self, organisation: str, room: _Room) -> None:
        """Read until what was announced is there.

        On PostgreSQL it may be hidden for a moment behind an older transaction, which need
        not have anything to announce itself when it ends.
        """
        for _ in range(LAGGING_TRIES):
            found = await self._read(
                lambda connection: changes_after(
                    connection, organisation, room.position, READ_AT_ONCE
                )
            )
            if found:
                room.position = found[-1].position
                published = [Published(item) for item in found]
                for stream in room.streams:
                    stream.put(published)
            if room.position >= room.expected and len(found) < READ_AT_ONCE:
                return
            if not found:
                await asyncio.sleep(LAGGING_PAUSE_S)


def _frame(position: int, change: object) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (position, msgspec.json.encode(change))
