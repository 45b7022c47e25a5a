"""The first load of all accounts: vouchers are found while it goes on, and quickly afterwards."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.cache import demo_catalogue, sample_account
from sync.wire.feed import SnapshotAccount, SnapshotPage, VenueState
from till.store import accounts
from till.store.database import FILE_NAME, Database, open_database
from till.store.sync_store import TillSyncStore
from vouchers.codes import new_code

KEY = bytes(32)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path)
    yield database
    database.close()


def some_accounts(count: int) -> list[SnapshotAccount]:
    made = [sample_account(new_code(), KEY) for _ in range(count)]
    return sorted(made, key=lambda account: account.voucher_id)


def begin(store: TillSyncStore) -> None:
    venue = VenueState(catalogue=demo_catalogue(), users=[], issuer_keys=[], position=7)
    store.begin_snapshot(venue, [])


def add(store: TillSyncStore, page: list[SnapshotAccount], *, last: bool) -> None:
    after = None if last else page[-1].voucher_id
    store.add_page(SnapshotPage(accounts=page, position=7, total=99, next=after))


def last4_of(database: Database, account: SnapshotAccount) -> str:
    with database.read() as work:
        found = accounts.by_id(work, account.voucher_id)
    assert found is not None
    return found.voucher.last4


def found_by_last4(database: Database, account: SnapshotAccount) -> bool:
    last4 = last4_of(database, account)
    with database.read() as work:
        hits = accounts.by_last4(work, last4)
    return account.voucher_id in {hit.voucher.voucher_id for hit in hits}


def by_index(folder: Path) -> bool:
    """Whether SQLite looks a code's last four signs up instead of reading all accounts."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as file:
        plan = file.execute("EXPLAIN QUERY PLAN SELECT * FROM accounts WHERE last4 = 'ABCD'")
        return "USING INDEX" in str(plan.fetchall())


def test_a_new_till_finds_vouchers_while_it_loads_and_quickly_afterwards(
    database: Database, tmp_path: Path
) -> None:
    store, page = TillSyncStore(database), some_accounts(20)
    begin(store)
    add(store, page[:10], last=False)
    assert found_by_last4(database, page[3])
    add(store, page[10:], last=True)
    assert store.snapshot_progress().complete
    assert all(found_by_last4(database, account) for account in page)
    assert by_index(tmp_path)


def test_a_till_that_must_load_again_keeps_looking_up_quickly(
    database: Database, tmp_path: Path
) -> None:
    store, page = TillSyncStore(database), some_accounts(10)
    begin(store)
    add(store, page, last=True)
    begin(store)
    assert by_index(tmp_path)
    add(store, page, last=True)
    assert by_index(tmp_path)


def test_a_load_that_starts_anew_in_the_middle_ends_with_its_index(
    database: Database, tmp_path: Path
) -> None:
    store, page = TillSyncStore(database), some_accounts(10)
    begin(store)
    add(store, page[:5], last=False)
    begin(store)
    add(store, page, last=True)
    assert by_index(tmp_path)
