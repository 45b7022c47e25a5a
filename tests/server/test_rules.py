"""The rules as they are, without database and network: whatever comes in whatever order."""

import itertools
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.ledger import rules
from server.ledger.state import Books
from sync.wire import Problem
from sync.wire.booking import EntryAnswer, Hold, HoldRequest
from tests.server.client import Chain, euros, new_voucher
from vouchers.ids import new_id
from vouchers.ledger import LedgerEntry

VALUE = 1000
STEP = st.tuples(
    st.sampled_from(["hold", "again", "release", "capture", "fact", "later"]),
    st.integers(1, VALUE + 1),
    st.integers(0, 5),
)


class Model:
    """An independent count of what may be taken: the entries, less what is promised."""

    def __init__(self) -> None:
        self.books = Books(now_ms=0, today=date(2026, 1, 1), positions=itertools.count(1))
        self.voucher = new_voucher(VALUE)
        self.chain = Chain("till")
        self.balance = VALUE
        self.promised: dict[UUID, tuple[int, int]] = {}
        self.asked: list[tuple[HoldRequest, Hold | Problem]] = []
        self.book(self.chain.issue(self.voucher))

    @property
    def free(self) -> int:
        open_ = (minor for minor, until in self.promised.values() if until > self.books.now_ms)
        return self.balance - sum(open_)

    def book(self, entry: LedgerEntry) -> EntryAnswer:
        return rules.book(self.books, entry, "till")

    def hold(self, minor: int, seconds: int) -> None:
        request = HoldRequest(
            hold_id=new_id(),
            code_digest=self.voucher.code_digest,
            amount=euros(minor),
            seconds=seconds + 1,
        )
        free = self.free
        answer = rules.hold(self.books, request, "till")
        assert isinstance(answer, Hold) == (0 < minor <= free)
        if isinstance(answer, Hold):
            assert answer.account.balance == euros(free - minor)
            until = self.books.now_ms + request.seconds * 1000
            self.promised[request.hold_id] = (minor, until)
        else:
            assert answer.balance == euros(free)
        self.asked.append((request, answer))

    def take(self, minor: int, entry_id: UUID) -> None:
        entry = self.chain.entry(self.voucher.voucher_id, -minor, entry_id=entry_id)
        answer = self.book(entry)
        if answer.verdict == "booked":
            self.balance -= minor
            self.promised.pop(entry_id, None)
            assert ("overdrawn" in answer.incidents) == (self.balance < 0)
        assert answer.balance == euros(self.balance) or answer.verdict != "booked"
        assert self.book(entry).verdict in ("exists", "conflict")


@given(st.lists(STEP, max_size=30))
def test_never_more_is_promised_than_is_there(steps: list[tuple[str, int, int]]) -> None:
    model = Model()
    for what, minor, which in steps:
        asked = model.asked[which % len(model.asked)] if model.asked else None
        if what == "hold":
            model.hold(minor, which)
        elif what == "fact":
            model.take(minor, new_id())
        elif what == "later":
            model.books.now_ms += minor
        elif asked is not None and what == "again":
            assert rules.hold(model.books, asked[0], "till") == asked[1]
        elif asked is not None and what == "release":
            rules.release(model.books, asked[0].hold_id, "till", frozenset({"till"}))
            model.promised.pop(asked[0].hold_id, None)
        elif asked is not None:
            model.take(asked[0].amount.minor, asked[0].hold_id)
    account = model.books.accounts[model.voucher.voucher_id]
    assert account.balance == model.balance
    assert account.spendable(model.books.now_ms) == euros(model.free)
    entries = [booked.entry.amount.minor for booked in model.books.entries.values()]
    assert account.balance == sum(entries)
