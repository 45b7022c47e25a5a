"""The auditor's rules for a till's file, held against the server's books and their history."""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.history import History
from tests.simulation.promises import Promises
from tests.simulation.server_books import digest_of
from tests.simulation.server_rules import FIRST
from tests.simulation.violation import require


@dataclass(frozen=True)
class OwnEntry:
    """An entry of this till; `duty` is waiting, again (the server has lost it), parked or nothing
    more."""

    entry_id: str
    origin: str
    seq: int
    voucher_id: str
    kind: str
    basis: str
    amount: int
    contained: bool
    duty: str | None
    digest: str
    previous: str


@dataclass
class TillBooks:
    """All that matters of a till's file at one moment. Balances are in minor units.

    `open_sales` took money and have no receipt; with the holds of each. `receipts` and `given_back`
    are the ids of sales as well.
    """

    entries: list[OwnEntry]
    accounts: dict[str, sqlite3.Row]
    holds: list[sqlite3.Row]
    position: int | None
    complete: bool
    own_blocks: list[str]
    open_sales: dict[str, set[str]]
    receipts: set[str]
    given_back: set[str]

    def spendable(self, voucher_id: str) -> int:
        """The server's word, own entries it does not know yet, and less own holds."""
        own = sum(e.amount for e in self.entries if e.voucher_id == voucher_id and not e.contained)
        held: int = sum(
            hold["amount_minor"]
            for hold in self.holds
            if hold["voucher_id"] == voucher_id and not hold["release"]
        )
        cached: int = self.accounts[voucher_id]["balance_minor"]
        return cached + own - held


@dataclass(frozen=True)
class Limits:
    """What the venue lets a till redeem by itself in one outage."""

    per_voucher: int
    per_till: int


class TillReader:
    """Reads a till's file anew when it has changed."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.row_factory = sqlite3.Row
        self._version = -1
        self._known: dict[bytes, tuple[str, str]] = {}
        self.books = self._read()

    def changed(self) -> bool:
        """Whether anything was written since; then `books` is new."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return False
        self._version = version
        self.books = self._read()
        return True

    def close(self) -> None:
        self._connection.close()

    def _read(self) -> TillBooks:
        rows = self._connection.execute
        settings = {
            r["name"]: json.loads(r["value"])
            for r in rows(
                "SELECT name, value FROM settings WHERE name IN"
                " ('feed_position', 'snapshot_after', 'blocks_to_tell')"
            )
        }
        entries = rows(
            "SELECT e.*, o.state AS duty FROM entries e LEFT JOIN outbox o"
            " ON o.seq = e.seq ORDER BY e.seq"
        )
        open_sales = {
            row["sale_id"]: _holds(row["body"]) for row in rows("SELECT * FROM open_sales")
        }
        return TillBooks(
            open_sales=open_sales,
            receipts={row["sale_id"] for row in rows("SELECT sale_id FROM receipts")},
            given_back={row["sale_id"] for row in rows("SELECT sale_id FROM returned_tenders")},
            entries=[self._entry(row) for row in entries],
            accounts={r["voucher_id"]: r for r in rows("SELECT * FROM accounts")},
            holds=rows("SELECT * FROM holds").fetchall(),
            position=settings.get("feed_position"),
            complete="feed_position" in settings and settings.get("snapshot_after") == "",
            own_blocks=[
                one["voucher_id"].replace("-", "") for one in settings.get("blocks_to_tell", [])
            ],
        )

    def _entry(self, row: sqlite3.Row) -> OwnEntry:
        if row["body"] not in self._known:
            body = json.loads(row["body"])
            self._known[row["body"]] = (digest_of(body), body["previous_digest"])
        digest, previous = self._known[row["body"]]
        return OwnEntry(
            entry_id=row["entry_id"],
            origin=row["origin"],
            seq=row["origin_seq"],
            voucher_id=row["voucher_id"],
            kind=row["kind"],
            basis=row["basis"],
            amount=row["amount_minor"],
            contained=bool(row["contained"]),
            duty=row["duty"],
            digest=digest,
            previous=previous,
        )


def _holds(sale: bytes) -> set[str]:
    given = json.loads(sale).get("redeemed", [])
    return {one["entry_id"].replace("-", "") for one in given}


def check_till(
    name: str, till: TillBooks, history: History, promises: Promises, limits: Limits
) -> None:
    """Raises Violation."""
    _check_chain(name, till)
    _check_duties(name, till, history, promises)
    _check_cache(name, till, history)
    _check_nothing_skipped(name, till, history)
    _check_limits(name, till, limits)
    _check_blocks(name, till)
    _check_money(name, till, promises)


def _check_chain(name: str, till: TillBooks) -> None:
    heads: dict[str, tuple[int, str]] = defaultdict(lambda: (0, FIRST))
    for entry in till.entries:
        seq, digest = heads[entry.origin]
        right = (entry.seq, entry.previous) == (seq + 1, digest)
        require(right, "a till's own chain has no gap", (name, entry))
        heads[entry.origin] = (entry.seq, entry.digest)


def _check_duties(name: str, till: TillBooks, history: History, promises: Promises) -> None:
    """A till that has heard of the server being put back owes it again what it has lost."""
    given_up = {one.hex for one in promises.given_up}
    server = history.now
    up_to_date = till.complete and history.is_now(till.position)
    trusted = [server] if up_to_date else history.everything()
    for entry in till.entries:
        there = [books.entries.get(entry.entry_id) for books in trusted]
        if entry.duty is None and entry.entry_id not in given_up:
            same = any(booked is not None and booked.digest == entry.digest for booked in there)
            require(same, "a duty ends when the server has the entry", (name, entry))
        if entry.duty == "parked":
            other = any(booked is not None and booked.digest != entry.digest for booked in there)
            told = any(
                i.kind == "conflict" and i.subject.replace("-", "").startswith(entry.entry_id)
                for i in server.incidents
            )
            require(other and told, "parked only for a conflict somebody is told of", (name, entry))


def _check_cache(name: str, till: TillBooks, history: History) -> None:
    booked = {id(books): books.of_voucher() for books in history.everything()}
    for voucher_id, account in till.accounts.items():
        of_it = booked[id(history.at(account["version"]))][voucher_id]
        known = [e.amount for e in of_it if e.position <= account["version"]]
        require(
            account["balance_minor"] == sum(known),
            "a cached balance is the server's at its version",
            (name, voucher_id, dict(account) | {"terms": ""}, sum(known)),
        )
    for entry in till.entries:
        cached = till.accounts.get(entry.voucher_id)
        books = history.at(cached["version"]) if cached is not None else history.now
        there = books.entries.get(entry.entry_id)
        counted = there is not None and cached is not None and there.position <= cached["version"]
        require(entry.contained == counted, "an own entry counts exactly once", (name, entry))


def _check_nothing_skipped(name: str, till: TillBooks, history: History) -> None:
    """Of what a server put back from a backup has lost, it cannot tell any more."""
    if not till.complete or till.position is None:
        return
    for entry in history.at(till.position).entries.values():
        kept = history.now.entries.get(entry.entry_id) == entry
        if entry.position <= till.position and kept:
            cached = till.accounts.get(entry.voucher_id)
            seen = cached is not None and cached["version"] >= entry.position
            require(seen, "nothing in the feed is skipped", (name, till.position, entry))


def _check_limits(name: str, till: TillBooks, limits: Limits) -> None:
    of_voucher: dict[str, int] = defaultdict(int)
    for entry in till.entries:
        if (
            entry.kind == "redeem"
            and entry.basis == "offline"
            and entry.duty in ("waiting", "parked")
        ):
            of_voucher[entry.voucher_id] -= entry.amount
    in_whole = sum(of_voucher.values())
    require(in_whole <= limits.per_till, "offline within the till's limit", (name, in_whole))
    for voucher_id, taken in of_voucher.items():
        within = taken <= limits.per_voucher
        require(within, "offline within the voucher's limit", (name, voucher_id, taken))


def _check_blocks(name: str, till: TillBooks) -> None:
    for voucher_id in till.own_blocks:
        account = till.accounts.get(voucher_id)
        blocked = account is None or account["status"] == "blocked"
        require(blocked, "what was blocked at a till is blocked there", (name, voucher_id))


def _check_money(name: str, till: TillBooks, promises: Promises) -> None:
    """No tender that a cashier took is forgotten without a word."""
    over = till.receipts & set(till.open_sales)
    require(not over, "a sale that has its receipt is over", (name, over))
    known = till.receipts | till.given_back | set(till.open_sales)
    forgotten = promises.taken.get(name, set()) - known
    require(not forgotten, "money taken is on a receipt, given back, or waits", (name, forgotten))
