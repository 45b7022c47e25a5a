"""What waits for the booking thread, and which part of the ledger it touches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from uuid import UUID

from server.ledger import cards, rules
from server.ledger.incidents import Found
from server.ledger.settling import House, set_status, settle
from server.ledger.state import Books, IncidentState
from server.problems import problem
from sync.wire import Problem
from sync.wire.booking import BatchAnswer, EntryAnswer, Hold, HoldRequest
from sync.wire.cards import CardReport
from sync.wire.incidents import IncidentKind, Settlement
from vouchers.errors import Reason
from vouchers.ledger import LedgerEntry
from vouchers.voucher import VoucherStatus

Answer = BatchAnswer | Hold | Problem | None
T = TypeVar("T")


@dataclass(slots=True)
class Wanted:
    """All that must be loaded, and locked, before the rules can decide."""

    ids: set[UUID] = field(default_factory=set)
    voucher_ids: set[UUID] = field(default_factory=set)
    code_digests: set[str] = field(default_factory=set)
    sequence: dict[str, set[int]] = field(default_factory=dict)
    card_places: set[tuple[UUID, int]] = field(default_factory=set)
    incident_ids: set[UUID] = field(default_factory=set)


class Work(Protocol):
    """One request of a till."""

    @property
    def weight(self) -> int:
        """How many entries this books."""

    def want(self, wanted: Wanted) -> None:
        """Name what this touches."""

    def decide(self, books: Books) -> Answer:
        """Apply the rules."""


@dataclass(frozen=True, slots=True)
class BookEntries:
    """Facts that a till reports; `origins` are those it speaks for."""

    entries: list[LedgerEntry]
    till_id: str
    origins: frozenset[str]

    @property
    def weight(self) -> int:
        """How many entries this books."""
        return len(self.entries)

    def want(self, wanted: Wanted) -> None:
        """The accounts, the ids, and the neighbours in each sequence and on each card."""
        for entry in self.entries:
            if entry.origin not in self.origins:
                continue
            wanted.ids.add(entry.entry_id)
            wanted.voucher_ids.add(entry.voucher_id)
            if entry.voucher is not None:
                wanted.code_digests.add(entry.voucher.code_digest)
            seqs = wanted.sequence.setdefault(entry.origin, set())
            seqs.update((entry.origin_seq - 1, entry.origin_seq, entry.origin_seq + 1))
            if (counter := entry.card_counter) is not None:
                beside = range(counter - 1, counter + 2)
                wanted.card_places.update((entry.voucher_id, place) for place in beside)

    def decide(self, books: Books) -> BatchAnswer:
        """Book them in their order; an entry in somebody else's name books nothing."""
        return BatchAnswer(answers=[self._answer(books, entry) for entry in self.entries])

    def _answer(self, books: Books, entry: LedgerEntry) -> EntryAnswer:
        if entry.origin in self.origins:
            return rules.book(books, entry, self.till_id)
        return rules.refuse_origin(books, entry, self.till_id)


@dataclass(frozen=True, slots=True)
class AskHold:
    """A till asks for an amount."""

    request: HoldRequest
    till_id: str

    @property
    def weight(self) -> int:
        """As much work as one entry."""
        return 1

    def want(self, wanted: Wanted) -> None:
        """The account of the code, and the request."""
        wanted.ids.add(self.request.hold_id)
        wanted.code_digests.add(self.request.code_digest)

    def decide(self, books: Books) -> Hold | Problem:
        """Grant or refuse it."""
        return rules.hold(books, self.request, self.till_id)


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """A till gives a hold back that it asked for, under one of its `origins`."""

    hold_id: UUID
    till_id: str
    origins: frozenset[str]

    @property
    def weight(self) -> int:
        """As much work as one entry."""
        return 1

    def want(self, wanted: Wanted) -> None:
        """The request only: a release never makes an account poorer."""
        wanted.ids.add(self.hold_id)

    def decide(self, books: Books) -> Problem | None:
        """Release it."""
        return rules.release(books, self.hold_id, self.till_id, self.origins)


@dataclass(frozen=True, slots=True)
class SettleIncident:
    """A supervisor settles an incident, which was read as `incident` just before."""

    incident: IncidentState
    settlement: Settlement
    house: House
    till_id: str

    @property
    def weight(self) -> int:
        """As much work as one entry."""
        return 1

    def want(self, wanted: Wanted) -> None:
        """The incident, its voucher, and the entry this may book."""
        wanted.incident_ids.add(self.incident.incident_id)
        wanted.ids.add(self.settlement.settlement_id)
        if self.incident.voucher_id is not None:
            wanted.voucher_ids.add(self.incident.voucher_id)

    def decide(self, books: Books) -> Problem | None:
        """Settle it, if nobody else was faster."""
        incident = books.incidents.get(self.incident.incident_id, self.incident)
        return settle(books, self.house, incident, self.settlement, self.till_id)


@dataclass(frozen=True, slots=True)
class ReportCard:
    """A till does not know what became of movements on a card, or knows it at last."""

    report: CardReport
    till_id: str

    @property
    def weight(self) -> int:
        """How many movements this is about."""
        return len(self.report.doubts) + len(self.report.never_happened)

    def want(self, wanted: Wanted) -> None:
        """Whether the movements have been booked meanwhile."""
        wanted.ids.update(record.entry_id for record in self.report.doubts)

    def decide(self, books: Books) -> None:
        """Open an incident for each doubt, close those that came to nothing."""
        for record in self.report.doubts:
            cards.doubt(books, self.report.voucher_id, record, self.till_id)
        for entry_id in self.report.never_happened:
            cards.came_to_nothing(books, entry_id)


@dataclass(frozen=True, slots=True)
class SetStatus:
    """A supervisor blocks a lost card, or lets it be used again."""

    voucher_id: UUID
    status: VoucherStatus

    @property
    def weight(self) -> int:
        """As much work as one entry."""
        return 1

    def want(self, wanted: Wanted) -> None:
        """The account."""
        wanted.voucher_ids.add(self.voucher_id)

    def decide(self, books: Books) -> Problem | None:
        """Change it, unless it is so already."""
        account = books.accounts.get(self.voucher_id)
        if account is None:
            return problem(Reason.UNKNOWN)
        if account.status is not self.status:
            set_status(books, account, self.status)
        return None


@dataclass(frozen=True, slots=True)
class TellBlocked:
    """Entries of a blocked account that were made after its block, and booked before it came."""

    entries: list[LedgerEntry]

    @property
    def weight(self) -> int:
        """How many incidents this may open."""
        return len(self.entries)

    def want(self, wanted: Wanted) -> None:
        """The account, and nothing of the entries: they are as they are."""
        wanted.voucher_ids.update(entry.voucher_id for entry in self.entries)

    def decide(self, books: Books) -> None:
        """Open an incident for each."""
        for entry in self.entries:
            Found(books, entry).add(IncidentKind.BLOCKED)


class LedgerStore(Protocol):
    """A database that books: all that `decide` changes in the books, or nothing."""

    def book(
        self, organisation: str, wanted: Wanted, decide: Callable[[Books], T]
    ) -> tuple[T, int]:
        """Load and lock what is wanted, decide, write; in one durable transaction.

        Gives what `decide` gave and the last feed position, 0 when nothing went into the feed.
        Raises TryAgain, StorageUnavailable (which may have happened after the commit), StorageFull.
        """

    def close(self) -> None:
        """Give the connections back; nothing is booked afterwards."""


class TryAgain(Exception):
    """Others were faster: the same work in a new transaction will do."""


def wanted_by(works: Iterable[Work]) -> Wanted:
    """All that these touch."""
    wanted = Wanted()
    for work in works:
        work.want(wanted)
    return wanted
