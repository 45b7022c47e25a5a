"""This till's own ledger: entries are added and chained, never changed."""

import logging
from collections.abc import Iterable
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Row, bindparam, func, insert, literal, or_, select

from till.store import settings
from till.store.database import Work
from till.store.tables import accounts, entries, outbox
from vouchers.errors import InvariantError, Reason, Refused
from vouchers.ledger import FIRST_DIGEST, Basis, EntryDraft, EntryKind, LedgerEntry
from vouchers.money import Money
from vouchers.reading import UNREADABLE, JsonReader

WAITING, PARKED, AGAIN = "waiting", "parked", "again"
"""Duties to report; AGAIN: the server had it once, and was put back to before that."""

UNREADABLE_HERE, NOT_UNDERSTOOD = "unreadable", "not_understood"
"""Why an entry was parked, beside what the server answers: by us, or by a server that may be older
than we are."""

_PARKED = (
    select(
        entries.c.entry_id,
        entries.c.amount_minor,
        entries.c.currency,
        entries.c.body,
        outbox.c.reason,
    )
    .join(outbox, outbox.c.seq == entries.c.seq)
    .where(outbox.c.state == PARKED)
    .order_by(entries.c.seq)
)
_NEWEST = (
    select(entries.c.origin_seq, entries.c.digest)
    .where(entries.c.origin == bindparam("origin"))
    .order_by(entries.c.origin_seq.desc())
    .limit(1)
)
_REDEEMED_OFFLINE = (
    select(-func.coalesce(func.sum(entries.c.amount_minor), 0))
    .join(outbox, outbox.c.seq == entries.c.seq)
    .where(
        entries.c.kind == EntryKind.REDEEM.value,
        entries.c.basis == Basis.OFFLINE.value,
        entries.c.currency == bindparam("currency"),
        outbox.c.state != AGAIN,
    )
)
_REDEEMED_OFFLINE_OF = _REDEEMED_OFFLINE.where(entries.c.voucher_id == bindparam("voucher_id"))

_log = logging.getLogger(__name__)

_A_SALES_ID = "________-____-____-____-____________"

_entry = JsonReader[LedgerEntry](LedgerEntry)


class Parked(Struct, frozen=True, kw_only=True):
    """An entry that the server has not taken, and the word for why; None where it is damaged."""

    entry_id: UUID
    amount: Money
    reason: str
    entry: LedgerEntry | None


def parked(work: Work) -> list[Parked]:
    """All that waits for a human to decide, oldest first."""
    return [
        Parked(
            entry_id=row.entry_id,
            amount=Money(row.amount_minor, row.currency),
            reason=row.reason or "",
            entry=read(row.body),
        )
        for row in work.execute(_PARKED)
    ]


def append(work: Work, draft: EntryDraft) -> LedgerEntry:
    """Add an entry and the duty to report it; both are on disk when `work` is committed.

    Raises Refused (not_allowed) for one that nobody could read again.
    """
    who = settings.identity.get(work)
    if who is None:
        raise InvariantError("an entry needs an enrolled till")
    origin_seq, digest = head(work, who.till_id)
    entry = draft.chained(who.till_id, origin_seq + 1, digest)
    body = written(entry)
    seq = work.execute(
        insert(entries)
        .returning(entries.c.seq)
        .values(
            origin=entry.origin,
            origin_seq=entry.origin_seq,
            entry_id=entry.entry_id,
            voucher_id=entry.voucher_id,
            kind=entry.kind.value,
            basis=entry.basis.value,
            amount_minor=entry.amount.minor,
            currency=entry.amount.currency,
            reference=entry.reference,
            body=body,
            digest=entry.digest(),
            contained=False,
        )
    ).scalar_one()
    work.execute(insert(outbox).values(seq=seq, state=WAITING))
    return entry


def written(entry: LedgerEntry) -> bytes:
    """An entry as it is kept and sent. Raises Refused (not_allowed) if it had no way back."""
    body = msgspec.json.encode(entry)
    try:
        _entry.check(body)
    except UNREADABLE as damage:
        _log.error("an entry could not be read again: %s", damage)
        raise Refused(Reason.NOT_ALLOWED, "entry_unwritable") from damage
    return body


def read(body: bytes) -> LedgerEntry | None:
    """The entry back from `written`; None, with a word in the log, for a damaged one."""
    return _entry.read_or_none(body, "an entry of this till")


def owe_again(work: Work, life_start: int) -> None:
    """Report what the server has lost, now that all its accounts are known.

    That is what no cached balance contains, and what belongs to accounts it has not told of since
    the feed position `life_start`.
    """
    lost = (
        select(entries.c.seq, literal(AGAIN))
        .outerjoin(outbox, outbox.c.seq == entries.c.seq)
        .outerjoin(accounts, accounts.c.voucher_id == entries.c.voucher_id)
        .where(
            outbox.c.seq.is_(None),
            or_(
                entries.c.contained.is_(False),
                func.coalesce(accounts.c.version, -1) < life_start,
            ),
        )
    )
    work.execute(insert(outbox).from_select(["seq", "state"], lost))


def origins(work: Work) -> list[str]:
    """Under which names this till has made entries."""
    return list(work.execute(select(entries.c.origin).distinct()).scalars())


def head(work: Work, origin: str) -> tuple[int, str]:
    """Number and digest of an origin's newest entry; (0, FIRST_DIGEST) when it has none."""
    row = work.execute(_NEWEST, {"origin": origin}).one_or_none()
    return (row.origin_seq, row.digest) if row else (0, FIRST_DIGEST)


def has(work: Work, entry_id: UUID) -> bool:
    """Whether this till has booked the entry of that id."""
    found = select(entries.c.seq).where(entries.c.entry_id == entry_id)
    return work.execute(found).first() is not None


def of_voucher(work: Work, voucher_id: UUID) -> list[LedgerEntry]:
    """This till's entries on a voucher, oldest first."""
    bodies = select(entries.c.body).where(entries.c.voucher_id == voucher_id)
    return _decode(work.execute(bodies.order_by(entries.c.seq)))


def card_payments(work: Work, card: UUID | None = None) -> list[LedgerEntry]:
    """Payments by a purse card, or by all, that stand on no receipt and that nothing corrects.

    A sale's id stands where the receipt's number would.
    """
    bodies = select(entries.c.body).where(
        entries.c.basis == Basis.CARD.value,
        entries.c.kind.in_([EntryKind.REDEEM.value, EntryKind.REVERSE.value]),
        entries.c.reference.like(_A_SALES_ID),
    )
    if card is not None:
        bodies = bodies.where(entries.c.voucher_id == card)
    found = _decode(work.execute(bodies.order_by(entries.c.seq)))
    corrected = {entry.corrects for entry in found}
    paid = [entry for entry in found if entry.kind is EntryKind.REDEEM]
    return [entry for entry in paid if entry.entry_id not in corrected]


def redeemed_offline(work: Work, currency: str, voucher_id: UUID | None = None) -> Money:
    """What this till redeemed by itself and the server has not heard of, of one voucher or all.

    That is what counts against the limits of an outage: once reported, it is the server's.
    """
    if voucher_id is None:
        taken = work.execute(_REDEEMED_OFFLINE, {"currency": currency})
    else:
        of_one = {"currency": currency, "voucher_id": voucher_id}
        taken = work.execute(_REDEEMED_OFFLINE_OF, of_one)
    return Money(taken.scalar_one(), currency)


def _decode(rows: Iterable[Row[tuple[bytes]]]) -> list[LedgerEntry]:
    found = [read(row.body) for row in rows]
    return [entry for entry in found if entry is not None]
