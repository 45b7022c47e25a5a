"""The cache of voucher accounts: the server's word plus what it does not know yet."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import Row, bindparam, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert

from sync.wire.feed import AccountChanged, SnapshotAccount
from till.store.database import Work
from till.store.tables import accounts, entries, holds, outbox
from vouchers import voucher
from vouchers.money import Money
from vouchers.reading import JsonReader
from vouchers.voucher import Account, Voucher, VoucherStatus

FOUND_MAX = 50

_voucher = JsonReader[Voucher](Voucher)

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

_TAKE_IN = """
    INSERT INTO accounts
        (voucher_id, code_digest, last4, terms, currency, balance_minor, status, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (voucher_id) DO UPDATE SET
        balance_minor = excluded.balance_minor,
        status = excluded.status,
        version = excluded.version,
        code_digest = coalesce(excluded.code_digest, code_digest),
        last4 = coalesce(excluded.last4, last4),
        terms = coalesce(excluded.terms, terms)
    WHERE version < excluded.version
"""
"""The server's word, whatever is known before. Plain SQL: a snapshot has a million of them."""

_BY_DIGEST = _accounts.where(accounts.c.code_digest == bindparam("code_digest"))
_BY_ID = _accounts.where(accounts.c.voucher_id == bindparam("voucher_id"))
_BALANCE = select(
    accounts.c.currency, (accounts.c.balance_minor + _own_later).label("minor")
).where(accounts.c.voucher_id == bindparam("voucher_id"))
_UNHEARD_OF = select(
    accounts.c.voucher_id,
    accounts.c.code_digest,
    accounts.c.last4,
    accounts.c.currency,
    accounts.c.status,
    (accounts.c.balance_minor + _own_later).label("minor"),
).where(accounts.c.terms.is_(None))
_UNREPORTED = (
    select(entries.c.seq)
    .join(outbox, outbox.c.seq == entries.c.seq)
    .join(accounts, accounts.c.voucher_id == entries.c.voucher_id)
    .where(accounts.c.code_digest == bindparam("code_digest"))
    .limit(1)
)

_FORGET_LOST = (
    update(entries)
    .where(
        entries.c.voucher_id == bindparam("voucher"),
        entries.c.contained,
        exists().where(
            accounts.c.voucher_id == bindparam("voucher"),
            accounts.c.version < bindparam("life_start"),
        ),
    )
    .values(contained=False)
)
_LAST4 = next(index for index in accounts.indexes if index.name == "accounts_by_last4")


def by_digest(work: Work, code_digest: str) -> Account | None:
    """The account of a code, None when the cache has never heard of it."""
    row = work.execute(_BY_DIGEST, {"code_digest": code_digest}).one_or_none()
    return _account(row) if row else None


def by_id(work: Work, voucher_id: UUID) -> Account | None:
    """The account of a voucher, None when the cache has never heard of it."""
    row = work.execute(_BY_ID, {"voucher_id": voucher_id}).one_or_none()
    return _account(row) if row else None


def note_unheard_of(work: Work, taken: Voucher) -> None:
    """Remember the code of a voucher that is taken though nobody has reported its sale."""
    noted = insert(accounts).values(
        voucher_id=taken.voucher_id,
        code_digest=taken.code_digest,
        last4=taken.last4,
        currency=taken.value.currency,
        balance_minor=0,
        status=VoucherStatus.ACTIVE.value,
        version=0,
    )
    code = {"code_digest": noted.excluded.code_digest, "last4": noted.excluded.last4}
    work.execute(noted.on_conflict_do_update(["voucher_id"], set_=code))


def unheard_of(work: Work, *, code_digest: str = "", last4: str = "") -> list[Account]:
    """Accounts that were taken from here though nobody has reported their sale, by their code."""
    wanted = _UNHEARD_OF.where(
        accounts.c.code_digest == code_digest if code_digest else accounts.c.last4 == last4
    )
    return [
        Account(
            voucher=voucher.unheard_of(
                row.voucher_id, row.last4, Money.zero(row.currency), row.code_digest
            ),
            balance=Money(row.minor, row.currency),
            status=VoucherStatus(row.status),
        )
        for row in work.execute(wanted)
    ]


def missing(work: Work, voucher_id: UUID) -> Money | None:
    """How far an account is below zero, be its voucher known or not; None when it is not."""
    row = work.execute(_BALANCE, {"voucher_id": voucher_id}).one_or_none()
    return Money(-row.minor, row.currency) if row is not None and row.minor < 0 else None


def by_last4(work: Work, last4: str) -> list[Account]:
    """The accounts whose code ends so, newest first, at most FOUND_MAX."""
    wanted = _accounts.where(accounts.c.last4 == last4)
    newest = wanted.order_by(accounts.c.voucher_id.desc()).limit(FOUND_MAX)
    found = [_account(row) for row in work.execute(newest)]
    return [account for account in found if account is not None]


def of_receipt(work: Work, reference: str) -> list[Account]:
    """The accounts of the vouchers that a receipt of this till sold or redeemed."""
    named = select(entries.c.voucher_id).where(entries.c.reference == reference).distinct()
    found = [by_id(work, voucher_id) for voucher_id in work.execute(named).scalars().all()]
    return [account for account in found if account is not None]


def has_unreported(work: Work, code_digest: str) -> bool:
    """Whether the server has not heard of all this till's entries on that code's voucher."""
    return work.execute(_UNREPORTED, {"code_digest": code_digest}).first() is not None


def add_issued(work: Work, voucher: Voucher) -> None:
    """Know a voucher this till has just made; its value comes from the ledger."""
    work.execute(
        insert(accounts)
        .values(
            voucher_id=voucher.voucher_id,
            code_digest=voucher.code_digest,
            last4=voucher.last4,
            terms=msgspec.json.encode(voucher),
            currency=voucher.value.currency,
            balance_minor=0,
            status=VoucherStatus.ACTIVE.value,
            version=0,
        )
        .on_conflict_do_nothing()
    )


def apply(work: Work, change: AccountChanged, life_start: int) -> None:
    """Take in the server's word on an account, however often and in whatever order it comes.

    The first word on it since the server was put back, at the feed position `life_start`, has
    none of what the server knew before.
    """
    if life_start:
        work.execute(_FORGET_LOST, {"voucher": change.voucher_id, "life_start": life_start})
    terms = _terms(change.voucher) if change.voucher else _NO_TERMS
    work.exec_driver_sql(_TAKE_IN, _row(change, change.position, terms))
    _contained(work, change.contains)


def apply_page(work: Work, page: Sequence[SnapshotAccount]) -> None:
    """Take in a part of a snapshot: the same for many accounts at once."""
    if page:
        _forget_contained(work, page)
        rows = [_row(each, each.version, _stored_terms(each.voucher)) for each in page]
        work.exec_driver_sql(_TAKE_IN, rows)
        _contained(work, [entry_id for each in page for entry_id in each.contains])


def begin_load(work: Work) -> None:
    """Make ready for all accounts at once: an empty cache does without its index by last four
    signs, whose every page each part of the load would write anew."""
    if work.execute(select(accounts.c.voucher_id).limit(1)).first() is None:
        _LAST4.drop(work, checkfirst=True)


def end_load(work: Work) -> None:
    """All accounts are known: from now on there is an index for every look-up."""
    _LAST4.create(work, checkfirst=True)


def _forget_contained(work: Work, page: Sequence[SnapshotAccount]) -> None:
    """Own entries that newer balances do not have: the server was put back to before them."""
    told = {each.voucher_id: each for each in page}
    own = (
        select(entries.c.entry_id, entries.c.voucher_id, accounts.c.version)
        .join(accounts, accounts.c.voucher_id == entries.c.voucher_id)
        .where(
            entries.c.contained,
            entries.c.voucher_id.between(page[0].voucher_id, page[-1].voucher_id),
        )
    )
    for entry_id, voucher_id, version in work.execute(own).all():
        account = told.get(voucher_id)
        if account and version < account.version and entry_id not in account.contains:
            mine = entries.c.entry_id == entry_id
            work.execute(update(entries).where(mine).values(contained=False))


def _contained(work: Work, entry_ids: list[UUID]) -> None:
    if entry_ids:
        own = entries.c.entry_id.in_(entry_ids)
        work.execute(update(entries).where(own).values(contained=True))


def _row(
    told: AccountChanged | SnapshotAccount, version: int, terms: tuple[object, ...]
) -> tuple[object, ...]:
    """The columns of _TAKE_IN; ids as the Uuid type stores them."""
    balance = told.balance
    return (
        told.voucher_id.hex,
        *terms,
        balance.currency,
        balance.minor,
        told.status.value,
        version,
    )


class _CodeOf(Struct):
    """What the cache looks a voucher up by, out of its terms."""

    code_digest: str
    last4: str


_NO_TERMS = (None, None, None)
_code_of = JsonReader[_CodeOf](_CodeOf)


def _terms(voucher: Voucher) -> tuple[object, ...]:
    return voucher.code_digest, voucher.last4, msgspec.json.encode(voucher)


def _stored_terms(terms: Raw) -> tuple[object, ...]:
    """The terms as they came, which is how the server stores them."""
    body = bytes(terms)
    if body == b"null":
        return _NO_TERMS
    code = _code_of.read_or_none(body, "the terms of an account in a snapshot")
    if code is None:
        return _NO_TERMS
    return code.code_digest, code.last4, body


def _account(row: Row[bytes, str, str, int]) -> Account | None:
    """The account; None, with a word in the log, where its terms cannot be read here."""
    voucher = _voucher.read_or_none(row.terms, "the terms of an account")
    if voucher is None:
        return None
    return Account(
        voucher=voucher,
        balance=Money(row.spendable_minor, row.currency),
        status=VoucherStatus(row.status),
    )
