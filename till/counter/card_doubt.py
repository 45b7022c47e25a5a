"""A sale that waits for a card to say what happened is not to be paid another way meanwhile."""

from msgspec.structs import replace

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


def as_it_waits(work: Work, sale: Sale) -> Sale:
    """The sale, told whether a card that was to pay or take something has not been seen again."""
    for one in unsettled(work):
        if unpacked(one.purpose).sale.sale_id == sale.sale_id:
            amount = Money(abs(one.movement.amount.minor), sale.currency)
            return replace(sale, waits_for_card=amount)
    return replace(sale, waits_for_card=None)


def check_no_doubt(work: Work, sale: Sale) -> None:
    """Raise Refused (tender) while a card that was to pay or take this has not been seen again."""
    as_it_waits(work, sale).check_free()
