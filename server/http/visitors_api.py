"""What a visitor may ask without being enrolled: the balance of a voucher in hand.

Strangers get one refusal, whatever the reason: nothing is to be learned by trying codes.
"""

from typing import Any

import sqlalchemy as sa

from server.errors import NotPossible
from server.http.operation import Call, Nothing, Operation, ProblemFound
from server.problems import problem
from server.storage.accounts import find_accounts
from server.storage.venues import digest_key
from sync.wire import API
from sync.wire.booking import BalanceAnswer, BalanceQuestion
from vouchers.codes import code_digest, parse_code
from vouchers.errors import Refused
from vouchers.voucher import Account, VoucherStatus


async def balance(call: Call[Nothing, BalanceQuestion]) -> BalanceAnswer:
    """What is left; wrong codes are counted by address."""
    guessing = call.services.balance_guessing
    if wait_s := guessing.wait_s(call.address):
        raise ProblemFound(problem("slow-down"), {"Retry-After": str(wait_s)})
    question = call.body
    account = await call.services.read(lambda connection: _look(connection, question))
    if account is None:
        guessing.failed(call.address)
        raise ProblemFound(problem("balance-unknown"))
    return BalanceAnswer(balance=account.balance, expires_on=account.voucher.expires_on)


def _look(connection: sa.Connection, question: BalanceQuestion) -> Account | None:
    try:
        key = bytes.fromhex(digest_key(connection, question.organisation))
        digest = code_digest(key, parse_code(question.code, foreign=True))
    except (NotPossible, Refused):
        return None
    page = find_accounts(connection, question.organisation, code_digest=digest, limit=1)
    found = [one for one in page.accounts if one.status is VoucherStatus.ACTIVE]
    return found[0] if found else None


OPERATIONS: list[Operation[Any, Any]] = [
    Operation(
        *("POST", f"{API}/balance", "balance", "A visitor asks what is left on a voucher"),
        handler=balance,
        parameters=Nothing,
        body=BalanceQuestion,
        answer=BalanceAnswer,
        problems=("balance-unknown", "slow-down"),
        signed_in=False,
    ),
]
