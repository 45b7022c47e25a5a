"""Deliberate bugs, planted one at a time, to see that the simulation sees them.

Each is a mistake somebody could make in earnest, in as few lines as it takes.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import delete, func, select, update

from server.ledger import rules
from server.ledger.incidents import Found
from server.ledger.state import AccountState, Books, RequestState
from server.ledger.work import Wanted
from server.storage.sqlite_ledger import SqliteLedger
from sync.http_link import HttpLink
from sync.link import Unreachable
from sync.wire import BatchAnswer, Change, EntryAnswer, IncidentKind, SnapshotPage
from till.counter.offline import OfflineRules
from till.store import holds, ledger, settings
from till.store.database import Work
from till.store.sync_store import TillSyncStore
from till.store.tables import holds as holds_table
from till.store.tables import outbox
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, LedgerEntry
from vouchers.money import Money


@dataclass(frozen=True)
class Fault:
    """A bug: what is put in whose place, and the rules any of which may catch it."""

    what: str
    patches: tuple[tuple[str, object], ...]
    caught_by: frozenset[str]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Everything within suffers from it."""
        with ExitStack() as stack:
            for target, stand_in in self.patches:
                stack.enter_context(mock.patch(target, stand_in))
            yield


def _balance_before_id() -> Callable[..., EntryAnswer]:
    book = rules.book

    def faulty(books: Books, entry: LedgerEntry, delivered_by: str) -> EntryAnswer:
        account = books.accounts.get(entry.voucher_id)
        if account is not None and account.balance + entry.amount.minor < 0 > entry.amount.minor:
            return EntryAnswer(entry_id=entry.entry_id, verdict="insufficient")
        return book(books, entry, delivered_by)

    return faulty


def _forgotten_refusals() -> Callable[[Books, RequestState], None]:
    remember = rules._remember

    def faulty(books: Books, state: RequestState) -> None:
        if state.state != rules.REFUSED:
            remember(books, state)

    return faulty


class _Later(Exception):
    pass


def _answer_before_commit() -> Callable[..., tuple[Any, int]]:
    book = SqliteLedger.book

    def faulty(
        self: SqliteLedger, organisation: str, wanted: Wanted, decide: Callable[[Books], Any]
    ) -> tuple[Any, int]:
        waiting = self.__dict__.pop("written_behind", None)
        if waiting is not None:
            book(self, *waiting)
        answered = []

        def decide_and_stop(books: Books) -> None:
            answered.append((decide(books), 0))
            raise _Later

        try:
            book(self, organisation, wanted, decide_and_stop)
        except _Later:
            self.__dict__["written_behind"] = (organisation, wanted, decide)
        answer: tuple[Any, int] = answered[0]
        return answer

    return faulty


def _position_outside() -> Callable[..., None]:
    apply = TillSyncStore.apply

    def faulty(self: TillSyncStore, changes: list[Change], position: int) -> None:
        with self._database.write() as work:
            settings.feed_position.put(work, position)
        apply(self, changes, position)

    return faulty


def _holds_for_ever(self: AccountState, now_ms: int) -> Money:
    return Money(self.balance - sum(hold.amount for hold in self.held.values()), self.currency)


def _holds_count_for_nobody(self: AccountState, now_ms: int) -> Money:
    return Money(self.balance, self.currency)


def _gap_ignored() -> Callable[..., None]:
    add = Found.add

    def faulty(self: Found, kind: IncidentKind, **details: Any) -> None:
        if kind is not IncidentKind.GAP:
            add(self, kind, **details)

    return faulty


def _fork_ignored() -> Callable[..., None]:
    add = Found.add

    def faulty(self: Found, kind: IncidentKind, **details: Any) -> None:
        if kind is not IncidentKind.FORK:
            add(self, kind, **details)

    return faulty


def _counted_twice(work: Work, entry_ids: list[UUID]) -> None:
    """What an update contains stays on top of it as well."""


def _position_of_last_page() -> Callable[..., None]:
    add_page = TillSyncStore.add_page

    def faulty(self: TillSyncStore, page: SnapshotPage) -> None:
        add_page(self, page)
        with self._database.write() as work:
            settings.feed_position.put(work, page.position)

    return faulty


def _new_ids_on_retry() -> Callable[..., BatchAnswer]:
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


def _release_ignored(books: Books, hold_id: UUID, asked_by: str) -> None:
    """The till is told it was released."""


def _limits_ignored() -> Callable[..., Any]:
    check = OfflineRules.check

    def faulty(self: OfflineRules, *arguments: Any) -> Any:
        with (
            mock.patch("vouchers.offline.check_cached"),
            mock.patch("vouchers.offline.check_unknown"),
        ):
            return check(self, *arguments)

    return faulty


def _holds_dropped_at_start(work: Work) -> None:
    work.execute(delete(holds_table))


def _acknowledged_unread() -> Callable[..., None]:
    def faulty(self: TillSyncStore, answers: list[EntryAnswer]) -> None:
        with self._database.write() as work:
            work.execute(delete(outbox))

    return faulty


def _own_hold_spent_twice() -> Callable[..., None]:
    add = holds.add

    def faulty(
        work: Work, hold_id: UUID, voucher_id: UUID | None, amount_minor: int, **how: Any
    ) -> None:
        add(work, hold_id, voucher_id, amount_minor, **how)
        work.execute(update(holds_table).values(release=True))

    return faulty


_newest_duty = select(func.max(outbox.c.seq)).scalar_subquery()


def _duty_forgotten() -> Callable[..., LedgerEntry]:
    append = ledger.append

    def faulty(work: Work, draft: EntryDraft) -> LedgerEntry:
        entry = append(work, draft)
        if draft.basis is Basis.OFFLINE:
            work.execute(delete(outbox).where(outbox.c.seq == _newest_duty))
        return entry

    return faulty


FAULTS: dict[str, Fault] = {}


def _fault(name: str, what: str, target: str, stand_in: object, *caught_by: str) -> None:
    FAULTS[name] = Fault(what, ((target, stand_in),), frozenset(caught_by))


_fault(
    "balance-before-id",
    "a fact is judged by the balance before its id is looked up",
    "server.ledger.rules.book",
    _balance_before_id(),
    "parked only for a conflict somebody is told of",
)
_fault(
    "forgotten-refusals",
    "the server does not remember what it refused",
    "server.ledger.rules._remember",
    _forgotten_refusals(),
    "a repeat gets the first answer",
    "a refusal that was overruled is told",
)
_fault(
    "answer-before-commit",
    "the server answers, then commits",
    "server.storage.sqlite_ledger.SqliteLedger.book",
    _answer_before_commit(),
    "acknowledged is durable",
)
_fault(
    "position-outside",
    "the feed position is stored in a transaction of its own",
    "till.store.sync_store.TillSyncStore.apply",
    _position_outside(),
    "nothing in the feed is skipped",
)
_fault(
    "hold-for-ever",
    "a hold that has run out still counts",
    "server.ledger.state.AccountState.spendable",
    _holds_for_ever,
    "a hold is refused only where the balance is short",
)
_fault(
    "hold-for-nobody",
    "what is held can be taken by others",
    "server.ledger.state.AccountState.spendable",
    _holds_count_for_nobody,
    "a hold is granted within the balance",
)
_fault(
    "gap-ignored",
    "nobody is told of a missing entry",
    "server.ledger.incidents.Found.add",
    _gap_ignored(),
    "a gap has an incident",
)
_fault(
    "fork-ignored",
    "nobody is told of a cloned till",
    "server.ledger.incidents.Found.add",
    _fork_ignored(),
    "a fork has an incident",
)
_fault(
    "counted-twice",
    "an own entry is added to an update that contains it",
    "till.store.accounts._contained",
    _counted_twice,
    "an own entry counts exactly once",
)
_fault(
    "overlap",
    "after a snapshot the feed is followed from its last page instead of its first",
    "till.store.sync_store.TillSyncStore.add_page",
    _position_of_last_page(),
    "nothing in the feed is skipped",
    "after healing everybody knows the same incidents",
)
_fault(
    "new-id-on-retry",
    "an entry that is reported again gets a new id",
    "sync.http_link.HttpLink.push",
    _new_ids_on_retry(),
    "nothing is booked that nobody did",
)
_fault(
    "release-ignored",
    "the server does not release what it was told to",
    "server.ledger.rules.release",
    _release_ignored,
    "released is released",
)
_fault(
    "limits-ignored",
    "a till takes more by itself than the venue allows",
    "till.counter.offline.OfflineRules.check",
    _limits_ignored(),
    "offline within the voucher's limit",
    "offline within the till's limit",
)
_fault(
    "holds-dropped",
    "a till that starts forgets what it had asked the server to hold",
    "till.store.holds.give_up_all",
    _holds_dropped_at_start,
    "no hold is forgotten",
)
_fault(
    "answers-unread",
    "a till takes any answer to a batch as an answer to all that waits",
    "till.store.sync_store.TillSyncStore.acknowledge",
    _acknowledged_unread(),
    "a duty ends when the server has the entry",
)
_fault(
    "hold-not-counted",
    "what an open sale has set aside is given back at once",
    "till.store.holds.add",
    _own_hold_spent_twice(),
    "what is set aside stays set aside",
)
_fault(
    "duty-forgotten",
    "the duty to report what was decided offline is not written",
    "till.store.ledger.append",
    _duty_forgotten(),
    "a duty ends when the server has the entry",
)
