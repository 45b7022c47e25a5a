"""Origin sequences have no gaps, and each entry carries the digest of the one before it.

So a lost entry, a database put back from an old backup and a cloned till are noticed.
"""

from datetime import datetime, timedelta

from server.ledger.incidents import Found
from server.ledger.state import Books
from sync.wire.incidents import IncidentKind
from vouchers.ledger import FIRST_DIGEST, LedgerEntry

CLOCK_TOLERANCE = timedelta(minutes=10)
"""Clocks of well-kept tills differ by seconds; a visitor's sale takes minutes."""


def check(books: Books, entry: LedgerEntry, digest: str, found: Found) -> int:
    """Compare `entry` with its neighbours in its origin's sequence; how many are at its place."""
    origin, seq = entry.origin, entry.origin_seq
    if same := books.chain.get((origin, seq), []):
        found.add(IncidentKind.FORK, subject=origin, seq=seq, other=str(same[0].entry.entry_id))
    before = books.chain.get((origin, seq - 1), [])
    if seq > 1 and not before:
        found.add(IncidentKind.GAP, subject=_missing(origin, seq - 1), missing=seq - 1)
    elif entry.previous_digest not in ([one.digest for one in before] or (FIRST_DIGEST,)):
        found.add(IncidentKind.DIGEST, seq=seq)
    if after := books.chain.get((origin, seq + 1)):
        found.settle(IncidentKind.GAP, _missing(origin, seq), "missing_entry_arrived")
        for one in after if not same else []:
            if one.entry.previous_digest != digest:
                found.add(IncidentKind.DIGEST, subject=str(one.entry.entry_id), seq=seq + 1)
    previous = max((one.entry.occurred_at for one in before), default=None)
    _check_clock(books, entry, previous, found)
    return len(same)


def _check_clock(books: Books, entry: LedgerEntry, previous: datetime | None, found: Found) -> None:
    if entry.occurred_at > books.now + CLOCK_TOLERANCE:
        details = {"why": "in_the_future"}
    elif previous is not None and entry.occurred_at < previous - CLOCK_TOLERANCE:
        details = {"why": "went_back", "before": previous.isoformat()}
    else:
        return
    occurred_at = entry.occurred_at.isoformat()
    found.add(IncidentKind.CLOCK, subject=entry.origin, occurred_at=occurred_at, **details)


def _missing(origin: str, seq: int) -> str:
    return f"{origin}#{seq}"
