"""A journal for print jobs in bare sqlite3, as the till's database would keep it."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from printing.spool import OPEN, JobState, PrintJob


class SqliteJournal:
    """Fulfils SpoolStore; one connection behind a lock."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS job "
            "(job_id TEXT PRIMARY KEY, printer TEXT, state TEXT, body BLOB)"
        )

    def add(self, job: PrintJob) -> PrintJob:
        with self._lock:
            self._db.execute("INSERT INTO job VALUES (?, ?, ?, ?)", self._row(job))
        return job

    def next_open(self, printer: str) -> PrintJob | None:
        found = self._read("state = ? AND printer = ? LIMIT 1", (JobState.INTENT, printer))
        return found[0] if found else None

    def job(self, job_id: UUID) -> PrintJob | None:
        found = self._read("job_id = ?", (str(job_id),))
        return found[0] if found else None

    def open_jobs(self) -> Sequence[PrintJob]:
        return [job for job in self.all_jobs() if job.state in OPEN]

    def all_jobs(self) -> list[PrintJob]:
        return self._read("1 = 1", ())

    def move(self, before: PrintJob, after: PrintJob) -> bool:
        with self._lock:
            done = self._db.execute(
                "UPDATE job SET job_id = ?, printer = ?, state = ?, body = ? "
                "WHERE job_id = ? AND state = ?",
                (*self._row(after), str(before.job_id), before.state),
            )
            return done.rowcount == 1

    def close(self) -> None:
        self._db.close()

    def _row(self, job: PrintJob) -> tuple[str, str, str, bytes]:
        return (str(job.job_id), job.printer, job.state, msgspec.json.encode(job))

    def _read(self, where: str, values: tuple[str, ...]) -> list[PrintJob]:
        if "LIMIT" in where:
            where = where.replace("LIMIT", "ORDER BY job_id LIMIT")
        else:
            where += " ORDER BY job_id"
        with self._lock:
            rows = self._db.execute(f"SELECT body FROM job WHERE {where}", values).fetchall()
        return [msgspec.json.decode(row[0], type=PrintJob) for row in rows]
