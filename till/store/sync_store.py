"""The till's database as keeping in step sees it (sync.store.SyncStore)."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update

from sync.changes import KINDS, AnyChange, UnknownChange
from sync.store import SnapshotProgress
from sync.wire.booking import EntryAnswer, StatusChange
from sync.wire.feed import (
    AccountChanged,
    CampaignsChanged,
    CatalogueChanged,
    IncidentChanged,
    IssuerKeysChanged,
    SnapshotPage,
    UsersChanged,
    VenueState,
)
from sync.wire.incidents import Incident
from till.store import accounts, audit, blocks, holds, incidents, ledger, settings
from till.store.database import Database, Work
from till.store.ledger import AGAIN, PARKED, WAITING
from till.store.tables import entries, outbox
from vouchers.ledger import LedgerEntry

CONTACT_EVERY = timedelta(seconds=30)
"""How stale the kept time of the last contact may be: not every sign of life needs the disk."""

SKEW_WORTH_KEEPING_MS = 1_000
_COMPLETE = ""
_log = logging.getLogger(__name__)

_OLDEST_OWED = (
    select(entries.c.seq, entries.c.body)
    .join(outbox, outbox.c.seq == entries.c.seq)
    .where(outbox.c.state != PARKED)
    .order_by(entries.c.seq)
    .limit(bindparam("limit"))
)


class TillSyncStore:
    """See sync.store.SyncStore: every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, limit: int) -> list[LedgerEntry]:
        """See SyncStore."""
        with self._database.read() as work:
            oldest = work.execute(_OLDEST_OWED, {"limit": limit}).all()
        found = [(row.seq, ledger.read(row.body)) for row in oldest]
        damaged = [seq for seq, entry in found if entry is None]
        if not damaged:
            return [entry for _seq, entry in found if entry is not None]
        # One that cannot be read can never be sent: those behind it must not wait for it.
        with self._database.write() as work:
            _park(work, outbox.c.seq.in_(damaged), ledger.UNREADABLE_HERE)
        return self.waiting(limit)

    def park(self, entry_id: UUID) -> None:
        """See SyncStore."""
        with self._database.write() as work:
            _park(work, _duty([entry_id]), ledger.NOT_UNDERSTOOD)

    def try_parked_again(self) -> None:
        """See SyncStore."""
        again = update(outbox).where(outbox.c.reason == ledger.NOT_UNDERSTOOD)
        with self._database.write() as work:
            work.execute(again.values(state=WAITING, reason=None))

    def acknowledge(self, answers: list[EntryAnswer]) -> None:
        """See SyncStore."""
        taken = [answer.entry_id for answer in answers if answer.verdict in ("booked", "exists")]
        with self._database.write() as work:
            work.execute(delete(outbox).where(_duty(taken)))
            for answer in answers:
                if answer.entry_id not in taken:
                    _park(work, _duty([answer.entry_id]), answer.verdict)

    def holds_to_release(self) -> list[UUID]:
        """See SyncStore."""
        with self._database.read() as work:
            return holds.to_release(work)

    def released(self, hold_id: UUID) -> None:
        """See SyncStore."""
        with self._database.write() as work:
            holds.released(work, hold_id)

    def blocks_to_tell(self) -> list[tuple[UUID, StatusChange]]:
        """See SyncStore."""
        with self._database.read() as work:
            return [(each.voucher_id, each.change) for each in blocks.to_tell(work)]

    def block_told(self, voucher_id: UUID, why_not: str = "") -> None:
        """See SyncStore."""
        with self._database.write() as work:
            if why_not:
                audit.add(
                    work,
                    datetime.now(UTC),
                    actor="server",
                    action="block refused",
                    subject=f"{voucher_id}: {why_not}",
                )
            blocks.told(work, voucher_id)

    def position(self) -> int:
        """See SyncStore."""
        with self._database.read() as work:
            return settings.feed_position.get(work) or 0

    def apply(self, changes: Sequence[AnyChange], position: int) -> None:
        """See SyncStore. A position never goes back, whoever else follows the feed here."""
        with self._database.write() as work:
            life_start = settings.life_start.get(work) or 0
            for change in changes:
                _apply(work, change, life_start)
            blocks.keep(work)
            if position > (settings.feed_position.get(work) or 0):
                settings.feed_position.put(work, position)

    def snapshot_progress(self) -> SnapshotProgress:
        """See SyncStore."""
        with self._database.read() as work:
            after = settings.snapshot_after.get(work)
            followed = settings.kinds_followed.get(work)
            sellable = settings.catalogue.get(work) is not None  # else it is asked for anew
            started = sellable and settings.feed_position.get(work) is not None
            loaded = settings.snapshot_loaded.get(work) or 0
            identity = settings.identity.get(work)
            here = {identity.till_id} if identity else set()
            before = tuple(sorted(set(ledger.origins(work)) - here))
        started = started and (followed is None or set(followed) >= KINDS)
        complete = started and after == _COMPLETE
        return SnapshotProgress(started, complete, UUID(after) if after else None, loaded, before)

    def begin_snapshot(self, venue: VenueState, open_incidents: list[Incident]) -> None:
        """See SyncStore."""
        with self._database.write() as work:
            settings.catalogue.put(work, venue.catalogue)
            settings.campaigns.put(work, venue.campaigns)
            settings.users.put(work, venue.users)
            settings.issuer_keys.put(work, venue.issuer_keys)
            settings.feed_position.put(work, venue.position)
            settings.life_start.put(work, venue.life_start)
            settings.kinds_followed.put(work, sorted(KINDS))
            settings.snapshot_after.clear(work)
            settings.snapshot_loaded.clear(work)
            accounts.begin_load(work)
            incidents.replace_all(work, open_incidents)

    def add_page(self, page: SnapshotPage) -> None:
        """See SyncStore."""
        with self._database.write() as work:
            accounts.apply_page(work, page.accounts)
            blocks.keep(work)
            loaded = (settings.snapshot_loaded.get(work) or 0) + len(page.accounts)
            settings.snapshot_loaded.put(work, loaded)
            settings.snapshot_after.put(work, str(page.next) if page.next else _COMPLETE)
            if page.next is None:
                accounts.end_load(work)
                life = settings.life_start.get(work) or 0
                if life != (settings.life_known.get(work) or 0):
                    ledger.owe_again(work, life)
                    settings.life_known.put(work, life)

    def contact(self, server_time: datetime, skew_ms: int) -> None:
        """See SyncStore."""
        with self._database.read() as work:
            earlier = settings.last_contact.get(work)
            known_ms = settings.clock_skew_ms.get(work)
        fresh = earlier is not None and server_time - earlier < CONTACT_EVERY
        if fresh and abs((known_ms or 0) - skew_ms) < SKEW_WORTH_KEEPING_MS:
            return
        with self._database.write() as work:
            settings.last_contact.put(work, server_time)
            settings.clock_skew_ms.put(work, skew_ms)

    def revoked(self) -> None:
        """See SyncStore."""
        now = datetime.now(UTC)
        with self._database.write() as work:
            if settings.revoked.get(work) is None:
                settings.revoked.put(work, now)
                audit.add(work, now, actor="server", action="till revoked", subject="")

    def counts(self) -> tuple[int, int]:
        """See SyncStore."""
        by_state = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        with self._database.read() as work:
            found: dict[str, int] = dict(work.execute(by_state).all())
        return found.get(WAITING, 0) + found.get(AGAIN, 0), found.get(PARKED, 0)


def _duty(entry_ids: list[UUID]) -> ColumnElement[bool]:
    seqs = select(entries.c.seq).where(entries.c.entry_id.in_(entry_ids))
    return outbox.c.seq.in_(seqs)


def _park(work: Work, duties: ColumnElement[bool], reason: str) -> None:
    work.execute(update(outbox).where(duties).values(state=PARKED, reason=reason))


def _apply(work: Work, change: AnyChange, life_start: int) -> None:
    match change:
        case AccountChanged():
            accounts.apply(work, change, life_start)
        case CatalogueChanged():
            settings.catalogue.put(work, change.catalogue)
        case CampaignsChanged():
            settings.campaigns.put(work, change.campaigns)
        case UsersChanged():
            settings.users.put(work, change.users)
        case IssuerKeysChanged():
            settings.issuer_keys.put(work, change.keys)
        case IncidentChanged():
            incidents.apply(work, change.incident)
        case UnknownChange():
            _log.warning("passed over a change of a kind only newer tills know: %s", change.type)
