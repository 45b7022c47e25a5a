"""A journal in one SQLite file, as the till's database will keep it, and a till that dies."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from cardreader.purse.journal import CardMovement, CardState

OPEN = (CardState.INTENT, CardState.DOUBT)


class TillDied(Exception):
    """The till was switched off at this moment."""


class SqliteJournal:
    """`dies_at` counts the calls that write; `after` lets the write happen first."""

    def __init__(self, path: Path | str, dies_at: int = 0, *, after: bool = False) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS movement"
            " (movement_id TEXT PRIMARY KEY, uid TEXT, state TEXT, body BLOB)"
        )
        self._dies_at = dies_at
        self._after = after
        self.writes = 0

    def close(self) -> None:
        self._db.close()

    def open_movements(self, uid: str) -> Sequence[CardMovement]:
        rows = self._db.execute(
            "SELECT body FROM movement WHERE uid=? AND state IN (?, ?) ORDER BY rowid",
            (uid, *OPEN),
        )
        return [msgspec.json.decode(body, type=CardMovement) for (body,) in rows]

    def intend(self, movement: CardMovement) -> None:
        body = msgspec.json.encode(movement)
        self._write(
            "INSERT INTO movement VALUES (?, ?, ?, ?)",
            (str(movement.movement_id), movement.uid, CardState.INTENT, body),
        )

    def advance(self, movement_id: UUID, state: CardState) -> None:
        self._write(
            "UPDATE movement SET state=? WHERE movement_id=? AND state IN (?, ?)",
            (state, str(movement_id), *OPEN),
        )

    def sum_done(self) -> int:
        """What this till believes to have moved onto cards, in minor units."""
        rows = self._db.execute("SELECT body FROM movement WHERE state=?", (CardState.DONE,))
        return sum(msgspec.json.decode(body, type=CardMovement).amount.minor for (body,) in rows)

    def states(self) -> list[str]:
        return [state for (state,) in self._db.execute("SELECT state FROM movement ORDER BY rowid")]

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        self.writes += 1
        dies = self.writes == self._dies_at
        if dies and not self._after:
            raise TillDied
        assert self._db.execute(statement, values).rowcount == 1
        if dies:
            raise TillDied
