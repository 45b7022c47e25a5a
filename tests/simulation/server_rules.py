"""The auditor's rules for the server's file."""

from collections import defaultdict
from uuid import UUID

from tests.simulation.promises import Promises
from tests.simulation.server_books import BookedEntry, ServerBooks
from tests.simulation.violation import require

FIRST = "0" * 64
CREDITS = ("issue", "top_up", "transfer_in")
FOUR_EYES_ABOVE = 10_000


class ServerRules:
    """Checks the server's books against themselves, the past and what was promised."""

    def __init__(self, promises: Promises) -> None:
        self._promises = promises
        self._before: dict[str, BookedEntry] = {}

    def check(self, books: ServerBooks, now_ms: int) -> None:
        """Raises Violation."""
        self._check_nothing_vanished(books)
        self._check_promised(books)
        self._check_settlements(books)
        _check_balances(books)
        _check_feed(books)
        _check_overdrafts(books, now_ms)
        _check_chains(books)
        _check_conservation(books)

    def _check_nothing_vanished(self, books: ServerBooks) -> None:
        for entry_id, entry in self._before.items():
            require(books.entries.get(entry_id) == entry, "an entry stays as it was booked", entry)
        self._before = books.entries
        for told in self._promises.acknowledged:
            require(told.hex in books.entries, "acknowledged is durable", told)
        for hold_id in self._promises.released:
            request = books.requests.get(hold_id.hex)
            held = request is not None and request["state"] == "held"
            require(not held, "released is released", hold_id)
        for asked, said in self._promises.answered.items():
            fact = books.entries.get(asked.replace("-", ""))
            if fact is not None and said not in ("granted", "gone"):
                overruled = "overruled" in fact.incidents
                require(overruled, "a refusal that was overruled is told", (asked, said))

    def server_put_back(self, books: ServerBooks) -> None:
        """What the books were before is past."""
        self._before = books.entries

    def _check_settlements(self, books: ServerBooks) -> None:
        for asked, settled in self._promises.settlements.items():
            entry = books.entries.get(asked.hex)
            if entry is None:
                continue
            if settled.action == "write_off":
                zero = entry.balance_after == 0 and entry.amount > 0
                require(zero, "a write-off brings an overdraft back to zero", (settled, entry))
            else:
                right = settled.action == "adjust" and entry.amount == settled.amount
                require(right, "an adjustment books what was asked for", (settled, entry))
            two = settled.second and settled.second != settled.actor
            alone = abs(entry.amount) <= FOUR_EYES_ABOVE
            require(two or alone, "much money is settled by two", (settled, entry))
        for voucher_id, account in books.accounts.items():
            asked_for = UUID(voucher_id) in self._promises.may_be_blocked
            fine = account["status"] == "active" or asked_for
            require(fine, "nothing is blocked that nobody blocked", voucher_id)

    def _check_promised(self, books: ServerBooks) -> None:
        for entry in books.entries.values():
            promise = self._promises.made.get(UUID(entry.entry_id))
            if promise is None:
                settled = UUID(entry.entry_id) in self._promises.settlements
                require(settled, "nothing is booked that nobody did", entry)
                continue
            same = (promise.kind, promise.voucher_id.hex, promise.amount) == (
                entry.kind,
                entry.voucher_id,
                entry.amount,
            )
            require(same, "what is booked is what happened", (promise, entry))


def _check_balances(books: ServerBooks) -> None:
    for voucher_id, entries in books.of_voucher().items():
        account = books.accounts.get(voucher_id)
        total = sum(entry.amount for entry in entries)
        right = account is not None and account["balance"] == total
        require(right, "a balance is the sum of its entries", (voucher_id, total))
    for voucher_id, account in books.accounts.items():
        booked = any(entry.voucher_id == voucher_id for entry in books.entries.values())
        require(booked or account["balance"] == 0, "a balance is the sum of its entries")


def _check_feed(books: ServerBooks) -> None:
    told = {row["entry_id"]: row for row in books.feed if row["entry_id"]}
    sums: dict[str, int] = defaultdict(int)
    for entry in sorted(books.entries.values(), key=lambda one: one.position):
        sums[entry.voucher_id] += entry.amount
        if entry.position <= books.feed_floor:
            continue
        row = told.get(entry.entry_id)
        right = row is not None and (row["position"], row["balance"]) == (
            entry.position,
            sums[entry.voucher_id],
        )
        require(right, "the feed tells every entry and the balance after it", entry)
    newest = {
        row["subject"]: row["position"]
        for row in books.feed
        if row["kind"] == "account" and row["position"] > books.feed_floor
    }
    for voucher_id, position in newest.items():
        at = books.accounts[voucher_id]["version"]
        require(at == position, "an account is at its last change", voucher_id)


def _check_overdrafts(books: ServerBooks, now_ms: int) -> None:
    held: dict[str, int] = defaultdict(int)
    for request in books.requests.values():
        if request["state"] == "held" and request["expires_ms"] > now_ms:
            held[request["voucher_id"]] += request["amount"]
    without_server: dict[str, int] = defaultdict(int)
    for entry in books.entries.values():
        if entry.amount < 0 and not _granted(books, entry):
            without_server[entry.voucher_id] -= entry.amount
    for voucher_id, account in books.accounts.items():
        if account["balance"] < 0:
            kind = "overdrawn" if account["terms"] else "unknown_voucher"
            open_now = books.is_open(kind, str(UUID(voucher_id)))
            require(open_now, "overdrawn only with an open incident", voucher_id)
        over = held[voucher_id] - account["balance"]
        bound = max(without_server[voucher_id], 0)
        require(
            over <= bound,
            "overdrawn only by what was decided without the server",
            (voucher_id, over, bound),
        )


def _granted(books: ServerBooks, entry: BookedEntry) -> bool:
    """Whether the server had set the amount aside until the entry arrived."""
    request = books.requests.get(entry.entry_id)
    return (
        entry.basis == "online"
        and request is not None
        and request["state"] == "captured"
        and request["expires_ms"] > entry.booked_ms
    )


def _check_chains(books: ServerBooks) -> None:
    places: dict[str, dict[int, list[BookedEntry]]] = defaultdict(lambda: defaultdict(list))
    for entry in books.entries.values():
        places[entry.origin][entry.seq].append(entry)
    for origin, at in places.items():
        for seq, here in at.items():
            if len(here) > 1:
                told = any((i.kind, i.subject) == ("fork", origin) for i in books.incidents)
                require(told, "a fork has an incident", (origin, seq))
            if seq > 1 and seq - 1 not in at:
                told = books.is_told("gap", f"{origin}#{seq - 1}")
                require(told, "a gap has an incident", (origin, seq))
            elif any(_is_broken(one, at.get(seq - 1, [])) for one in here):
                told = any(
                    i.kind == "digest" and i.subject in {str(UUID(one.entry_id)) for one in here}
                    for i in books.incidents
                )
                require(told, "a broken chain has an incident", (origin, seq))


def _is_broken(entry: BookedEntry, before: list[BookedEntry]) -> bool:
    return entry.previous not in ({one.digest for one in before} or {FIRST})


def _check_conservation(books: ServerBooks) -> None:
    by_kind: dict[str, int] = defaultdict(int)
    for entry in books.entries.values():
        by_kind[entry.kind] += entry.amount
    issued = sum(by_kind.pop(kind, 0) for kind in CREDITS)
    gone = -sum(by_kind.values())
    outstanding = sum(account["balance"] for account in books.accounts.values())
    require(
        issued == gone + outstanding,
        "issued = redeemed + refunded + expired + outstanding",
        (issued, gone, outstanding),
    )
