"""A sale that waits for a card to say what happened is not to be paid another way meanwhile."""

from till.counter.card_purpose import unpacked
from till.counter.sale import Sale
from till.store import receipts
from till.store.card_journal import unsettled
from till.store.database import Work
from vouchers.errors import Reason, Refused
from vouchers.money import Money


def check_open(work: Work, sale: Sale) -> None:
    """Raise Refused (duplicate) for a sale that has its receipt: a card completed it meanwhile."""
    if receipts.has_sale(work, sale.sale_id):
        raise Refused(Reason.DUPLICATE, "sale_committed_before")


def check_no_doubt(work: Work, sale: Sale) -> None:
    """Raise Refused (tender) while a card that was to pay or take this has not been seen again."""
    for one in unsettled(work):
        if unpacked(one.purpose).sale.sale_id == sale.sale_id:
            amount = Money(abs(one.movement.amount.minor), sale.currency)
            raise Refused(Reason.TENDER, "card_in_doubt_first", amount=amount)
