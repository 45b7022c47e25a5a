"""This till's own ledger: entries are added and chained, never changed."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy import Row, func, insert, select

from till.store import settings
from till.store.database import Work
from till.store.tables import entries, outbox
from vouchers.errors import InvariantError
from vouchers.ledger import FIRST_DIGEST, Basis, EntryDraft, EntryKind, LedgerEntry
from vouchers.money import Money

WAITING, PARKED = "waiting", "parked"

_decoder = msgspec.json.Decoder(LedgerEntry)


def append(work: Work, draft: EntryDraft) -> LedgerEntry:
    """Add an entry and the duty to report it; both are on disk when `work` is committed."""
    who = settings.identity.get(work)
    if who is None:
        raise InvariantError("an entry needs an enrolled till")
    seq, digest = head(work)
    entry = draft.chained(who.till_id, seq + 1, digest)
    work.execute(
        insert(entries).values(
            origin_seq=entry.origin_seq,
            entry_id=entry.entry_id,
            voucher_id=entry.voucher_id,
            kind=entry.kind.value,
            basis=entry.basis.value,
            amount_minor=entry.amount.minor,
            currency=entry.amount.currency,
            reference=entry.reference,
            body=msgspec.json.encode(entry),
            digest=entry.digest(),
            contained=False,
        )
    )
    work.execute(insert(outbox).values(origin_seq=entry.origin_seq, state=WAITING))
    return entry


def head(work: Work) -> tuple[int, str]:
    """Number and digest of the newest entry; (0, FIRST_DIGEST) when there is none."""
    newest = select(entries.c.origin_seq, entries.c.digest).order_by(entries.c.origin_seq.desc())
    row = work.execute(newest.limit(1)).one_or_none()
    return (row.origin_seq, row.digest) if row else (0, FIRST_DIGEST)


def of_voucher(work: Work, voucher_id: UUID) -> list[LedgerEntry]:
    """This till's entries on a voucher, oldest first."""
    bodies = select(entries.c.body).where(entries.c.voucher_id == voucher_id)
    return _decode(work.execute(bodies.order_by(entries.c.origin_seq)))


def vouchers_of_receipt(work: Work, reference: str) -> list[UUID]:
    """The vouchers that a receipt of this till sold or redeemed."""
    found = select(entries.c.voucher_id).where(entries.c.reference == reference).distinct()
    return list(work.execute(found).scalars())


def redeemed_offline(work: Work, currency: str, voucher_id: UUID | None = None) -> Money:
    """What this till redeemed by itself and the server has not heard of, of one voucher or all.

    That is what counts against the limits of an outage: once reported, it is the server's.
    """
    taken = (
        select(-func.coalesce(func.sum(entries.c.amount_minor), 0))
        .join(outbox, outbox.c.origin_seq == entries.c.origin_seq)
        .where(
            entries.c.kind == EntryKind.REDEEM.value,
            entries.c.basis == Basis.OFFLINE.value,
            entries.c.currency == currency,
        )
    )
    if voucher_id is not None:
        taken = taken.where(entries.c.voucher_id == voucher_id)
    return Money(work.execute(taken).scalar_one(), currency)


def _decode(rows: Iterable[Row[tuple[bytes]]]) -> list[LedgerEntry]:
    return [_decoder.decode(row.body) for row in rows]
