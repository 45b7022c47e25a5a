"""Bugs a till could have. See tests.simulation.faults."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from unittest import mock
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import delete, func, select, update

from sync.http_link import HttpLink
from sync.link import Unreachable
from sync.wire.booking import BatchAnswer, EntryAnswer
from sync.wire.feed import Change, SnapshotPage
from till.counter.offline import OfflineRules
from till.store import holds, ledger, settings
from till.store.database import Work
from till.store.sync_store import TillSyncStore
from till.store.tables import holds as holds_table
from till.store.tables import outbox
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, LedgerEntry


def position_outside() -> Callable[..., None]:
    apply = TillSyncStore.apply

    def faulty(self: TillSyncStore, changes: list[Change], position: int) -> None:
        with self._database.write() as work:
            settings.feed_position.put(work, position)
        apply(self, changes, position)

    return faulty


def counted_twice(work: Work, entry_ids: list[UUID]) -> None:
    """What an update contains stays on top of it as well."""


def position_of_last_page() -> Callable[..., None]:
    add_page = TillSyncStore.add_page

    def faulty(self: TillSyncStore, page: SnapshotPage) -> None:
        add_page(self, page)
        with self._database.write() as work:
            settings.feed_position.put(work, page.position)

    return faulty


def new_ids_on_retry() -> Callable[..., BatchAnswer]:
    push = HttpLink.push

    def faulty(self: HttpLink, entries: list[LedgerEntry]) -> BatchAnswer:
        if self.__dict__.pop("failed_before", False):
            entries = [replace(entry, entry_id=new_id()) for entry in entries]
        try:
            return push(self, entries)
        except Unreachable:
            self.__dict__["failed_before"] = True
            raise

    return faulty


def limits_ignored() -> Callable[..., Any]:
    check = OfflineRules.check

    def faulty(self: OfflineRules, *arguments: Any) -> Any:
        with (
            mock.patch("vouchers.offline.check_cached"),
            mock.patch("vouchers.offline.check_unknown"),
        ):
            return check(self, *arguments)

    return faulty


def holds_dropped_at_start(work: Work, but: Collection[UUID]) -> None:
    work.execute(delete(holds_table).where(holds_table.c.hold_id.not_in(but)))


def not_written(*_row: object) -> None:
    """Whoever asked for it believes that it is on disk."""


def acknowledged_unread() -> Callable[..., None]:
    def faulty(self: TillSyncStore, answers: list[EntryAnswer]) -> None:
        with self._database.write() as work:
            work.execute(delete(outbox))

    return faulty


def own_hold_spent_twice() -> Callable[..., None]:
    add = holds.add

    def faulty(
        work: Work, hold_id: UUID, voucher_id: UUID | None, amount_minor: int, **how: Any
    ) -> None:
        add(work, hold_id, voucher_id, amount_minor, **how)
        work.execute(update(holds_table).values(release=True))

    return faulty


_newest_duty = select(func.max(outbox.c.seq)).scalar_subquery()


def duty_forgotten() -> Callable[..., LedgerEntry]:
    append = ledger.append

    def faulty(work: Work, draft: EntryDraft) -> LedgerEntry:
        entry = append(work, draft)
        if draft.basis is Basis.OFFLINE:
            work.execute(delete(outbox).where(outbox.c.seq == _newest_duty))
        return entry

    return faulty


def clock_believed(here: datetime, _skew_ms: int | None, _contact: datetime | None) -> datetime:
    return here


def lost_entries_kept_to_itself(work: Work, life_start: int) -> None:
    """What a server that was put back has lost is not reported again."""


def block_forgotten(work: Work) -> None:
    """What the server says of an account outdoes the block that was made here."""
