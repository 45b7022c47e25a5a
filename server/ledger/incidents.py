"""What is odd about a fact, and must be told to a supervisor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from server.ledger.state import (
    AccountState,
    Booked,
    Books,
    Closed,
    IncidentState,
    Noted,
    Raised,
    RequestState,
)
from sync.wire.incidents import IncidentKind
from vouchers.ids import new_id
from vouchers.ledger import EntryKind, LedgerEntry

DETAILS_MAX = 20

_CREDITS = {EntryKind.ISSUE, EntryKind.TOP_UP, EntryKind.TRANSFER_IN}
_DEBITS = {EntryKind.REDEEM, EntryKind.REFUND, EntryKind.TRANSFER_OUT, EntryKind.EXPIRE}


class Found:
    """The incidents of one entry while it is being booked."""

    def __init__(self, books: Books, entry: LedgerEntry) -> None:
        self._books = books
        self._entry = entry
        self.kinds: list[str] = []

    def add(self, kind: IncidentKind, *, subject: str | None = None, **details: str | int) -> None:
        """Raise an incident about this entry; `subject` is the entry itself unless told."""
        self.kinds.append(kind.value)
        _raise(self._books, kind, subject or str(self._entry.entry_id), self._entry, details)

    def settle(self, kind: IncidentKind, subject: str, how: str) -> None:
        """An earlier incident, if there was one, is put right by this entry."""
        position = self._books.next_position()
        self._books.changes.incidents.append(Closed(position, kind.value, subject, how))


def conflict(books: Books, earlier: Booked, entry: LedgerEntry, digest: str) -> None:
    """The id of `earlier` came again with other content, which is kept in the incident."""
    came = msgspec.json.encode(entry).decode()
    details: dict[str, str | int] = {"booked": earlier.digest, f"came {digest[:16]}": came}
    _raise(books, IncidentKind.CONFLICT, str(entry.entry_id), entry, details)


def foreign_hold(books: Books, request: RequestState, entry: LedgerEntry) -> None:
    """An entry came under the id of a hold that another till had asked for."""
    came = msgspec.json.encode(entry).decode()
    details: dict[str, str | int] = {"asked_by": request.asked_by, "came": came}
    _raise(books, IncidentKind.CONFLICT, str(entry.entry_id), entry, details)


def foreign_origin(books: Books, entry: LedgerEntry, delivered_by: str) -> None:
    """A till spoke in another's name: one incident of that till, however often it tries."""
    details: dict[str, str | int] = {
        "named": entry.origin,
        "amount": entry.amount.minor,
        "currency": entry.amount.currency,
    }
    raised = Raised(
        books.next_position(),
        IncidentKind.FOREIGN_ORIGIN.value,
        subject=delivered_by,
        voucher_id=entry.voucher_id,
        entry_id=entry.entry_id,
        origin=delivered_by,
        details=details,
    )
    books.changes.incidents.append(raised)


def check_terms(account: AccountState, entry: LedgerEntry, found: Found) -> None:
    """Tell where an entry contradicts itself or the voucher it is about."""
    minor = entry.amount.minor
    if (entry.kind in _CREDITS and minor < 0) or (entry.kind in _DEBITS and minor > 0):
        found.add(IncidentKind.TERMS, why="wrong_sign")
    elif entry.kind is EntryKind.ISSUE and account.voucher is not None:
        found.add(IncidentKind.TERMS, why="issued_twice")
    elif entry.kind is EntryKind.ISSUE and (
        entry.voucher is None
        or entry.voucher.voucher_id != entry.voucher_id
        or entry.voucher.value != entry.amount
    ):
        found.add(IncidentKind.TERMS, why="issue_without_its_terms")


@dataclass(slots=True)
class Folded:
    """Incidents to write, and at which feed positions they are told of."""

    touched: dict[UUID, IncidentState] = field(default_factory=dict)
    positions: list[tuple[int, UUID]] = field(default_factory=list)


def fold(
    events: Iterable[Raised | Closed | Noted], still_open: Iterable[IncidentState], now_ms: int
) -> Folded:
    """Put what happened, in its order, upon the incidents that were open before."""
    known = {(one.kind, one.subject): one for one in still_open}
    folded = Folded()
    for event in events:
        place = (event.kind, event.subject)
        incident = known.get(place)
        if isinstance(event, Raised):
            if incident is None:
                incident = known[place] = _opened(event, now_ms)
            else:
                incident.times += 1
                if len(incident.details) < DETAILS_MAX:
                    incident.details = {**event.details, **incident.details}
        elif isinstance(event, Noted) and incident is not None:
            incident.details = event.details
        elif isinstance(event, Closed) and incident is not None:
            _close(known.pop(place), event, now_ms)
        if incident is not None:
            folded.touched[incident.incident_id] = incident
            folded.positions.append((event.position, incident.incident_id))
    return folded


def _opened(event: Raised, now_ms: int) -> IncidentState:
    return IncidentState(
        incident_id=new_id(),
        kind=event.kind,
        subject=event.subject,
        voucher_id=event.voucher_id,
        entry_id=event.entry_id,
        origin=event.origin,
        details=event.details,
        times=1,
        opened_ms=now_ms,
    )


def _close(incident: IncidentState, event: Closed, now_ms: int) -> None:
    incident.settled_ms = now_ms
    incident.settled_by = event.by
    incident.settlement = event.how
    incident.settlement_id = event.settlement_id


def _raise(
    books: Books,
    kind: IncidentKind,
    subject: str,
    entry: LedgerEntry,
    details: dict[str, str | int],
) -> None:
    books.changes.incidents.append(
        Raised(
            books.next_position(),
            kind.value,
            subject,
            voucher_id=entry.voucher_id,
            entry_id=entry.entry_id,
            origin=entry.origin,
            details=details,
        )
    )
