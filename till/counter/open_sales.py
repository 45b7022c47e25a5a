"""Sales that have taken money and have no receipt yet.

Money that was taken is written down before anything else happens, with the sale it was taken for.
What the program forgets, by a crash or because somebody closed it, comes back from there; the
transaction that commits the sale, or notes what was given back, ends it.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from till.counter.card_doubt import as_it_waits, check_no_doubt, check_open
from till.counter.desk import Desk
from till.counter.payable import check_payable
from till.counter.redeemed import Redeemed
from till.counter.redemption import Redemption
from till.counter.renewal import HoldsLost, Renewal
from till.counter.sale import Sale
from till.counter.tenders import TenderKind, check_nothing_taken
from till.store import audit, holds, open_sales, receipts, returned_tenders, shifts
from till.store.database import Work
from till.store.open_sales import OpenSaleRow
from vouchers.money import Money
from vouchers.people import User

_decoder = msgspec.json.Decoder(Sale)


class OpenSale(Struct, frozen=True, kw_only=True):
    """A sale that took money: `cashier` is the name of who took it first, `since` when."""

    sale: Sale
    cashier: str
    since: datetime


class Resumed(Struct, frozen=True, kw_only=True):
    """A sale that was interrupted, as it can go on. `lost` is what its vouchers no longer give."""

    interrupted: OpenSale
    sale: Sale
    lost: list[Redeemed]


class OpenSales:
    """Takes money for sales, and finds those that were interrupted."""

    def __init__(self, desk: Desk, redemption: Redemption, renewal: Renewal) -> None:
        self._desk = desk
        self._redemption, self._renewal = redemption, renewal

    def tender(self, sale: Sale, kind: TenderKind, amount: Money | None, cashier: User) -> Sale:
        """The sale with money handed over: it is on disk on return. Raises Refused, see Sale."""
        return self.take(sale.tender(kind, amount), cashier)

    def take(self, sale: Sale, cashier: User) -> Sale:
        """The sale with all that was tendered, on disk on return; its vouchers are held.

        Asked with nothing tendered, it tells whether anything may be. Raises Refused: (tender)
        while a card of this sale is in doubt, (duplicate) when a card has completed it meanwhile,
        HoldsLost, and see check_payable.
        """
        with self._desk.database.read() as work:
            self._check_takes(work, sale)
        sale = self.hold_on(sale, cashier)
        with self._desk.database.write() as work:
            self._check_takes(work, sale)
            keep(work, sale, cashier.name, self._desk.clock.now())
        return sale

    def hold_on(self, sale: Sale, cashier: User) -> Sale:
        """The sale with its vouchers held for as long as paying takes.

        Raises HoldsLost, without cash that was offered for it: the visitor has that in hand. What
        a card terminal has taken counts, and is on disk.
        """
        try:
            return self._renewal.hold_on(sale)
        except HoldsLost as lost:
            with self._desk.database.write() as work:
                left = _without_new_cash(work, lost.sale)
                keep(work, left, cashier.name, self._desk.clock.now())
            raise HoldsLost(left, lost.lost) from None

    def keep(self, sale: Sale, cashier: User) -> Sale:
        """The sale, as it stands after a change; on disk on return where money was taken for it."""
        if sale.has_taken_money:
            with self._desk.database.write() as work:
                keep(work, sale, cashier.name, self._desk.clock.now())
        return sale

    def give_back(self, sale: Sale, cashier: User) -> Sale:
        """The sale before anybody paid: it is written down that the visitor has the money back.

        A sale that has its receipt is left alone. Raises Refused (tender) while a card is in doubt
        that may yet complete it.
        """
        before = sale.without_tenders()
        with self._desk.database.write() as work:
            if receipts.has_sale(work, sale.sale_id):
                return before
            check_no_doubt(work, sale)
            at, shift_id = self._desk.clock.now(), shifts.open_id(work)
            for tender in sale.tenders:
                returned_tenders.add(
                    work,
                    at,
                    sale_id=sale.sale_id,
                    shift_id=shift_id,
                    kind=tender.kind.value,
                    amount_minor=tender.amount.minor,
                )
                subject = f"{tender.amount} {tender.kind.value}"
                audit.add(work, at, actor=cashier.user_id, action="given back", subject=subject)
            keep(work, before, cashier.name, at)
        return before

    def leave(self, sale: Sale, cashier: User) -> None:
        """Whoever signs in next goes on with the sale, whether money was taken for it or not.

        One that is empty is forgotten, and so is one that has its receipt.
        """
        with self._desk.database.write() as work:
            if not sale.empty and not receipts.has_sale(work, sale.sale_id):
                _put(work, sale, cashier.name, self._desk.clock.now())

    def give_up(self, sale: Sale) -> None:
        """The visitor has left: every voucher has its amount back, unless it waits for a card.

        Raises Refused (tender) while money is here, with nothing given up; and at the end for what
        cards have paid: that is owed to them.
        """
        if sale.has_taken_money and sale.waits_for_card is not None:
            return  # the card decides about it, and then it comes back or is complete
        check_nothing_taken(sale.tenders)
        with self._desk.database.write() as work:
            open_sales.remove(work, sale.sale_id)
        self._redemption.give_up(sale)

    def every(self) -> list[OpenSale]:
        """All that took money or were left behind, and have no receipt, oldest first."""
        with self._desk.database.read() as work:
            return [_unpacked(row) for row in open_sales.every(work)]

    def resume(self, sale_id: UUID | None = None) -> Resumed | None:
        """An interrupted sale, the oldest without an id; None when there is none.

        One that waits for a card stays where it is until the card has told. Vouchers whose hold ran
        out are held once more; `lost` tells which could not be.
        """
        with self._desk.database.read() as work:
            known = [
                one
                for one in map(_unpacked, open_sales.every(work))
                if sale_id in (None, one.sale.sale_id)
                and as_it_waits(work, one.sale).waits_for_card is None
            ]
        if not known:
            return None
        renewed = self._renewal.renew(known[0].sale)
        with self._desk.database.write() as work:
            keep(work, renewed.sale, known[0].cashier, known[0].since)
        return Resumed(interrupted=known[0], sale=renewed.sale, lost=renewed.lost)

    def _check_takes(self, work: Work, sale: Sale) -> None:
        check_payable(self._desk, work, sale)
        check_open(work, sale)
        check_no_doubt(work, sale)


def keep(work: Work, sale: Sale, cashier: str, at: datetime) -> None:
    """Write the sale down while money is in it, and forget it when none is any more.

    One that has its receipt is over, whoever still has it in hand.
    """
    if sale.has_taken_money and not receipts.has_sale(work, sale.sale_id):
        _put(work, sale, cashier, at)
    else:
        open_sales.remove(work, sale.sale_id)


def as_kept(work: Work, sale_id: UUID) -> Sale | None:
    """The sale as it was last written down, None where no money was taken for it."""
    row = open_sales.get(work, sale_id)
    return None if row is None else _unpacked(row).sale


def start_over(work: Work) -> None:
    """After a start: what an earlier process had set aside is given back, save for sales that
    took money. They may yet be completed.
    """
    sales = [_unpacked(row).sale for row in open_sales.every(work)]
    holds.give_up_all(work, but={given.entry_id for sale in sales for given in sale.redeemed})


def check_none_open(work: Work) -> None:
    """Raise Refused (tender), which names the money, while a sale holds any."""
    for row in open_sales.every(work):
        check_nothing_taken(_unpacked(row).sale.tenders)


def _put(work: Work, sale: Sale, cashier: str, at: datetime) -> None:
    body = msgspec.json.encode(sale)
    open_sales.put(work, OpenSaleRow(sale_id=sale.sale_id, since=at, cashier=cashier, body=body))


def _without_new_cash(work: Work, sale: Sale) -> Sale:
    """The sale without the cash that was offered since it was last written down."""
    kept = as_kept(work, sale.sale_id)
    before = kept.tenders if kept is not None else ()
    new = [one for one in sale.tenders[len(before) :] if one.kind is not TenderKind.CASH]
    return replace(sale, tenders=(*before, *new))


def _unpacked(row: OpenSaleRow) -> OpenSale:
    return OpenSale(sale=_decoder.decode(row.body), cashier=row.cashier, since=row.since)
