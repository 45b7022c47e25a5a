"""What keeping in step needs of the till's database; till.store.sync_store fulfils it.

Each call is one transaction: all of it is on disk when it returns, or none of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sync.changes import AnyChange
from sync.wire.booking import EntryAnswer, StatusChange
from sync.wire.feed import SnapshotPage, VenueState
from sync.wire.incidents import Incident
from vouchers.ledger import LedgerEntry


@dataclass(frozen=True, slots=True)
class SnapshotProgress:
    """How far the first load has come: `after` which voucher, and how many accounts came.

    `after` is None before the first page. `origins` are what this till was before it enrolled
    anew: its entries under those names are its own, too.
    """

    started: bool
    complete: bool
    after: UUID | None
    accounts: int = 0
    origins: tuple[str, ...] = ()


class SyncStore(Protocol):
    """The till's side of the outbox, the feed and the snapshot."""

    def waiting(self, limit: int) -> list[LedgerEntry]:
        """The oldest entries that were neither acknowledged nor parked, in order."""

    def acknowledge(self, answers: list[EntryAnswer]) -> None:
        """The server has these; what it cannot accept is parked for a human, never dropped."""

    def park(self, entry_id: UUID) -> None:
        """The server cannot read this one: it is kept for a human, and the others go on."""

    def try_parked_again(self) -> None:
        """Whoever could not read them may have been upgraded since: they wait once more."""

    def holds_to_release(self) -> list[UUID]:
        """Holds given up here that the server still counts."""

    def released(self, hold_id: UUID) -> None:
        """The server has let go of it."""

    def blocks_to_tell(self) -> list[tuple[UUID, StatusChange]]:
        """Accounts that were blocked here while the server was away."""

    def block_told(self, voucher_id: UUID, why_not: str = "") -> None:
        """The server has heard of it; `why_not` is what it refused it for."""

    def position(self) -> int:
        """How far the feed has been followed."""

    def apply(self, changes: Sequence[AnyChange], position: int) -> None:
        """Take in changes and the position they lead to, together."""

    def snapshot_progress(self) -> SnapshotProgress:
        """Whether all accounts have been loaded, and where to go on.

        Not started also where an older program passed changes over that this one understands.
        """

    def begin_snapshot(self, venue: VenueState, open_incidents: list[Incident]) -> None:
        """Take the shared documents; the feed is followed from their position."""

    def add_page(self, page: SnapshotPage) -> None:
        """Take in a part of all accounts, and how far that goes.

        With the last part it shows which own entries a server put back from a backup has lost:
        they wait to be reported again.
        """

    def contact(self, server_time: datetime, skew_ms: int) -> None:
        """The server answered: its clock, and how far this machine's runs ahead of it."""

    def revoked(self) -> None:
        """The server has shut this till out: it keeps what it owes, and sells nothing any more."""

    def counts(self) -> tuple[int, int]:
        """How many entries wait, and how many are parked."""
