"""The independent auditor: sqlite3, arithmetic and the world's own log; no code of the ledger."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.simulation.history import History
from tests.simulation.machine import Machine
from tests.simulation.nature import WorldClock
from tests.simulation.promises import Promises
from tests.simulation.server_books import ServerReader
from tests.simulation.server_rules import ServerRules
from tests.simulation.till_rules import Limits, TillBooks, TillReader, check_till
from tests.simulation.violation import require
from tests.simulation.witness import Witness
from till.store import accounts

TIME_OFF_MAX_S = 2
LACK_OF_BALANCE = ("insufficient", "empty")


class Auditor:
    """Looks at all files after every step; its `witness` hears every answer of the server."""

    def __init__(
        self, server_file: Path, clock: WorldClock, promises: Promises, limits: Limits
    ) -> None:
        self._server_file = server_file
        self._server = ServerReader(server_file)
        self._rules = ServerRules(promises)
        self._history = History(self._server.books)
        self._tills: dict[Path, TillReader] = {}
        self._clock, self._promises, self._limits = clock, promises, limits
        self.witness = Witness(self._ask, clock, promises)

    def check(self, machines: Iterable[Machine]) -> None:
        """After a step. Raises Violation."""
        server_changed = self.check_server()
        for machine in machines:
            reader = self._reader(machine.file)
            if reader.changed() or server_changed:
                check_till(machine.name, reader.books, self._history, self._promises, self._limits)
                _check_shown(machine, reader.books)
                self._check_time(machine)
                _check_holds_belong(machine, reader.books)
        if server_changed:
            self._check_kept(machines)

    def check_server(self) -> bool:
        """The server's books by themselves; whether they have changed since. Raises Violation."""
        changed = self._server.changed()
        self._history.now = self._server.books
        if changed:
            self._rules.check(self._server.books, self._clock.now_ms)
        return changed

    def check_agreement(self, machines: Iterable[Machine], *, disks_kept: bool) -> None:
        """When all has healed and settled: everybody knows the same, and nothing waits."""
        self.check(machines)
        server = self._server.books
        balances = {key: (a["balance"], a["version"]) for key, a in server.accounts.items()}
        parked: set[tuple[str, str]] = set()  # under an id that is applied there may be another
        for machine in machines:
            till = self._reader(machine.file).books
            parked |= {(e.entry_id, e.digest) for e in till.entries if e.duty == "parked"}
            waiting = [e for e in till.entries if e.duty in ("waiting", "again")]
            require(not waiting, "after healing nothing waits", (machine.name, waiting))
            require(not till.holds, "after healing nothing is set aside", machine.name)
            hidden = {
                e.voucher_id for e in till.entries if UUID(e.entry_id) in self._promises.given_up
            }
            known = {
                key: (account["balance_minor"], account["version"])
                for key, account in till.accounts.items()
                if (account["version"] or key not in hidden) and not self._is_ghost(key)
            }
            require(not till.own_blocks, "after healing nobody owes the word of a block")
            require(
                known == balances,
                "after healing everybody knows the same balances",
                (machine.name, known, balances),
            )
            self._check_incidents(machine)
        applied = {(e.entry_id, e.digest) for e in server.entries.values()}
        require(not applied & parked, "applied or parked, never both", applied & parked)
        self._check_all_arrived({entry_id for entry_id, _ in applied | parked})
        if disks_kept and not self._promises.restores:
            held = {r["request_id"] for r in server.requests.values() if r["state"] == "held"}
            held -= {entry_id.hex for entry_id in self._promises.given_up}
            require(not held, "no hold is forgotten", held)

    def server_put_back(self) -> None:
        """Its file has been replaced by an older one."""
        self._history.past.append(self._server.books)
        self._server.close()
        self._server = ServerReader(self._server_file)
        self._server.changed()
        books = self._history.now = self._server.books
        self._rules.server_put_back(books)
        self._promises.server_put_back(
            {UUID(entry_id) for entry_id in books.entries},
            {str(UUID(request_id)) for request_id in books.requests},
            books.revoked,
        )

    def _ask(self, query: str, given: dict[str, Any]) -> sqlite3.Row | None:
        return self._server.ask(query, given)

    def forget(self, machine: Machine) -> None:
        """Its file is being replaced."""
        reader = self._tills.pop(machine.file, None)
        if reader is not None:
            reader.close()

    def close(self) -> None:
        self._server.close()
        for reader in self._tills.values():
            reader.close()

    def _reader(self, file: Path) -> TillReader:
        if file not in self._tills:
            self._tills[file] = TillReader(file)
        return self._tills[file]

    def _is_ghost(self, voucher_id: str) -> bool:
        """Whether all that ever happened to a voucher went down with the server and with disks:
        some till may remember it, and that is the visitor's luck."""
        if not self._promises.restores or voucher_id in self._server.books.accounts:
            return False
        of_it = (p for p in self._promises.made.values() if p.voucher_id.hex == voucher_id)
        return all(p.entry_id in self._promises.given_up for p in of_it)

    def _check_kept(self, machines: Iterable[Machine]) -> None:
        """What a visitor was told is somewhere on a disk."""
        self._check_all_arrived(
            set(self._server.books.entries)
            | {e.entry_id for m in machines for e in self._reader(m.file).books.entries}
        )

    def _check_incidents(self, machine: Machine) -> None:
        open_now = {UUID(i.incident_id) for i in self._server.books.incidents if i.is_open}
        known = {UUID(row["incident_id"]) for row in machine.ask("SELECT * FROM incidents")}
        require(
            known == open_now,
            "after healing everybody knows the same incidents",
            (machine.name, known ^ open_now),
        )

    def _check_all_arrived(self, known: set[str]) -> None:
        for promise in self._promises.made.values():
            lost = promise.entry_id in self._promises.given_up
            require(lost or promise.entry_id.hex in known, "no entry is lost", promise)

    def _check_time(self, machine: Machine) -> None:
        """However wrong its clock is: a till knows the time until the clock jumps again."""
        if machine.process is None or machine.wrong_when_heard != machine.clock.wrong:
            return
        with machine.process.database.read() as work:
            off_s = machine.process.desk.now(work).timestamp() - self._clock.now_ms / 1000
        require(abs(off_s) < TIME_OFF_MAX_S, "a till knows the time", (machine.name, off_s))


def _check_shown(machine: Machine, till: TillBooks) -> None:
    """What the counter shows is the arithmetic of what is on disk."""
    if machine.process is None:
        return
    with machine.process.database.read() as work:
        for voucher_id, account in till.accounts.items():
            shown = accounts.by_id(work, UUID(voucher_id))
            if account["terms"] is None:
                require(shown is None, "a voucher without terms is not shown", voucher_id)
                continue
            right = shown is not None and shown.balance.minor == till.spendable(voucher_id)
            require(
                right,
                "what is shown is cache plus own entries less holds",
                (machine.name, shown, till.spendable(voucher_id)),
            )


def _check_holds_belong(machine: Machine, till: TillBooks) -> None:
    if machine.process is None:
        return
    wanted = {one.entry_id.hex for one in machine.process.set_aside()}
    kept = {hold["hold_id"] for hold in till.holds if not hold["release"]}
    require(wanted <= kept, "what is set aside stays set aside", (machine.name, wanted - kept))
    for held in till.open_sales.values():
        wanted |= held
    for hold in till.holds:
        fine = hold["release"] or hold["hold_id"] in wanted
        require(fine, "what is set aside belongs to an open sale", (machine.name, dict(hold)))
