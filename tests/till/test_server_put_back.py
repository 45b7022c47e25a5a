"""A server that was put back from a backup has lost entries: the till's cache says what is true."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from bench.cache import demo_catalogue, sample_account
from sync.wire.feed import AccountChanged, SnapshotPage, VenueState
from till.store import accounts, ledger, settings
from till.store.database import Database, open_database
from till.store.settings import Identity
from till.store.sync_store import TillSyncStore
from vouchers.codes import new_code
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, EntryKind
from vouchers.money import Money
from vouchers.voucher import Voucher, VoucherStatus

SOLD, SPENT_ELSEWHERE = 50_00, -10_00


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path)
    with database.write() as work:
        settings.identity.put(
            work, Identity(till_id="t", name="T", organisation="o", server_urls=["http://[::1]:9"])
        )
    yield database
    database.close()


def sell(database: Database) -> tuple[Voucher, UUID]:
    account = sample_account(new_code(), bytes(32))
    voucher = msgspec.json.decode(account.voucher, type=Voucher)
    draft = EntryDraft(
        entry_id=new_id(),
        voucher_id=voucher.voucher_id,
        kind=EntryKind.ISSUE,
        amount=Money(SOLD, "EUR"),
        occurred_at=datetime.now(UTC),
        actor="c1",
        reference="T-000001",
        basis=Basis.OFFLINE,
        voucher=voucher,
    )
    with database.write() as work:
        accounts.add_issued(work, voucher)
        ledger.append(work, draft)
    return voucher, draft.entry_id


def load(store: TillSyncStore, *, life_start: int) -> None:
    """A snapshot of a server that knows no account."""
    venue = VenueState(
        catalogue=demo_catalogue(),
        users=[],
        issuer_keys=[],
        position=life_start,
        life_start=life_start,
    )
    store.begin_snapshot(venue, [])
    store.add_page(SnapshotPage(accounts=[], position=life_start, total=0))


def told(store: TillSyncStore, voucher: Voucher, balance: int, position: int, entry: UUID) -> None:
    change = AccountChanged(
        position=position,
        voucher_id=voucher.voucher_id,
        balance=Money(balance, "EUR"),
        status=VoucherStatus.ACTIVE,
        contains=[entry],
        voucher=voucher,
    )
    store.apply([change], position)


def left(database: Database, voucher: Voucher) -> int:
    with database.read() as work:
        account = accounts.by_id(work, voucher.voucher_id)
    assert account is not None
    return account.balance.minor


def test_what_the_server_lost_counts_until_it_has_heard_it_again(database: Database) -> None:
    store = TillSyncStore(database)
    load(store, life_start=0)
    voucher, issue = sell(database)
    told(store, voucher, SOLD, 8, issue)
    load(store, life_start=1000)
    assert left(database, voucher) == SOLD
    told(store, voucher, SPENT_ELSEWHERE, 1001, new_id())
    assert left(database, voucher) == SOLD + SPENT_ELSEWHERE
    told(store, voucher, SOLD + SPENT_ELSEWHERE, 1002, issue)
    assert left(database, voucher) == SOLD + SPENT_ELSEWHERE
