"""The first load of all accounts: page by page, resumed where it was cut off."""

from collections.abc import Callable

from sync.link import ServerLink
from sync.store import SyncStore


def load(store: SyncStore, link: ServerLink, progress: Callable[[int, int], None]) -> None:
    """Take in the pages still missing. Raises Unreachable; what came by then is kept."""
    done = 0
    state = store.snapshot_progress()
    while not state.complete:
        page = link.snapshot(state.after)
        store.add_page(page)
        done += len(page.accounts)
        progress(done, page.total)
        state = store.snapshot_progress()
