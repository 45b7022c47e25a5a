"""The first load of all accounts: page by page, resumed where it was cut off."""

from collections.abc import Callable
from uuid import UUID

from sync.link import ServerLink
from sync.store import SyncStore
from sync.wire.incidents import Incident


def begin(store: SyncStore, link: ServerLink) -> None:
    """Take the shared documents and the open incidents; from here on the till can sell.

    The documents come first: an incident of the time between is told again by the feed.
    """
    venue = link.venue()
    found: list[Incident] = []
    after: UUID | None = None
    while True:
        page = link.incidents(after)
        found += page.incidents
        if page.next is None:
            break
        after = page.next
    store.begin_snapshot(venue, found)


def load(
    store: SyncStore,
    link: ServerLink,
    progress: Callable[[int, int], None],
    pages_max: int | None = None,
) -> None:
    """Take in the pages still missing, at most `pages_max` of them now.

    `progress` hears how many accounts are known and how many there are. Raises Unreachable; what
    came by then is kept.
    """
    pages = 0
    state = store.snapshot_progress()
    while not state.complete and pages != pages_max:
        page = link.snapshot(state.after, state.origins)
        store.add_page(page)
        pages += 1
        state = store.snapshot_progress()
        progress(state.accounts, page.total)
