"""The rules of the central ledger: state in, changes out, no I/O.

A request can be refused and stays refused. A fact is never refused: it is booked, and what is
odd about it becomes an incident. "Seen before?" is asked before any rule.
"""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from server.ledger import cards, chain, incidents
from server.ledger.state import AccountChange, AccountState, Answered, Booked, Books, RequestState
from server.problems import problem
from sync.wire import Problem
from sync.wire.booking import EntryAnswer, Hold, HoldRequest
from sync.wire.incidents import IncidentKind
from vouchers.errors import Reason, Refused
from vouchers.ledger import Basis, EntryKind, LedgerEntry
from vouchers.money import MINOR_BOUND, Money
from vouchers.voucher import VoucherStatus

BOOKED, EXISTS, CONFLICT = "booked", "exists", "conflict"
FOREIGN = "foreign_origin"
HELD, REFUSED, CAPTURED, RELEASED = "held", "refused", "captured", "released"


def book(books: Books, entry: LedgerEntry, delivered_by: str) -> EntryAnswer:
    """Book a fact, or say that it is booked already, or that its id has other content."""
    digest = entry.digest()
    if (earlier := books.entries.get(entry.entry_id)) is not None:
        if earlier.digest == digest:
            return _answer(EXISTS, earlier)
        incidents.conflict(books, earlier, entry, digest)
        return EntryAnswer(entry_id=entry.entry_id, verdict=CONFLICT, incidents=["conflict"])
    request = books.requests.get(entry.entry_id)
    if request is not None and request.asked_by != entry.origin:
        # Somebody else's hold: booking this would leave its owner's own entry without its id.
        incidents.foreign_hold(books, request, entry)
        return EntryAnswer(entry_id=entry.entry_id, verdict=CONFLICT, incidents=["conflict"])
    found = incidents.Found(books, entry)
    _close_request(books, request, found)
    account = _account_of(books, entry)
    _apply(books, account, entry, found)
    forks = chain.check(books, entry, digest, found)
    cards.check(books, entry, found)
    account.version = books.next_position()
    booked = Booked(
        entry, digest, account.version, account.money, tuple(found.kinds), delivered_by, forks
    )
    books.add_known(booked)
    books.changes.entries.append(booked)
    books.changes.accounts[account.voucher_id] = account
    books.changes.feed.append(
        AccountChange(account.version, account.voucher_id, account.balance, account.status, entry)
    )
    return _answer(BOOKED, booked)


def refuse_origin(books: Books, entry: LedgerEntry, delivered_by: str) -> EntryAnswer:
    """Refuse an entry in the name of an origin that the till does not speak for, and tell."""
    incidents.foreign_origin(books, entry, delivered_by)
    return EntryAnswer(entry_id=entry.entry_id, verdict=FOREIGN, incidents=[FOREIGN])


def hold(books: Books, request: HoldRequest, asked_by: str) -> Hold | Problem:
    """Grant or refuse an amount, and remember which; a repeat gets the first answer."""
    fingerprint = hashlib.sha256(msgspec.json.encode(request, order="sorted")).hexdigest()
    if (earlier := books.requests.get(request.hold_id)) is not None:
        return _repeat(earlier, fingerprint)
    if request.hold_id in books.entries:
        return problem("gone")
    account = books.by_code(request.code_digest)
    answer = _decide(books, account, request)
    granted = isinstance(answer, Hold)
    state = RequestState(
        request_id=request.hold_id,
        state=HELD if granted else REFUSED,
        fingerprint=fingerprint,
        voucher_id=account.voucher_id if account else None,
        amount=request.amount.minor,
        expires_ms=books.now_ms + request.seconds * 1000,
        asked_by=asked_by,
        answer=Answered(hold=answer) if isinstance(answer, Hold) else Answered(problem=answer),
    )
    if account is not None and granted:
        account.held[request.hold_id] = state
    _remember(books, state)
    return answer


def release(books: Books, hold_id: UUID, asked_by: str, origins: frozenset[str]) -> Problem | None:
    """Give a hold back. One never heard of is remembered too, should it still arrive.

    A hold that none of `origins` asked for stays, and is not-allowed.
    """
    earlier = books.requests.get(hold_id)
    if earlier is None:
        if hold_id not in books.entries:
            gone = Answered(problem=problem("gone"))
            now = books.now_ms
            _remember(books, RequestState(hold_id, RELEASED, "", None, 0, now, asked_by, gone))
    elif earlier.asked_by not in origins:
        return problem("not-allowed", "Another till asked for this hold.")
    elif earlier.state == HELD:
        _close(books, earlier, RELEASED)
    return None


def _decide(books: Books, account: AccountState | None, request: HoldRequest) -> Hold | Problem:
    seen = account.seen_at(books.now_ms) if account else None
    if seen is None:
        return problem(Reason.UNKNOWN)
    try:
        seen.check_redeem(request.amount, books.today)
    except Refused as refusal:
        return problem(refusal.reason, balance=seen.balance)
    return Hold(
        hold_id=request.hold_id,
        account=msgspec.structs.replace(seen, balance=seen.balance - request.amount),
        amount=request.amount,
        expires_at=datetime.fromtimestamp(books.now_ms / 1000 + request.seconds, UTC),
    )


def _repeat(earlier: RequestState, fingerprint: str) -> Hold | Problem:
    if earlier.fingerprint and earlier.fingerprint != fingerprint:
        return problem("conflict")
    return earlier.answer.hold or earlier.answer.problem or problem("gone")


def _remember(books: Books, state: RequestState) -> None:
    books.requests[state.request_id] = state
    books.changes.requests[state.request_id] = state


def _close(books: Books, request: RequestState, state: str) -> None:
    request.state = state
    books.changes.requests[request.request_id] = request
    if request.voucher_id in books.accounts:
        books.accounts[request.voucher_id].held.pop(request.request_id, None)


def _close_request(books: Books, request: RequestState | None, found: incidents.Found) -> None:
    if request is None:
        return
    if request.state == HELD:
        _close(books, request, CAPTURED)
    elif request.state == REFUSED:
        refusal = request.answer.problem
        found.add(IncidentKind.OVERRULED, refused=refusal.word if refusal else "")


def _account_of(books: Books, entry: LedgerEntry) -> AccountState:
    account = books.accounts.get(entry.voucher_id)
    if account is None:
        account = AccountState(voucher_id=entry.voucher_id, currency=entry.amount.currency)
        books.add_account(account)
    return account


def _apply(books: Books, account: AccountState, entry: LedgerEntry, found: incidents.Found) -> None:
    had_terms, before = account.voucher is not None, account.balance
    incidents.check_terms(account, entry, found)
    if entry.voucher is not None and not had_terms:
        _take_terms(books, account, entry, found)
    account.last4 = account.last4 or entry.last4
    if _adds_up(account, entry.amount, found):
        account.balance += entry.amount.minor
    if account.status is VoucherStatus.BLOCKED and _is_taken(entry):
        found.add(IncidentKind.BLOCKED)
    _tell_of_missing_money(account, entry, found, before=before, had_terms=had_terms)


def _is_taken(entry: LedgerEntry) -> bool:
    """Whether somebody got something for it, be it held before a block: supervisors correct, and
    move away, what is on a blocked account.
    """
    moved = entry.kind is EntryKind.TRANSFER_OUT and entry.basis is Basis.OVERRIDE
    return entry.amount.minor < 0 and entry.kind is not EntryKind.ADJUST and not moved


def _tell_of_missing_money(
    account: AccountState,
    entry: LedgerEntry,
    found: incidents.Found,
    *,
    before: int,
    had_terms: bool,
) -> None:
    """An account below zero has an open incident, under the name of what is known of it."""
    subject, balance = str(account.voucher_id), account.balance
    unknown = account.voucher is None
    corrected = entry.kind is EntryKind.ADJUST and entry.amount.minor > 0
    if unknown and not corrected:
        found.add(IncidentKind.UNKNOWN_VOUCHER, subject=subject)
    elif before < 0 <= balance and (had_terms or corrected):
        kind = IncidentKind.UNKNOWN_VOUCHER if unknown else IncidentKind.OVERDRAWN
        found.settle(kind, subject, "balance_restored")
    elif balance < 0 and not unknown and (entry.amount.minor < 0 or not had_terms):
        found.add(IncidentKind.OVERDRAWN, subject=subject, balance=balance)


def _take_terms(
    books: Books, account: AccountState, entry: LedgerEntry, found: incidents.Found
) -> None:
    terms = entry.voucher
    if terms is None or terms.voucher_id != account.voucher_id:
        return
    if books.by_code(terms.code_digest) is not None:
        found.add(IncidentKind.DUPLICATE_CODE, subject=terms.code_digest)
    account.voucher = terms
    books.add_account(account)
    if account.version:
        found.settle(IncidentKind.UNKNOWN_VOUCHER, str(account.voucher_id), "issue_arrived")


def _adds_up(account: AccountState, amount: Money, found: incidents.Found) -> bool:
    if amount.currency != account.currency:
        found.add(IncidentKind.CURRENCY, amount=amount.minor, currency=amount.currency)
        return False
    if abs(account.balance + amount.minor) > MINOR_BOUND:
        found.add(IncidentKind.TERMS, why="beyond_any_amount")
        return False
    return True


def _answer(verdict: str, booked: Booked) -> EntryAnswer:
    return EntryAnswer(
        entry_id=booked.entry.entry_id,
        verdict=verdict,
        position=booked.position,
        balance=booked.balance_after,
        incidents=list(booked.incidents),
    )
