"""Keeping in step: a million vouchers to load, a long outage to report."""

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from bench.cache import filled_till, look_up_once, sample_account, sell_once
from bench.till import Row, enrol, measured, ratio
from sync.wire.feed import SnapshotAccount
from tests.server_process import ServerProcess, server_process
from till.assembly import open_till
from vouchers.codes import new_code
from vouchers.voucher import Voucher

MILLION = 1_000_000
LOOK_UPS = 300
WAITING = 10_000
MEGABYTE = 1024 * 1024


def ratios() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        yield from snapshot(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from look_ups(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from outage(Path(folder))


def snapshot(folder: Path) -> Iterator[Row]:
    """A new till loads all accounts, against the same rows put in by bare sqlite3."""
    with server_process(folder / "server") as server:
        data = enrol(server, folder / "till", "bench")
        fill_server(server, MILLION)
        loading = [sys.executable, "-m", "bench.load_snapshot", str(data)]
        told = subprocess.run(loading, check=True, capture_output=True, text=True).stdout
    loaded = msgspec.json.decode(told, type=dict[str, int])
    bare_s = measured(partial(insert_bare, data / "till.sqlite", folder / "bare.sqlite"))
    took_s = loaded["milliseconds"] / 1000
    yield (
        f"snapshot of {MILLION:,} / the same rows with bare sqlite3",
        f"{took_s / bare_s:6.2f}   ({took_s:.1f} s / {bare_s:.1f} s)",
    )
    yield "  memory of the till while it loads", f"{loaded['peak_bytes'] / MEGABYTE:6.0f} MB"


def fill_server(server: ServerProcess, count: int) -> None:
    """Accounts straight into the server's file, as if they had been sold elsewhere."""
    rows = (_server_row(sample_account(new_code(), bytes(32))) for _ in range(count))
    statement = """INSERT INTO accounts (organisation, voucher_id, code_digest, last4, balance,
        currency, status, version, terms) VALUES ('main', ?, ?, ?, 5000, 'EUR', 'active', 1, ?)"""
    with closing(sqlite3.connect(server.data / "server.sqlite")) as database, database:
        while batch := list(islice(rows, 50_000)):
            database.executemany(statement, batch)


def _server_row(account: SnapshotAccount) -> tuple[str, str, str, str]:
    voucher = msgspec.json.decode(account.voucher, type=Voucher)
    terms = bytes(account.voucher).decode()
    return account.voucher_id.hex, voucher.code_digest, voucher.last4, terms


def insert_bare(source: Path, target: Path) -> None:
    """The rows and indexes the till ends up with, in the same number of transactions."""
    with closing(sqlite3.connect(source)) as till:
        made = till.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'accounts' AND sql NOT NULL"
        ).fetchall()
        rows = till.execute("SELECT * FROM accounts ORDER BY voucher_id")
        with closing(sqlite3.connect(target, isolation_level=None)) as bare:
            bare.execute("PRAGMA journal_mode = WAL")
            bare.execute("PRAGMA synchronous = FULL")
            for (statement,) in made:
                bare.execute(statement)
            places = ", ".join("?" * len(rows.description))
            while page := rows.fetchmany(10_000):
                bare.execute("BEGIN")
                bare.executemany(f"INSERT INTO accounts VALUES ({places})", page)
                bare.execute("COMMIT")


def look_ups(folder: Path) -> Iterator[Row]:
    """A look-up at a million vouchers against one at a thousand."""
    figures = []
    for count in (MILLION, 1000):
        till, codes = filled_till(folder / str(count), count)
        figures.append([measured(partial(look_up_once, till, code)) for code in codes[:LOOK_UPS]])
        till.close()
    yield ratio(f"look-up at {MILLION:,} vouchers / at 1,000", *figures)


def outage(folder: Path) -> Iterator[Row]:
    """Entries that waited for the server: how long until all are reported, with a window open."""
    with server_process(folder / "server") as server:
        data = enrol(server, folder / "till", "bench")
        till = open_till(data)
        assert till.get_in_step()
        for _ in range(WAITING):
            sell_once(till)
        till.close()
        server.stop()
        command = [sys.executable, "-m", "bench.draining_window", str(data)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as window:
            assert window.stdout is not None
            assert window.stdout.readline() == "ready\n"
            server.start()
            seen = msgspec.json.decode(window.stdout.read(), type=dict[str, int])
    drained_s = seen["drained_ms"] / 1000
    rate = WAITING / drained_s
    yield f"{WAITING:,} waiting entries reported", f"{drained_s:6.1f} s   ({rate:,.0f} a second)"
    yield (
        "  longest pause of the window meanwhile / with nothing to do",
        f"{seen['longest_ms'] / seen['calm_ms']:6.2f}   ({seen['longest_ms']} ms, its own work"
        f" {seen['longest_own_ms']} ms / {seen['calm_ms']} ms)",
    )
