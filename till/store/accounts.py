"""The cache of voucher accounts: the server's word plus what it does not know yet."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from sync.wire import AccountChanged
from till.store.database import Work
from till.store.tables import accounts, entries, holds, outbox
from vouchers.money import Money
from vouchers.voucher import Account, Voucher, VoucherStatus

FOUND_MAX = 50

_voucher = msgspec.json.Decoder(Voucher)

_own_later = (
    select(func.coalesce(func.sum(entries.c.amount_minor), 0))
    .where(entries.c.voucher_id == accounts.c.voucher_id, entries.c.contained.is_(False))
    .scalar_subquery()
)
_own_holds = (
    select(func.coalesce(func.sum(holds.c.amount_minor), 0))
    .where(holds.c.voucher_id == accounts.c.voucher_id, holds.c.release.is_(False))
    .scalar_subquery()
)
_accounts = select(
    accounts.c.terms,
    accounts.c.currency,
    accounts.c.status,
    (accounts.c.balance_minor + _own_later - _own_holds).label("spendable_minor"),
).where(accounts.c.terms.is_not(None))

_newer = insert(accounts)
_take_in = _newer.on_conflict_do_update(
    ["voucher_id"],
    set_={
        "balance_minor": _newer.excluded.balance_minor,
        "status": _newer.excluded.status,
        "version": _newer.excluded.version,
        "code_digest": func.coalesce(_newer.excluded.code_digest, accounts.c.code_digest),
        "last4": func.coalesce(_newer.excluded.last4, accounts.c.last4),
        "terms": func.coalesce(_newer.excluded.terms, accounts.c.terms),
    },
    where=accounts.c.version < _newer.excluded.version,
)

_BY_DIGEST = _accounts.where(accounts.c.code_digest == bindparam("code_digest"))
_BY_ID = _accounts.where(accounts.c.voucher_id == bindparam("voucher_id"))
_UNREPORTED = (
    select(entries.c.seq)
    .join(outbox, outbox.c.seq == entries.c.seq)
    .join(accounts, accounts.c.voucher_id == entries.c.voucher_id)
    .where(accounts.c.code_digest == bindparam("code_digest"))
    .limit(1)
)


def by_digest(work: Work, code_digest: str) -> Account | None:
    """The account of a code, None when the cache has never heard of it."""
    row = work.execute(_BY_DIGEST, {"code_digest": code_digest}).one_or_none()
    return _account(row) if row else None


def by_id(work: Work, voucher_id: UUID) -> Account | None:
    """The account of a voucher, None when the cache has never heard of it."""
    row = work.execute(_BY_ID, {"voucher_id": voucher_id}).one_or_none()
    return _account(row) if row else None


def by_last4(work: Work, last4: str) -> list[Account]:
    """The accounts whose code ends so, newest first, at most FOUND_MAX."""
    wanted = _accounts.where(accounts.c.last4 == last4)
    newest = wanted.order_by(accounts.c.voucher_id.desc()).limit(FOUND_MAX)
    return [_account(row) for row in work.execute(newest)]


def has_unreported(work: Work, code_digest: str) -> bool:
    """Whether the server has not heard of all this till's entries on that code's voucher."""
    return work.execute(_UNREPORTED, {"code_digest": code_digest}).first() is not None


def add_issued(work: Work, voucher: Voucher) -> None:
    """Know a voucher this till has just made; its value comes from the ledger."""
    work.execute(
        insert(accounts)
        .values(
            voucher_id=voucher.voucher_id,
            **_terms(voucher),
            currency=voucher.value.currency,
            balance_minor=0,
            status=VoucherStatus.ACTIVE.value,
            version=0,
        )
        .on_conflict_do_nothing()
    )


def apply_many(work: Work, changes: Sequence[AccountChanged]) -> None:
    """Take in the server's word on accounts, however often and in whatever order it comes."""
    if not changes:
        return
    rows = [
        {
            "voucher_id": change.voucher_id,
            "currency": change.balance.currency,
            "balance_minor": change.balance.minor,
            "status": change.status.value,
            "version": change.position,
            **_terms(change.voucher),
        }
        for change in changes
    ]
    work.execute(_take_in, rows)
    contained = [entry_id for change in changes for entry_id in change.contains]
    if contained:
        work.execute(
            update(entries).where(entries.c.entry_id.in_(contained)).values(contained=True)
        )


def _terms(voucher: Voucher | None) -> dict[str, object]:
    if voucher is None:
        return {"code_digest": None, "last4": None, "terms": None}
    return {
        "code_digest": voucher.code_digest,
        "last4": voucher.last4,
        "terms": msgspec.json.encode(voucher),
    }


def _account(row: Row[bytes, str, str, int]) -> Account:
    return Account(
        voucher=_voucher.decode(row.terms),
        balance=Money(row.spendable_minor, row.currency),
        status=VoucherStatus(row.status),
    )
