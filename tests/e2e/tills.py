"""Real tills as processes of their own, driven as a script would drive them."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from tests import commands
from till.main import main

CASHIER = {"TILL_USER": "cashier", "TILL_PIN": "1234"}
SUPERVISOR = {"TILL_USER": "supervisor", "TILL_PIN": "5678"}
PATIENT = {"TILL_DEADLINE_MS": "10000"}
"""Tests share two cores: an answer is late here before it would be at a counter."""

DONE, USAGE, REFUSED, WORLD_FAILED = 0, 2, 3, 4


@dataclass
class TillProcess:
    """The commands of one till; each call is a process of its own."""

    data: Path

    def __call__(self, *words: str, exit: int = DONE, user: dict[str, str] = CASHIER) -> Any:  # noqa: A002
        done = self.run(*words, user=user)
        assert done.returncode == exit, done.stdout + done.stderr
        return json.loads(done.stdout)

    def run(self, *words: str, user: dict[str, str] = CASHIER) -> CompletedProcess[str]:
        command = [*words, "--data", str(self.data), "--json"]
        return commands.run(main, command, {**PATIENT, **user})

    def refused(self, *words: str, user: dict[str, str] = CASHIER) -> str:
        """The reason of a refusal, which must come with a sentence."""
        answer = self(*words, exit=REFUSED, user=user)
        assert len(answer["message"]) > 20
        return str(answer["refused"])

    def balances(self) -> dict[str, int]:
        """Every account of this till's cache, straight from its file: balance in minor units."""
        return sums(
            self.data / "till.sqlite",
            """SELECT a.voucher_id, a.balance_minor + coalesce((SELECT sum(e.amount_minor)
               FROM entries e WHERE e.voucher_id = a.voucher_id AND NOT e.contained), 0)
               FROM accounts a""",
        )


def sums(file: Path, query: str) -> dict[str, int]:
    """Minor units by voucher id, from any of the databases."""
    with sqlite3.connect(file) as database:
        rows = database.execute(query).fetchall()
    database.close()
    return {str(voucher).replace("-", ""): int(minor) for voucher, minor in rows}
