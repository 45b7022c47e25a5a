"""Changes, snapshots and the venue's documents."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta, Struct
from starlette.responses import StreamingResponse

from server.http.operation import Call, Nothing, Operation, ProblemFound
from server.http.services import Services
from server.problems import problem
from server.storage.feed import changes_after, check_kept
from server.storage.positions import life_start, settled_position
from server.storage.snapshot import snapshot_page
from server.storage.venues import load_campaigns, load_catalogue, load_issuer_keys, load_users
from server.tills.sign_in import SignedIn
from sync.wire import API, PAGE_MAX, Position
from sync.wire.feed import (
    SHUT_OUT,
    SNAPSHOT_PAGE_MAX,
    FeedPage,
    SnapshotPage,
    VenueState,
    VenueUsers,
)
from vouchers.catalogue import Catalogue

SIGN_OF_LIFE_S = 1.5
"""A till takes a line for dead after missing two: see sync.conversation."""
_ALIVE = b":\n\n"


class FeedQuery(Struct, frozen=True):
    """Changes after a position."""

    after: Position = 0
    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_MAX


class StreamQuery(Struct, frozen=True):
    """Where to resume."""

    after: Position = 0


class SnapshotQuery(Struct, frozen=True):
    """Accounts after a voucher id; `origins`, parted by commas, are those the till was before."""

    after: UUID | None = None
    origins: Annotated[str, Meta(max_length=4_000)] = ""
    limit: Annotated[int, Meta(ge=1, le=SNAPSHOT_PAGE_MAX)] = SNAPSHOT_PAGE_MAX


async def changes(call: Call[FeedQuery, Nothing]) -> FeedPage:
    """A page of the feed."""
    return await _page(call.services, call.till, call.parameters.after, call.parameters.limit)


async def stream(call: Call[StreamQuery, Nothing]) -> StreamingResponse:
    """The feed as it happens, as server-sent events."""
    organisation, after = call.till.organisation, call.parameters.after
    await call.services.read(lambda connection: check_kept(connection, organisation, after))
    return StreamingResponse(
        _events(call.services, call.till, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def snapshot(call: Call[SnapshotQuery, Nothing]) -> SnapshotPage:
    """A page of all accounts."""
    till, query, totals = call.till, call.parameters, call.services.totals
    return await call.services.read(
        lambda connection: snapshot_page(
            connection,
            till.organisation,
            [till.till_id, *query.origins.split(",")],
            query.after,
            query.limit,
            totals=totals,
        )
    )


async def venue(call: Call[Nothing, Nothing]) -> VenueState:
    """All shared documents at one moment."""
    organisation = call.till.organisation

    def query(connection: sa.Connection) -> VenueState:
        position = settled_position(connection, organisation)
        return VenueState(
            catalogue=catalogue_of(connection, organisation),
            users=load_users(connection, organisation),
            issuer_keys=load_issuer_keys(connection, organisation),
            position=position,
            life_start=life_start(connection),
            campaigns=load_campaigns(connection, organisation) or [],
        )

    return await call.services.read(query)


async def users(call: Call[Nothing, Nothing]) -> VenueUsers:
    """Who works at the venue."""
    organisation = call.till.organisation
    return await call.services.read(
        lambda connection: VenueUsers(users=load_users(connection, organisation))
    )


def catalogue_of(connection: sa.Connection, organisation: str) -> Catalogue:
    """The venue's catalogue. Raises ProblemFound (not-found) until there is one."""
    catalogue = load_catalogue(connection, organisation)
    if catalogue is None:
        raise ProblemFound(problem("not-found", "The venue has no catalogue yet."))
    return catalogue


async def _page(services: Services, till: SignedIn, after: int, limit: int) -> FeedPage:
    def query(connection: sa.Connection) -> FeedPage:
        check_kept(connection, till.organisation, after)
        items = changes_after(connection, till.organisation, after, limit)
        return FeedPage(
            changes=items,
            position=items[-1].position if items else after,
            more=len(items) == limit,
        )

    return await services.read(query)


async def _events(services: Services, till: SignedIn, after: int) -> AsyncIterator[bytes]:
    """A sign of life at once, then what was missed, then what happens."""
    yield _ALIVE
    with services.hub.subscribed(till.organisation) as subscription:
        await services.hub.ready(till.organisation)
        sent, more = after, True
        while more:
            page = await _page(services, till, sent, PAGE_MAX)
            for change in page.changes:
                yield b"id: %d\ndata: %s\n\n" % (change.position, msgspec.json.encode(change))
            sent, more = page.position, page.more
        while not (services.is_revoked(till.till_id) or subscription.fell_behind):
            news = await subscription.take(SIGN_OF_LIFE_S)
            frames = [item.frame for item in news if item.position > sent]
            yield b"".join(frames) or _ALIVE
    if services.is_revoked(till.till_id):
        yield SHUT_OUT + b"\n\n"


OPERATIONS: list[Operation[Any, Any]] = [
    Operation(
        *("GET", f"{API}/feed", "changes", "Changes after a position, oldest first"),
        handler=changes,
        parameters=FeedQuery,
        body=Nothing,
        answer=FeedPage,
        problems=("position-lost",),
    ),
    Operation(
        *("GET", f"{API}/feed/stream", "stream", "The same as server-sent events, for ever"),
        handler=stream,
        parameters=StreamQuery,
        body=Nothing,
        answer=None,
        problems=("position-lost",),
        stream=True,
    ),
    Operation(
        *("GET", f"{API}/snapshot", "snapshot", "All accounts, page by page"),
        handler=snapshot,
        parameters=SnapshotQuery,
        body=Nothing,
        answer=SnapshotPage,
    ),
    Operation(
        *("GET", f"{API}/venue", "venue", "Catalogue, users and keys"),
        handler=venue,
        parameters=Nothing,
        body=Nothing,
        answer=VenueState,
        problems=("not-found",),
    ),
    Operation(
        *("GET", f"{API}/users", "users", "Who may sign in at the tills at this moment"),
        handler=users,
        parameters=Nothing,
        body=Nothing,
        answer=VenueUsers,
    ),
]
