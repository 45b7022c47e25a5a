"""A backup of a working server, put back elsewhere: the tills go on, and nothing is lost."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.backup import back_up
from server.errors import NotPossible
from server.storage.database import open_engine
from tests.postgres import Postgres
from tests.server.test_failover import BIN as NODE_BIN
from tests.server.test_process import Load, till_at
from tests.server_process import ServerProcess, server_process
from tests.sync.tills import enrolled, redeemed, sold
from till.assembly import Till

BIN = NODE_BIN.parent.parent / "pginstall18" / "bin"


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[str | None, str | None]:
    """The database of the first server, and an empty one for the second."""
    monkeypatch.setenv("TILL_DEADLINE_MS", "3000")
    if request.param == "sqlite":
        return None, None
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database(), postgres.new_database(empty=True)


@pytest.fixture
def first(databases: tuple[str | None, str | None], tmp_path: Path) -> Iterator[ServerProcess]:
    with server_process(tmp_path / "first", database=databases[0]) as running:
        yield running


@pytest.fixture
def till(first: ServerProcess, tmp_path: Path) -> Iterator[Till]:
    code = first.add_till("Entrance")
    opened = enrolled(tmp_path / "till", first.url, code, patience_s=(2.0, 6.0))
    yield opened
    opened.close()


def balance(till: Till, digest: str) -> int:
    return till.link.find(code_digest=digest).accounts[0].balance.minor


def test_a_restored_server_hears_again_what_it_has_lost(
    first: ServerProcess, till: Till, databases: tuple[str | None, str | None], tmp_path: Path
) -> None:
    early = sold(till).vouchers[0]
    assert till.get_in_step()
    busy = till_at(first, "busy")
    busy.http.close()
    load = Load(first, busy)
    first.command("backup", str(tmp_path / "copy"))
    load.finish()
    redeemed(till, early.code.text)
    late = sold(till).vouchers[0]
    assert till.get_in_step()
    assert till.books.counts() == (0, 0)
    first.stop()
    second = ServerProcess(tmp_path / "second", database=databases[1], port=first.port)
    second.command("restore", str(tmp_path / "copy"))
    second.start()
    try:
        assert till.get_in_step()  # a snapshot, which shows what is missing
        assert till.get_in_step()
        assert balance(till, early.voucher.code_digest) == 4000
        assert balance(till, late.voucher.code_digest) == 5000
        assert till.books.counts() == (0, 0)
        assert redeemed(till, late.code.text).receipt.number
        assert till.get_in_step()
        assert balance(till, late.voucher.code_digest) == 4000
        assert [
            i.kind for i in till.counter.incidents.open() if i.origin == till.identity.till_id
        ] == []
    finally:
        second.stop()


def test_a_database_of_several_hosts_is_backed_up_from_the_one_that_answers(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    url = sa.make_url(postgres.new_database())
    here = url.query.get("host", url.host)
    hosts = url.update_query_dict({"host": ["/no/such/folder", str(here)]}).set(host=None)
    engine = open_engine(hosts.render_as_string(hide_password=False))
    back_up(engine, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes().startswith(b"PGDMP")
    engine.dispose()


def test_a_backup_that_fails_leaves_nothing_and_says_why(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(postgres.new_database())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotPossible, match="pg_dump is not installed"):
        back_up(engine, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []
    engine.dispose()
