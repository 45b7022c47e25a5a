"""Following the server's changes, from the position kept with the last one."""

from collections.abc import Callable

from sync import snapshot
from sync.link import PositionLost, ServerLink
from sync.store import SyncStore

NOTHING_SEEN: Callable[[int, int], None] = lambda _done, _total: None  # noqa: E731


def catch_up(
    store: SyncStore,
    link: ServerLink,
    progress: Callable[[int, int], None] = NOTHING_SEEN,
    pages_max: int | None = None,
) -> None:
    """Load what is missing of the snapshot, then all changes there are by now.

    `progress` is told accounts loaded and accounts in all; a caller in a hurry takes `pages_max`
    pages of the snapshot now and the rest another time. Raises Unreachable half-way; what came by
    then is kept and the next call goes on there.
    """
    if not store.snapshot_progress().started:
        snapshot.begin(store, link)
    snapshot.load(store, link, progress, pages_max)
    try:
        follow_pages(store, link)
    except PositionLost:
        snapshot.begin(store, link)
        snapshot.load(store, link, progress, pages_max)
        follow_pages(store, link)


def follow_pages(store: SyncStore, link: ServerLink) -> None:
    """Take in page after page until there is no more."""
    more = True
    while more:
        page = link.changes(store.position())
        store.apply(page.changes, page.position)
        more = page.more


def follow_stream(
    store: SyncStore,
    link: ServerLink,
    on_life: Callable[[], bool],
) -> None:
    """Take in changes as they happen. Returns when `on_life`, asked at each sign, says stop.

    Raises Unreachable when the stream breaks, PositionLost when a new snapshot is due.
    """
    for change in link.stream(store.position()):
        if change is not None:
            store.apply([change], change.position)
        if not on_life():
            return
