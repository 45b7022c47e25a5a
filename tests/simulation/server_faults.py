"""Bugs a server could have. See tests.simulation.faults."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from server.ledger import rules, settling
from server.ledger.incidents import Found
from server.ledger.state import AccountState, Books, RequestState
from server.ledger.work import Wanted
from server.storage.sqlite_ledger import SqliteLedger
from sync.wire.booking import EntryAnswer
from sync.wire.incidents import IncidentKind, Settlement, SettlementAction
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.voucher import VoucherStatus


def balance_before_id() -> Callable[..., EntryAnswer]:
    book = rules.book

    def faulty(books: Books, entry: LedgerEntry, delivered_by: str) -> EntryAnswer:
        account = books.accounts.get(entry.voucher_id)
        if account is not None and account.balance + entry.amount.minor < 0 > entry.amount.minor:
            return EntryAnswer(entry_id=entry.entry_id, verdict="insufficient")
        return book(books, entry, delivered_by)

    return faulty


def forgotten_refusals() -> Callable[[Books, RequestState], None]:
    remember = rules._remember

    def faulty(books: Books, state: RequestState) -> None:
        if state.state != rules.REFUSED:
            remember(books, state)

    return faulty


class _Later(Exception):
    pass


def answer_before_commit() -> Callable[..., tuple[Any, int]]:
    book = SqliteLedger.book

    def faulty(
        self: SqliteLedger, organisation: str, wanted: Wanted, decide: Callable[[Books], Any]
    ) -> tuple[Any, int]:
        waiting = self.__dict__.pop("written_behind", None)
        if waiting is not None:
            book(self, *waiting)
        answered = []

        def decide_and_stop(books: Books) -> None:
            answered.append((decide(books), 0))
            raise _Later

        try:
            book(self, organisation, wanted, decide_and_stop)
        except _Later:
            self.__dict__["written_behind"] = (organisation, wanted, decide)
        answer: tuple[Any, int] = answered[0]
        return answer

    return faulty


def holds_for_ever(self: AccountState, now_ms: int) -> Money:
    return Money(self.balance - sum(hold.amount for hold in self.held.values()), self.currency)


def holds_count_for_nobody(self: AccountState, now_ms: int) -> Money:
    return Money(self.balance, self.currency)


def nobody_told_of(ignored: IncidentKind) -> Callable[..., None]:
    add = Found.add

    def faulty(self: Found, kind: IncidentKind, **details: Any) -> None:
        if kind is not ignored:
            add(self, kind, **details)

    return faulty


def release_ignored(books: Books, hold_id: UUID, asked_by: str, origins: frozenset[str]) -> None:
    """The till is told it was released."""


def everybody_let_in(_connection: Any) -> frozenset[str]:
    """Nobody is told whom an operator has shut out."""
    return frozenset()


def one_person_suffices(house: Any, settlement: Settlement, _amount: Any) -> None:
    """Nobody asks for a second supervisor."""


def anything_ends(*_about: Any) -> bool:
    """An overdrawn account is forgotten with its incident."""
    return True


def block_not_kept() -> Callable[..., None]:
    set_status = settling.set_status

    def faulty(books: Books, account: AccountState, status: VoucherStatus) -> None:
        set_status(books, account, status)
        account.status = VoucherStatus.ACTIVE

    return faulty


def written_off_twice() -> Callable[..., Any]:
    amount = settling._amount

    def faulty(settlement: Settlement, account: AccountState | None) -> Any:
        found = amount(settlement, account)
        writes_off = settlement.action is SettlementAction.WRITE_OFF
        return found * 2 if writes_off and isinstance(found, Money) else found

    return faulty


def numbered_as_before(connection: Any) -> None:
    """A database that was put back goes on with the positions it had."""
