"""Accounts blocked at this till that the server has not heard of yet."""

from uuid import UUID

from sqlalchemy import update

from sync.wire.booking import StatusChange
from till.store import settings
from till.store.database import Work
from till.store.settings import OwnBlock
from till.store.tables import accounts


def add(work: Work, voucher_id: UUID, change: StatusChange) -> None:
    """Block an account here, and owe the server the word."""
    others = [each for each in to_tell(work) if each.voucher_id != voucher_id]
    settings.blocks_to_tell.put(work, [*others, OwnBlock(voucher_id=voucher_id, change=change)])
    keep(work)


def to_tell(work: Work) -> list[OwnBlock]:
    """All that the server has to be told, in their order."""
    return settings.blocks_to_tell.get(work) or []


def told(work: Work, voucher_id: UUID) -> None:
    """From here on the account is as the server says."""
    others = [each for each in to_tell(work) if each.voucher_id != voucher_id]
    settings.blocks_to_tell.put(work, others)


def keep(work: Work) -> None:
    """Whatever the server said of these accounts in between: here they are blocked."""
    for each in to_tell(work):
        here = accounts.c.voucher_id == each.voucher_id
        work.execute(update(accounts).where(here).values(status=each.change.status.value))
