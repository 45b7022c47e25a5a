"""Reporting what happened: in order, in batches, with the same ids for ever."""

import logging
from contextlib import suppress

from sync.link import Fault, ServerLink, Unreachable
from sync.store import SyncStore
from sync.wire.booking import BATCH_ENTRIES_MAX, EntryAnswer
from vouchers.errors import Refused
from vouchers.ledger import LedgerEntry

_log = logging.getLogger(__name__)


def push_batch(store: SyncStore, link: ServerLink) -> int:
    """Report the oldest waiting entries; returns how many there were.

    Raises Unreachable: then nothing is known, and the same entries go again with the same ids.
    """
    entries = store.waiting(BATCH_ENTRIES_MAX)
    if not entries:
        return 0
    try:
        answers = link.push(entries).answers
    except Unreachable as trouble:
        if trouble.fault is not Fault.MISUNDERSTOOD:
            raise
        answers = _one_by_one(store, link, entries)
    else:
        if not {entry.entry_id for entry in entries} & {each.entry_id for each in answers}:
            raise Unreachable("no word on any of the entries")
    store.acknowledge(answers)
    return len(entries)


def _one_by_one(
    store: SyncStore, link: ServerLink, entries: list[LedgerEntry]
) -> list[EntryAnswer]:
    """Report each by itself, and park those that the server cannot read."""
    answers = []
    for entry in entries:
        try:
            answers += link.push([entry]).answers
        except Unreachable as trouble:
            if trouble.fault is not Fault.MISUNDERSTOOD:
                raise
            _log.error("the server cannot read the entry %s: %s", entry.entry_id, trouble)
            store.park(entry.entry_id)
    return answers


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
