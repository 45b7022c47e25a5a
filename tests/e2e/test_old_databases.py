"""Databases written by every released schema keep opening, with nothing of them changed."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.server_process import server_process
from till.store import accounts
from till.store.database import FILE_NAME, SCHEMA_VERSION, open_database
from vouchers.codes import voucher_id_of

DATA = Path(__file__).parents[1] / "data"


def entry_sums(file: Path) -> dict[str, int]:
    """Balance by voucher: what was cached or booked, whatever the schema, in minor units."""
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute(
            "SELECT voucher_id, sum(body -> '$.amount.amount') FROM entries GROUP BY voucher_id"
        ).fetchall()
    return dict(rows)


@pytest.mark.parametrize("old", sorted((DATA / "old_tills").glob("*.sqlite")), ids=lambda p: p.stem)
def test_an_old_till_database_opens_with_its_balances(old: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(old, tmp_path / FILE_NAME))
    expected = entry_sums(file)
    assert expected
    database = open_database(tmp_path)
    with database.read() as work:
        version = work.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        for digest, voucher_id in work.exec_driver_sql(
            "SELECT code_digest, voucher_id FROM accounts"
        ).all():
            account = accounts.by_id(work, voucher_id_of(digest))
            assert account is not None
            assert account.balance.minor == expected.get(voucher_id, 5000)
    database.close()
    assert version == SCHEMA_VERSION


@pytest.mark.parametrize(
    "old", sorted((DATA / "old_servers").glob("*.sqlite")), ids=lambda p: p.stem
)
def test_an_old_server_database_opens_with_its_balances(old: Path, tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    file = Path(shutil.copy(old, tmp_path / "server" / "server.sqlite"))
    expected = entry_sums(file)
    with server_process(tmp_path / "server", demo=False) as server:
        assert server.url
    with closing(sqlite3.connect(file)) as database:
        balances = dict(database.execute("SELECT voucher_id, balance FROM accounts").fetchall())
    assert entry_sums(file) == expected == balances
