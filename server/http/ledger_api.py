"""Facts, holds and look-ups."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from server.http.operation import Answer, Call, Nothing, Operation, ProblemFound
from server.ledger.work import AskHold, BookEntries, ReleaseHold
from server.problems import problem
from server.storage.accounts import account_entries, find_accounts
from sync.wire import API, PAGE_MAX, Position
from sync.wire.booking import (
    AccountPage,
    BatchAnswer,
    EntryBatch,
    EntryPage,
    Hold,
    HoldRequest,
    Standing,
)
from vouchers.errors import Reason
from vouchers.voucher import ShortText

PageSize = Annotated[int, Meta(ge=1, le=PAGE_MAX)]
REFUSALS = (
    *(Reason.UNKNOWN, Reason.EXPIRED, Reason.BLOCKED, Reason.EMPTY, Reason.INSUFFICIENT),
    *(Reason.CURRENCY, Reason.AMOUNT),
)


class OneHold(Struct, frozen=True):
    """The hold in the path."""

    hold_id: UUID


class AccountQuery(Struct, frozen=True):
    """At least one of the first four; together they must all be true.

    With `unheard_of`, also accounts of vouchers whose sale nobody has reported.
    """

    code_digest: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""
    last4: Annotated[str, Meta(max_length=4)] = ""
    reference: ShortText = ""
    standing: Standing | None = None
    unheard_of: bool = False
    after: UUID | None = None
    limit: PageSize = 100


class EntryQuery(Struct, frozen=True):
    """The entries of the account in the path, after a position."""

    voucher_id: UUID
    after: Position = 0
    limit: PageSize = 100


async def push(call: Call[Nothing, EntryBatch]) -> Answer:
    """Book facts."""
    origins = await call.services.origins(call.till)
    work = BookEntries(call.body.entries, call.till.till_id, origins)
    return await call.services.booking.do(call.till.organisation, work)


async def hold(call: Call[Nothing, HoldRequest]) -> Answer:
    """Grant or refuse an amount."""
    work = AskHold(call.body, call.till.till_id)
    return await call.services.booking.do(call.till.organisation, work)


async def release(call: Call[OneHold, Nothing]) -> Answer:
    """Give a hold back."""
    origins = await call.services.origins(call.till)
    work = ReleaseHold(call.parameters.hold_id, call.till.till_id, origins)
    return await call.services.booking.do(call.till.organisation, work)


async def find(call: Call[AccountQuery, Nothing]) -> AccountPage:
    """Look accounts up."""
    query, organisation = call.parameters, call.till.organisation
    if not (query.code_digest or query.last4 or query.reference or query.standing):
        raise ProblemFound(problem("malformed", "Give code_digest, last4, reference or standing."))
    return await call.services.read(
        lambda connection: find_accounts(
            connection,
            organisation,
            code_digest=query.code_digest,
            last4=query.last4,
            reference=query.reference,
            standing=query.standing,
            unheard_of=query.unheard_of,
            after=query.after,
            limit=query.limit,
        )
    )


async def entries(call: Call[EntryQuery, Nothing]) -> EntryPage:
    """The entries of one account."""
    query, organisation = call.parameters, call.till.organisation
    page = await call.services.read(
        lambda connection: account_entries(
            connection, organisation, query.voucher_id, query.after, query.limit
        )
    )
    if page is None:
        raise ProblemFound(problem("not-found", "No voucher of that id is known here."))
    return page


OPERATIONS: list[Operation[Any, Any]] = [
    Operation(
        *("POST", f"{API}/entries", "push", "Report facts; they are booked exactly once"),
        handler=push,
        parameters=Nothing,
        body=EntryBatch,
        answer=BatchAnswer,
    ),
    Operation(
        *("POST", f"{API}/holds", "hold", "Ask for an amount; the same id, the same answer"),
        handler=hold,
        parameters=Nothing,
        body=HoldRequest,
        answer=Hold,
        status=201,
        problems=("conflict", "gone", *REFUSALS),
    ),
    Operation(
        *("DELETE", f"{API}/holds/{{hold_id}}", "release", "Give a hold back"),
        handler=release,
        parameters=OneHold,
        body=Nothing,
        answer=None,
        status=204,
        problems=("storage-full", "not-allowed"),
    ),
    Operation(
        *("GET", f"{API}/accounts", "find", "Look accounts up; holds are taken off"),
        handler=find,
        parameters=AccountQuery,
        body=Nothing,
        answer=AccountPage,
    ),
    Operation(
        *("GET", f"{API}/accounts/{{voucher_id}}/entries", "entries", "An account's entries"),
        handler=entries,
        parameters=EntryQuery,
        body=Nothing,
        answer=EntryPage,
        problems=("not-found",),
    ),
]
