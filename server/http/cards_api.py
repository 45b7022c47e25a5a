"""Cards: what tills see on them, the keys they need, and blocking a lost one."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from server.http.feed_api import catalogue_of
from server.http.operation import Answer, Call, Nothing, Operation, ProblemFound
from server.ledger.settling import House
from server.ledger.work import ReportCard, SetStatus, TellBlocked
from server.problems import problem
from server.storage.accounts import redeemed_since
from server.storage.audit import note
from server.storage.card_keys import card_keys
from server.storage.card_records import history, keep_records
from server.storage.venues import load_users
from server.tills.directory import is_debit_only
from sync.wire import API
from sync.wire.booking import StatusChange
from sync.wire.cards import CardHistory, CardKeys, CardReport
from vouchers.errors import Reason
from vouchers.voucher import VoucherStatus


class OneAccount(Struct, frozen=True):
    """The account in the path."""

    voucher_id: UUID


async def report(call: Call[Nothing, CardReport]) -> CardHistory:
    """Keep what a till saw, open or close its doubts, and answer with what others saw."""
    told, organisation, till_id = call.body, call.till.organisation, call.till.till_id
    if told.records:
        await call.services.write(
            lambda connection: keep_records(
                connection, organisation, told.voucher_id, told.records, till_id
            )
        )
    if told.doubts or told.never_happened:
        await call.services.booking.do(organisation, ReportCard(told, till_id))
    return await call.services.read(
        lambda connection: history(connection, organisation, told.voucher_id, told.asks_from)
    )


async def keys(call: Call[Nothing, Nothing]) -> CardKeys:
    """The keys of the till that asks, after a rotation."""
    organisation, till_id = call.till.organisation, call.till.till_id
    return await call.services.read(
        lambda connection: card_keys(
            connection, organisation, debit_only=is_debit_only(connection, till_id)
        )
    )


async def change_status(call: Call[OneAccount, StatusChange]) -> Answer:
    """Block an account or let it be used again; it is written down first who asked, and why."""
    organisation, wanted = call.till.organisation, call.body

    def house(connection: sa.Connection) -> House:
        catalogue = catalogue_of(connection, organisation)
        return House.of(catalogue, load_users(connection, organisation))

    if wanted.actor not in (await call.services.read(house)).supervisors:
        raise ProblemFound(problem("not-allowed", "Only a supervisor blocks an account."))
    voucher_id = call.parameters.voucher_id
    await call.services.write(
        lambda connection: note(
            connection,
            organisation,
            till_id=call.till.till_id,
            actor=wanted.actor,
            action=f"status {wanted.status.value}",
            subject=str(voucher_id),
            reason=wanted.reason,
        )
    )
    answer = await call.services.booking.do(organisation, SetStatus(voucher_id, wanted.status))
    since = wanted.since
    if answer is None and since is not None and wanted.status is VoucherStatus.BLOCKED:
        late = await call.services.read(
            lambda connection: redeemed_since(connection, organisation, voucher_id, since)
        )
        if late:
            await call.services.booking.do(organisation, TellBlocked(late))
    return answer


OPERATIONS: list[Operation[Any, Any]] = [
    Operation(
        *("POST", f"{API}/card-reports", "report_card", "Say what is on a card, ask what is known"),
        handler=report,
        parameters=Nothing,
        body=CardReport,
        answer=CardHistory,
    ),
    Operation(
        *("GET", f"{API}/card-keys", "card_keys", "The keys of the venue's cards"),
        handler=keys,
        parameters=Nothing,
        body=Nothing,
        answer=CardKeys,
    ),
    Operation(
        *("POST", f"{API}/accounts/{{voucher_id}}/status", "set_status", "Block, or let be used"),
        handler=change_status,
        parameters=OneAccount,
        body=StatusChange,
        answer=None,
        status=204,
        problems=("not-allowed", "not-found", Reason.UNKNOWN),
    ),
]
