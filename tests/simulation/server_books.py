"""What stands in the server's file, read with sqlite3 and nothing else."""

import hashlib
import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class BookedEntry:
    """An entry in the ledger; ids are 32 hexadecimal digits, as in the file."""

    entry_id: str
    position: int
    voucher_id: str
    origin: str
    seq: int
    digest: str
    previous: str
    kind: str
    basis: str
    amount: int
    booked_ms: int
    balance_after: int
    incidents: frozenset[str]


@dataclass
class Incident:
    """Something a supervisor is told of; `in_hand` until it has settled itself."""

    incident_id: str
    kind: str
    subject: str
    is_open: bool
    in_hand: bool


@dataclass
class ServerBooks:
    """All that matters of the server's file at one moment."""

    entries: dict[str, BookedEntry] = field(default_factory=dict)
    accounts: dict[str, sqlite3.Row] = field(default_factory=dict)
    requests: dict[str, sqlite3.Row] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)
    feed: list[sqlite3.Row] = field(default_factory=list)
    feed_floor: int = 0
    life_start: int = 0
    revoked: set[str] = field(default_factory=set)

    @property
    def newest(self) -> int:
        """The last feed position there is."""
        return self.feed[-1]["position"] if self.feed else 0

    def of_voucher(self) -> dict[str, list[BookedEntry]]:
        """The entries of each voucher, in the order they were booked."""
        found: dict[str, list[BookedEntry]] = defaultdict(list)
        for entry in sorted(self.entries.values(), key=lambda one: one.position):
            found[entry.voucher_id].append(entry)
        return found

    def is_open(self, kind: str, subject: str) -> bool:
        """Whether somebody is being told of it at this moment."""
        return any(i.is_open and (i.kind, i.subject) == (kind, subject) for i in self.incidents)

    def is_told(self, kind: str, subject: str) -> bool:
        """Whether somebody is being told of it, or has settled it."""
        return any(i.in_hand and (i.kind, i.subject) == (kind, subject) for i in self.incidents)


class ServerReader:
    """Reads the file anew when it has changed."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.row_factory = sqlite3.Row
        self._version = -1
        self._known: dict[str, BookedEntry] = {}
        self.books = ServerBooks()

    def changed(self) -> bool:
        """Whether anything was written since; then `books` is new."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return False
        self._version = version
        self.books = self._read()
        return True

    def ask(self, query: str, given: dict[str, Any]) -> sqlite3.Row | None:
        """One row of the file as it is now."""
        row: sqlite3.Row | None = self._connection.execute(query, given).fetchone()
        return row

    def close(self) -> None:
        self._connection.close()

    def _read(self) -> ServerBooks:
        rows = self._connection.execute
        floor = rows("SELECT feed_floor FROM organisations").fetchone()[0]
        life = rows("SELECT value FROM server WHERE name = 'life_start'").fetchone()
        return ServerBooks(
            entries={
                row["entry_id"]: self._entry(row)
                for row in rows(
                    "SELECT entry_id, position, digest, incidents, booked_ms, balance_after, body"
                    " FROM entries"
                )
            },
            accounts={r["voucher_id"]: r for r in rows("SELECT * FROM accounts")},
            requests={r["request_id"]: r for r in rows("SELECT * FROM requests")},
            incidents=[
                Incident(
                    incident_id=row["incident_id"],
                    kind=row["kind"],
                    subject=row["subject"],
                    is_open=row["settled_ms"] is None,
                    in_hand=row["settled_ms"] is None or bool(row["settled_by"]),
                )
                for row in rows("SELECT * FROM incidents")
            ],
            feed=rows("SELECT * FROM feed ORDER BY position").fetchall(),
            feed_floor=floor,
            life_start=int(life[0]) if life else 0,
            revoked={
                r["till_id"] for r in rows("SELECT till_id FROM tills WHERE revoked_ms IS NOT NULL")
            },
        )

    def _entry(self, row: sqlite3.Row) -> BookedEntry:
        key = f"{row['entry_id']} {row['position']} {row['digest']} {len(row['body'])}"
        if key not in self._known:
            self._known[key] = _entry(row)
        return self._known[key]


def _entry(row: sqlite3.Row) -> BookedEntry:
    body: dict[str, Any] = json.loads(row["body"])
    return BookedEntry(
        entry_id=row["entry_id"],
        position=row["position"],
        voucher_id=body["voucher_id"].replace("-", ""),
        origin=body["origin"],
        seq=body["origin_seq"],
        digest=digest_of(body),
        previous=body["previous_digest"],
        kind=body["kind"],
        basis=body["basis"],
        amount=body["amount"]["amount"],
        booked_ms=row["booked_ms"],
        balance_after=row["balance_after"],
        incidents=frozenset(row["incidents"].split()),
    )


def digest_of(body: dict[str, Any]) -> str:
    """What the next entry of the origin must carry: SHA-256 over the sorted JSON."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
