"""What the venue knows of a purse card's life: entries booked, and records seen on the card."""

import json
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.ledger.cards import NEVER_HAPPENED
from server.storage.database import now_ms
from server.storage.tables import card_records, entries, incidents
from sync.wire.cards import CardHistory, CardRecord
from sync.wire.incidents import IncidentKind
from vouchers.ledger import LedgerEntry
from vouchers.money import Money

HISTORY_MAX = 100
COUNTER_MAX = 2**32 - 1

_entry = msgspec.json.Decoder(LedgerEntry).decode


def keep_records(
    connection: sa.Connection,
    organisation: str,
    card: UUID,
    records: list[CardRecord],
    seen_by: str,
) -> None:
    """Remember what a card said of itself; what is known already stays as it is."""
    mine = (card_records.c.organisation == organisation, card_records.c.voucher_id == card)
    known = {
        (row.counter, row.entry_id)
        for row in connection.execute(
            sa.select(card_records.c.counter, card_records.c.entry_id).where(
                *mine, card_records.c.counter.in_([record.counter for record in records])
            )
        )
    }
    fresh = [
        {
            "organisation": organisation,
            "voucher_id": card,
            "counter": record.counter,
            "entry_id": record.entry_id,
            "amount": record.amount.minor,
            "balance": record.balance.minor,
            "currency": record.amount.currency,
            "seen_by": seen_by,
            "seen_ms": now_ms(),
        }
        for record in records
        if (record.counter, record.entry_id) not in known
    ]
    if fresh:
        connection.execute(sa.insert(card_records), fresh)


def history(connection: sa.Connection, organisation: str, card: UUID, first: int) -> CardHistory:
    """All that is known of a card from number `first` on, oldest first, at most HISTORY_MAX.

    An entry that names the movement it found on the card vouches for that one too.
    """
    seen = connection.execute(
        sa.select(card_records)
        .where(
            card_records.c.organisation == organisation,
            card_records.c.voucher_id == card,
            card_records.c.counter >= first,
        )
        .order_by(card_records.c.counter)
        .limit(HISTORY_MAX)
    )
    found = {row.entry_id: _seen(row) for row in seen}
    booked = connection.scalars(
        sa.select(entries.c.body)
        .where(
            entries.c.organisation == organisation,
            entries.c.voucher_id == card,
            entries.c.card_counter >= first,
        )
        .order_by(entries.c.card_counter)
        .limit(HISTORY_MAX)
    )
    for body in booked:
        entry = _entry(body)
        for record in (_found_there(entry), _reported(entry)):
            if record is not None and record.counter >= first:
                found.setdefault(record.entry_id, record)
    return CardHistory(
        records=sorted(found.values(), key=lambda record: record.counter),
        doubts=_doubts(connection, organisation, card),
        never_happened=_never_happened(connection, organisation, card, first),
    )


def _doubts(connection: sa.Connection, organisation: str, card: UUID) -> list[CardRecord]:
    """Movements on a card that some till still does not know the end of."""
    rows = connection.execute(
        sa.select(incidents.c.entry_id, incidents.c.details).where(
            *_doubts_of(organisation, card), incidents.c.settled_ms.is_(None)
        )
    )
    return [_doubted(row.entry_id, json.loads(row.details)) for row in rows]


def _never_happened(
    connection: sa.Connection, organisation: str, card: UUID, first: int
) -> list[UUID]:
    """What a look at the card disproved; only for a till that asks what became of its own."""
    if first > COUNTER_MAX:
        return []
    disproved = sa.select(incidents.c.entry_id).where(
        *_doubts_of(organisation, card), incidents.c.settlement == NEVER_HAPPENED
    )
    newest = disproved.order_by(incidents.c.settled_ms.desc()).limit(HISTORY_MAX)
    return list(connection.scalars(newest))


def _doubts_of(organisation: str, card: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        incidents.c.organisation == organisation,
        incidents.c.kind == IncidentKind.CARD_DOUBT.value,
        incidents.c.voucher_id == card,
    )


def _doubted(entry_id: UUID, details: dict[str, Any]) -> CardRecord:
    return CardRecord(
        entry_id=entry_id,
        counter=details.get("counter", 0),
        amount=Money(details["amount"], details["currency"]),
        balance=Money(details.get("balance", 0), details["currency"]),
    )


def _seen(row: sa.Row[tuple[object, ...]]) -> CardRecord:
    return CardRecord(
        entry_id=row.entry_id,
        counter=row.counter,
        amount=Money(row.amount, row.currency),
        balance=Money(row.balance, row.currency),
    )


def _reported(entry: LedgerEntry) -> CardRecord:
    balance = Money(entry.card_balance_minor or 0, entry.amount.currency)
    return CardRecord(
        entry_id=entry.entry_id,
        counter=entry.card_counter or 0,
        amount=entry.amount,
        balance=balance,
    )


def _found_there(entry: LedgerEntry) -> CardRecord | None:
    """The movement before this one; how much it moved, this one does not tell."""
    if entry.card_follows is None:
        return None
    this = _reported(entry)
    return CardRecord(
        entry_id=entry.card_follows,
        counter=this.counter - 1,
        amount=Money.zero(entry.amount.currency),
        balance=this.balance - this.amount,
    )
