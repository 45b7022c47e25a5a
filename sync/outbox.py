"""Reporting what happened: in order, in batches, with the same ids for ever."""

from contextlib import suppress

from sync.link import ServerLink
from sync.store import SyncStore
from sync.wire.booking import BATCH_ENTRIES_MAX
from vouchers.errors import Refused


def push_batch(store: SyncStore, link: ServerLink) -> int:
    """Report the oldest waiting entries; returns how many there were.

    Raises Unreachable: then nothing is known, and the same entries go again with the same ids.
    """
    entries = store.waiting(BATCH_ENTRIES_MAX)
    if entries:
        store.acknowledge(link.push(entries).answers)
    return len(entries)


def drain(store: SyncStore, link: ServerLink) -> None:
    """Report all that waits, then tell what was blocked here, and give back the holds of sales
    that were given up.
    """
    while push_batch(store, link):
        pass
    for voucher_id, change in store.blocks_to_tell():
        try:
            link.set_status(voucher_id, change)
        except Refused as refusal:
            store.block_told(voucher_id, why_not=refusal.reason)
        else:
            store.block_told(voucher_id)
    for hold_id in store.holds_to_release():
        with suppress(Refused):  # another till's: it asked for it, and it runs out by itself
            link.release(hold_id)
        store.released(hold_id)
