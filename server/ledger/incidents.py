"""What is odd about a fact, and must be told to a supervisor."""

from uuid import UUID

from msgspec import to_builtins

from server.ledger.state import AccountState, Booked, Books, Raised, Settled
from vouchers.ids import new_id
from vouchers.ledger import EntryKind, LedgerEntry

_CREDITS = {EntryKind.ISSUE, EntryKind.TOP_UP, EntryKind.TRANSFER_IN}
_DEBITS = {EntryKind.REDEEM, EntryKind.REFUND, EntryKind.TRANSFER_OUT, EntryKind.EXPIRE}


class Found:
    """The incidents of one entry while it is being booked."""

    def __init__(self, books: Books, entry: LedgerEntry) -> None:
        self._books = books
        self._entry = entry
        self.kinds: list[str] = []

    def add(self, kind: str, *, subject: str | None = None, **details: object) -> None:
        """Raise an incident about this entry; `subject` is the entry itself unless told."""
        self.kinds.append(kind)
        _raise(self._books, kind, subject or str(self._entry.entry_id), self._entry, details)

    def settle(self, kind: str, subject: str, how: str) -> None:
        """An earlier incident is put right by this entry."""
        position = self._books.next_position()
        self._books.changes.settled.append(Settled(position, kind, subject, how))


def conflict(books: Books, earlier: Booked, entry: LedgerEntry, digest: str) -> None:
    """The id of `earlier` came again with other content, which is kept in the incident."""
    subject = f"{entry.entry_id}:{digest[:16]}"
    _raise(
        books, "conflict", subject, entry, {"booked": earlier.digest, "came": to_builtins(entry)}
    )


def check_terms(account: AccountState, entry: LedgerEntry, found: Found) -> None:
    """Tell where an entry contradicts itself or the voucher it is about."""
    minor = entry.amount.minor
    if (entry.kind in _CREDITS and minor < 0) or (entry.kind in _DEBITS and minor > 0):
        found.add("terms", why="wrong_sign")
    elif entry.kind is EntryKind.ISSUE and account.voucher is not None:
        found.add("terms", why="issued_twice")
    elif entry.kind is EntryKind.ISSUE and (
        entry.voucher is None
        or entry.voucher.voucher_id != entry.voucher_id
        or entry.voucher.value != entry.amount
    ):
        found.add("terms", why="issue_without_its_terms")


def _raise(
    books: Books, kind: str, subject: str, entry: LedgerEntry, details: dict[str, object]
) -> None:
    voucher_id: UUID = entry.voucher_id
    books.changes.raised.append(
        Raised(
            incident_id=new_id(),
            position=books.next_position(),
            kind=kind,
            subject=subject,
            voucher_id=voucher_id,
            entry_id=entry.entry_id,
            origin=entry.origin,
            details=details,
        )
    )
