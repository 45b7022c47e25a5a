"""How an incident is settled: by an entry or a change of status, with a reason, and by two
people when much money is at stake."""

from dataclasses import dataclass
from datetime import UTC, datetime

from server.ledger import endings, rules
from server.ledger.state import AccountChange, AccountState, Books, Closed, IncidentState, Noted
from server.problems import problem
from sync.wire import Problem
from sync.wire.incidents import Settlement, SettlementAction
from vouchers.catalogue import Catalogue
from vouchers.errors import Reason
from vouchers.ledger import FIRST_DIGEST, Basis, EntryKind, LedgerEntry
from vouchers.money import Money
from vouchers.people import Role, User
from vouchers.voucher import VoucherStatus

SETTLEMENT_ORIGIN = "settlement-"
"""Begins the origin of each entry that the server itself makes."""

_MONEY = {SettlementAction.WRITE_OFF, SettlementAction.ADJUST}
_STATUS = {
    SettlementAction.BLOCK: VoucherStatus.BLOCKED,
    SettlementAction.UNBLOCK: VoucherStatus.ACTIVE,
}


@dataclass(frozen=True, slots=True)
class House:
    """Who may settle at this venue, and above which amount two must agree."""

    four_eyes_above: Money
    supervisors: frozenset[str]

    @classmethod
    def of(cls, catalogue: Catalogue, users: list[User]) -> "House":
        """The rules of a venue's documents."""
        able = (user for user in users if user.active and user.role is Role.SUPERVISOR)
        return cls(catalogue.four_eyes_above, frozenset(user.user_id for user in able))


def settle(
    books: Books, house: House, incident: IncidentState, settlement: Settlement, delivered_by: str
) -> Problem | None:
    """Settle an incident, or write down what was done about it while what it is about goes on.

    A repeat of the same settlement changes nothing.
    """
    if _is_repeat(incident, settlement):
        return None
    if incident.settled_ms is not None:
        return problem("settled-already")
    account = books.accounts.get(incident.voucher_id) if incident.voucher_id else None
    amount = _amount(settlement, account)
    if isinstance(amount, Problem):
        return amount
    if refusal := _refuse_people(house, settlement, _in_all(incident, amount)):
        return refusal
    position, place = books.next_position(), (incident.kind, incident.subject)
    if endings.ends(incident, settlement.action, account, amount.minor if amount else 0):
        how = f"{settlement.action.value}: {settlement.reason}"[:200]
        by = endings.people(settlement)
        closed = Closed(position, *place, how, by, settlement.settlement_id)
        books.changes.incidents.append(closed)
    else:
        details = endings.with_step(incident, settlement, amount, books.now_ms)
        books.changes.incidents.append(Noted(position, *place, details))
    if account is not None and amount is not None:
        entry = _entry(books, incident, settlement, account, amount)
        rules.book(books, entry, delivered_by)
    elif account is not None and settlement.action in _STATUS:
        set_status(books, account, _STATUS[settlement.action])
    return None


def _is_repeat(incident: IncidentState, settlement: Settlement) -> bool:
    """Whether this very settlement was decided before, be it the end of the incident or a step."""
    asked = settlement.settlement_id
    steps = (step["settlement"] for step in endings.steps_of(incident))
    return incident.settlement_id == asked or str(asked) in steps


def _in_all(incident: IncidentState, amount: Money | None) -> Money | None:
    """What this settlement and the steps before it book together: so many small amounts are as
    much as a large one.
    """
    if amount is None:
        return None
    steps = sum(abs(step["minor"]) for step in endings.steps_of(incident))
    return Money(abs(amount.minor) + steps, amount.currency)


def _amount(settlement: Settlement, account: AccountState | None) -> Money | Problem | None:
    """What is to be booked, None when nothing is."""
    action = settlement.action
    if action not in _MONEY and action not in _STATUS:
        return None
    if account is None:
        return problem("malformed", "This incident is not about a voucher.")
    if action is SettlementAction.WRITE_OFF:
        if account.balance >= 0:
            return problem(Reason.AMOUNT, "The voucher is not overdrawn any more.", account.money)
        return -account.money
    return _adjustment(settlement, account) if action is SettlementAction.ADJUST else None


def _adjustment(settlement: Settlement, account: AccountState) -> Money | Problem:
    if settlement.amount is None or not settlement.amount:
        return problem(Reason.AMOUNT, "An adjustment needs an amount.")
    if settlement.amount.currency != account.currency:
        return problem(Reason.AMOUNT, "The voucher is in another currency.")
    return settlement.amount


def _refuse_people(house: House, settlement: Settlement, amount: Money | None) -> Problem | None:
    if settlement.actor not in house.supervisors:
        return problem("not-allowed", "Only a supervisor settles incidents.")
    many = amount is not None and (
        amount.currency != house.four_eyes_above.currency
        or abs(amount.minor) > house.four_eyes_above.minor
    )
    second = settlement.second
    if many and (second == settlement.actor or second not in house.supervisors):
        return problem("four-eyes")
    return None


def _entry(
    books: Books,
    incident: IncidentState,
    settlement: Settlement,
    account: AccountState,
    amount: Money,
) -> LedgerEntry:
    """Each settlement is an origin of its own with one entry: no sequence to wait for."""
    return LedgerEntry(
        entry_id=settlement.settlement_id,
        voucher_id=account.voucher_id,
        kind=EntryKind.ADJUST,
        amount=amount,
        occurred_at=datetime.fromtimestamp(books.now_ms / 1000, UTC),
        origin=f"{SETTLEMENT_ORIGIN}{settlement.settlement_id}",
        origin_seq=1,
        actor=settlement.actor,
        reference=f"incident {incident.incident_id}",
        basis=Basis.ONLINE,
        previous_digest=FIRST_DIGEST,
        corrects=incident.entry_id,
        reason=settlement.reason,
    )


def set_status(books: Books, account: AccountState, status: VoucherStatus) -> None:
    """Block an account or let it be used again, and tell the tills."""
    account.status = status
    account.version = books.next_position()
    books.changes.accounts[account.voucher_id] = account
    books.changes.feed.append(
        AccountChange(account.version, account.voucher_id, account.balance, status, None)
    )
