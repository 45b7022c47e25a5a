"""What is owed to cards: they paid towards sales that were given up before there was a receipt.

Nothing is kept for it: a payment by card whose sale has no receipt, and which nothing corrects,
is owed. So it outlives the window, the cashier and a crash in mid-sale.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from till.counter.card_doubt import check_no_doubt
from till.counter.desk import Desk
from till.counter.redeemed import Redeemed
from till.counter.sale import Sale
from till.store import accounts, ledger, receipts
from till.store.database import Work
from vouchers.errors import Reason, Refused
from vouchers.ledger import LedgerEntry
from vouchers.money import Money


class Owed(Struct, frozen=True, kw_only=True):
    """`amount` that the card of account `card` has paid in `entry_id`, and when.

    `sale_without` is the sale as it stands when the card has its money back.
    """

    entry_id: UUID
    card: UUID
    last4: str
    amount: Money
    paid_at: datetime
    sale_without: Sale


class CardOwed:
    """Finds what this till owes to cards."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def part_of(self, sale: Sale, part: Redeemed) -> Owed:
        """A card's part of a sale that is still open."""
        return Owed(
            entry_id=part.entry_id,
            card=part.voucher.voucher_id,
            last4=part.voucher.last4,
            amount=part.amount,
            paid_at=self._desk.clock.now(),
            sale_without=sale.without_voucher(part.entry_id),
        )

    def to_card(self, card: UUID, at_work: Sale | None) -> list[Owed]:
        """What is owed to one card; its part of the sale `at_work` is not owed yet.

        What waits for a card in doubt is left out: that sale may still be completed.
        """
        still_open = at_work and at_work.sale_id
        return [one for one in self._find(card) if one.sale_without.sale_id != still_open]

    def all(self) -> list[Owed]:
        """What is owed to all cards, oldest first."""
        return self._find(None)

    def check(self, owed: Owed) -> None:
        """Raise Refused (tender, settled_already) unless this is still to be given back."""
        with self._desk.database.read() as work:
            check_no_doubt(work, owed.sale_without)
            unpaid = [entry.entry_id for entry in ledger.card_payments(work, owed.card)]
            if owed.entry_id not in unpaid or receipts.has_sale(work, owed.sale_without.sale_id):
                raise Refused(Reason.SETTLED_ALREADY, "card_put_back_already", last4=owed.last4)

    def _find(self, card: UUID | None) -> list[Owed]:
        with self._desk.database.read() as work:
            found = [_owed(work, entry) for entry in ledger.card_payments(work, card)]
        return [one for one in found if one is not None]


def _owed(work: Work, entry: LedgerEntry) -> Owed | None:
    account = accounts.by_id(work, entry.voucher_id)
    sale = Sale(sale_id=UUID(entry.reference), currency=entry.amount.currency)
    if account is None or receipts.has_sale(work, sale.sale_id):
        return None
    try:
        check_no_doubt(work, sale)
    except Refused:
        return None
    return Owed(
        entry_id=entry.entry_id,
        card=entry.voucher_id,
        last4=account.voucher.last4,
        amount=-entry.amount,
        paid_at=entry.occurred_at,
        sale_without=sale,
    )
