"""Reads a till's file with plain sqlite3 and checks that its books are whole."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

ALL_WELL = "ok"


def check_books(file: Path, acknowledged: list[str]) -> None:
    """Everything acknowledged is there, nothing is half there, the chain has no gap."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == ALL_WELL
        receipts = [row[0] for row in database.execute("SELECT number FROM receipts ORDER BY seq")]
        bodies = [
            json.loads(row[0]) for row in database.execute("SELECT body FROM entries ORDER BY seq")
        ]
        digests = [row[0] for row in database.execute("SELECT digest FROM entries ORDER BY seq")]
        owed = database.execute("SELECT count(*) FROM outbox").fetchone()[0]
    assert set(acknowledged) <= set(receipts)
    assert len(receipts) == len(set(receipts)) == len(bodies) == owed
    assert [entry["reference"] for entry in bodies] == receipts
    assert [entry["origin_seq"] for entry in bodies] == list(range(1, len(bodies) + 1))
    chain = ["0" * 64, *digests][: len(bodies)]
    assert [entry["previous_digest"] for entry in bodies] == chain


def check_money(file: Path, taken: set[str]) -> None:
    """Every sale for which money was taken has its receipt, or is open for whoever comes next."""
    with closing(sqlite3.connect(file)) as database:
        committed = {row[0] for row in database.execute("SELECT sale_id FROM receipts")}
        still_open = {row[0] for row in database.execute("SELECT sale_id FROM open_sales")}
    assert taken <= committed | still_open
    assert not committed & still_open
