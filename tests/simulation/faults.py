"""Deliberate bugs, planted one at a time, to see that the simulation sees them.

Each is a mistake somebody could make in earnest, in as few lines as it takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

from sync.wire.incidents import IncidentKind
from tests.simulation import server_faults, till_faults


@dataclass(frozen=True)
class Fault:
    """A bug: what stands in at which place, and the rules any of which may catch it.

    `shown_by` is a world that showed it once, to look at first.
    """

    what: str
    place: str
    stand_in: object
    caught_by: tuple[str, ...]
    shown_by: int = 0

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Everything within suffers from it."""
        with mock.patch(self.place, self.stand_in):
            yield


FAULTS: dict[str, Fault] = {
    "balance-before-id": Fault(
        "a fact is judged by the balance before its id is looked up",
        "server.ledger.rules.book",
        server_faults.balance_before_id(),
        caught_by=("parked only for a conflict somebody is told of",),
        shown_by=1,
    ),
    "forgotten-refusals": Fault(
        "the server does not remember what it refused",
        "server.ledger.rules._remember",
        server_faults.forgotten_refusals(),
        caught_by=(
            "a repeat gets the first answer",
            "a refusal that was overruled is told",
        ),
        shown_by=61,
    ),
    "answer-before-commit": Fault(
        "the server answers, then commits",
        "server.storage.sqlite_ledger.SqliteLedger.book",
        server_faults.answer_before_commit(),
        caught_by=("acknowledged is durable",),
    ),
    "position-outside": Fault(
        "the feed position is stored in a transaction of its own",
        "till.store.sync_store.TillSyncStore.apply",
        till_faults.position_outside(),
        caught_by=("nothing in the feed is skipped",),
        shown_by=92,
    ),
    "hold-for-ever": Fault(
        "a hold that has run out still counts",
        "server.ledger.state.AccountState.spendable",
        server_faults.holds_for_ever,
        caught_by=("a hold is refused only where the balance is short",),
        shown_by=36,
    ),
    "hold-for-nobody": Fault(
        "what is held can be taken by others",
        "server.ledger.state.AccountState.spendable",
        server_faults.holds_count_for_nobody,
        caught_by=("a hold is granted within the balance",),
        shown_by=85,
    ),
    "gap-ignored": Fault(
        "nobody is told of a missing entry",
        "server.ledger.incidents.Found.add",
        server_faults.nobody_told_of(IncidentKind.GAP),
        caught_by=("a gap has an incident",),
        shown_by=72,
    ),
    "fork-ignored": Fault(
        "nobody is told of a cloned till",
        "server.ledger.incidents.Found.add",
        server_faults.nobody_told_of(IncidentKind.FORK),
        caught_by=("a fork has an incident",),
        shown_by=3,
    ),
    "counted-twice": Fault(
        "an own entry is added to an update that contains it",
        "till.store.accounts._contained",
        till_faults.counted_twice,
        caught_by=("an own entry counts exactly once",),
    ),
    "overlap": Fault(
        "after a snapshot the feed is followed from its last page instead of its first",
        "till.store.sync_store.TillSyncStore.add_page",
        till_faults.position_of_last_page(),
        caught_by=(
            "nothing in the feed is skipped",
            "after healing everybody knows the same incidents",
        ),
        shown_by=90,
    ),
    "new-id-on-retry": Fault(
        "an entry that is reported again gets a new id",
        "sync.http_link.HttpLink.push",
        till_faults.new_ids_on_retry(),
        caught_by=("nothing is booked that nobody did",),
    ),
    "release-ignored": Fault(
        "the server does not release what it was told to",
        "server.ledger.rules.release",
        server_faults.release_ignored,
        caught_by=("released is released",),
        shown_by=0,
    ),
    "limits-ignored": Fault(
        "a till takes more by itself than the venue allows",
        "till.counter.offline.OfflineRules.check",
        till_faults.limits_ignored(),
        caught_by=(
            "offline within the voucher's limit",
            "offline within the till's limit",
        ),
        shown_by=7,
    ),
    "holds-dropped": Fault(
        "a till that starts forgets what it had asked the server to hold",
        "till.store.holds.give_up_all",
        till_faults.holds_dropped_at_start,
        caught_by=("no hold is forgotten",),
        shown_by=8,
    ),
    "answers-unread": Fault(
        "a till takes any answer to a batch as an answer to all that waits",
        "till.store.sync_store.TillSyncStore.acknowledge",
        till_faults.acknowledged_unread(),
        caught_by=("a duty ends when the server has the entry",),
        shown_by=1,
    ),
    "money-forgotten": Fault(
        "what was tendered is in nobody's memory but the program's",
        "till.store.open_sales.put",
        till_faults.not_written,
        caught_by=("money taken is on a receipt, given back, or waits",),
        shown_by=1,
    ),
    "open-for-ever": Fault(
        "a sale stays open although it has its receipt",
        "till.store.open_sales.remove",
        till_faults.not_written,
        caught_by=("a sale that has its receipt is over",),
        shown_by=1,
    ),
    "hold-not-counted": Fault(
        "what an open sale has set aside is given back at once",
        "till.store.holds.add",
        till_faults.own_hold_spent_twice(),
        caught_by=("what is set aside stays set aside",),
    ),
    "duty-forgotten": Fault(
        "the duty to report what was decided offline is not written",
        "till.store.ledger.append",
        till_faults.duty_forgotten(),
        caught_by=("a duty ends when the server has the entry",),
        shown_by=1,
    ),
    "clock-believed": Fault(
        "a till goes by its own clock, whatever the server told it",
        "till.counter.desk.trustworthy_now",
        till_faults.clock_believed,
        caught_by=("a till knows the time",),
        shown_by=3,
    ),
    "digest-ignored": Fault(
        "nobody is told of an entry that does not follow from the one before it",
        "server.ledger.incidents.Found.add",
        server_faults.nobody_told_of(IncidentKind.DIGEST),
        caught_by=("a broken chain has an incident",),
        shown_by=35,
    ),
    "shut-out-let-in": Fault(
        "a till that was shut out is let in as long as its session lasts",
        "tests.simulation.stepped.revoked_tills",
        server_faults.everybody_let_in,
        caught_by=("who is shut out is not let in",),
        shown_by=10,
    ),
    "one-supervisor": Fault(
        "one supervisor settles as much as they like",
        "server.ledger.settling._refuse_people",
        server_faults.one_person_suffices,
        caught_by=("much money is settled by two",),
        shown_by=76,
    ),
    "settled-by-anything": Fault(
        "an incident is over as soon as anything was done about it",
        "server.ledger.endings.ends",
        server_faults.anything_ends,
        caught_by=("overdrawn only with an open incident",),
        shown_by=71,
    ),
    "block-not-kept": Fault(
        "a block is confirmed and told, and not kept",
        "server.ledger.work.set_status",
        server_faults.block_not_kept(),
        caught_by=(
            "a block that is confirmed holds",
            "a cached balance is the server's at its version",
        ),
        shown_by=1,
    ),
    "written-off-twice": Fault(
        "a write-off books twice what is missing",
        "server.ledger.settling._amount",
        server_faults.written_off_twice(),
        caught_by=("a write-off brings an overdraft back to zero",),
        shown_by=431,
    ),
    "lost-and-not-resent": Fault(
        "tills do not report again what a server put back from a backup has lost",
        "till.store.ledger.owe_again",
        till_faults.lost_entries_kept_to_itself,
        caught_by=("a duty ends when the server has the entry",),
        shown_by=3,
    ),
    "life-not-begun": Fault(
        "a server put back from a backup goes on with the feed positions it had",
        "server.backup.begin_life",
        server_faults.numbered_as_before,
        caught_by=(
            "a duty ends when the server has the entry",
            "a cached balance is the server's at its version",
            "an own entry counts exactly once",
            "nothing in the feed is skipped",
        ),
        shown_by=12,
    ),
    "own-block-forgotten": Fault(
        "what the server says outdoes a block it has not heard of",
        "till.store.blocks.keep",
        till_faults.block_forgotten,
        caught_by=("what was blocked at a till is blocked there",),
        shown_by=1,
    ),
}
