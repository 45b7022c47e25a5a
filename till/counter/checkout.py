"""Committing a sale: vouchers, entries, receipt and print job are one transaction.

Before it nothing has happened; after it everything has, whatever breaks next.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from printing.documents import IssuedVoucher, Receipt
from printing.spool import PrintJob
from till.counter.card_doubt import check_no_doubt
from till.counter.desk import Desk
from till.counter.issuing import NewVoucher, make_vouchers
from till.counter.papers import papers_of
from till.counter.payable import check_payable, check_settled
from till.counter.receipt import loaded_card, make_receipt
from till.counter.redeemed import Redeemed
from till.counter.renewal import Renewal
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.store import accounts, audit, holds, ledger, open_sales, receipts, settings, shifts, spool
from till.store.database import Work
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, EntryKind
from vouchers.people import User
from vouchers.voucher import Account, VoucherKind


class Committed(Struct, frozen=True, kw_only=True):
    """A sale that has happened. `basis` is OFFLINE as soon as any part was decided here.

    `printed_by` names the printer that owes the visitor a voucher's code, where one does.
    """

    receipt: Receipt
    vouchers: list[NewVoucher]
    printed_by: dict[UUID, str]
    redeemed: tuple[Redeemed, ...]
    basis: Basis


class Checkout:
    """Turns a settled sale into facts."""

    def __init__(self, desk: Desk, renewal: Renewal) -> None:
        self._desk, self._renewal = desk, renewal

    def commit(self, sale: Sale, cashier: User) -> Committed:
        """Book the sale. It is on disk, with the duties to report and to print, on return.

        Raises Refused (basket, tender, duplicate), HoldsLost or DiskTrouble, with nothing booked.
        """
        check_settled(sale)
        if sale.onto_card:
            raise Refused(Reason.TENDER, "card_load_missing", amount=sale.onto_card)
        if not sale.has_taken_money:  # else they were held before that was taken
            sale = self._renewal.hold_on(sale)
        with self._desk.database.write() as work:
            self._desk.check_in_service(work)
            if not sale.tenders and not sale.redeemed:  # else it was asked before that was taken
                check_payable(self._desk, work, sale)
            check_no_doubt(work, sale)
            done = self.book(work, sale, cashier)
        self._desk.reported()
        return done

    def commit_onto(self, sale: Sale, account: Account, cashier: User) -> Committed:
        """Book a paid sale whose value goes into a voucher account that is there: a top-up.

        Raises Refused (basket, tender, product, amount) or DiskTrouble, with nothing booked.
        """
        check_settled(sale)
        voucher, amount = account.voucher, sale.onto_card
        if voucher.kind is not VoucherKind.VALUE:
            raise Refused(Reason.PRODUCT, "card_value_only")
        with self._desk.database.write() as work:
            self._desk.check_in_service(work)
            check_no_doubt(work, sale)
            account.check_credit(amount, self._desk.today(work))
            onto = loaded_card(voucher, amount, account.balance + amount)
            done = self.book(work, sale, cashier, loaded=onto)
            ledger.append(
                work,
                EntryDraft(
                    entry_id=new_id(),
                    voucher_id=voucher.voucher_id,
                    kind=EntryKind.TOP_UP,
                    amount=amount,
                    occurred_at=self._desk.clock.now(),
                    actor=cashier.user_id,
                    reference=done.receipt.number,
                    basis=self._desk.basis,
                    clock_skew_ms=settings.clock_skew_ms.get(work),
                ),
            )
        self._desk.reported()
        return done

    def book(
        self,
        work: Work,
        sale: Sale,
        cashier: User,
        *,
        booked: frozenset[UUID] = frozenset(),
        loaded: IssuedVoucher | None = None,
    ) -> Committed:
        """Book a settled sale within `work`, save for the entries in `booked`, which are there.

        Payments by card are always there: they were booked when the card had them. `loaded` is
        the card that took the value sold.
        """
        basis = self._desk.basis
        now = self._desk.clock.now()
        receipt, made = self._prepare(work, sale, cashier, now)
        if loaded is not None:
            receipt = replace(receipt, vouchers=[*receipt.vouchers, loaded])
        slip = _Slip(
            at=now,
            cashier=cashier,
            receipt=receipt,
            basis=basis,
            clock_skew_ms=settings.clock_skew_ms.get(work),
        )
        for new in made:
            accounts.add_issued(work, new.voucher)
            ledger.append(work, slip.issue(new))
        for given in sale.redeemed:
            holds.remove(work, given.entry_id)
            if given.basis is not Basis.CARD and given.entry_id not in booked:
                unheard_of = accounts.by_id(work, given.voucher.voucher_id) is None
                if unheard_of:
                    accounts.note_unheard_of(work, given.voucher)
                ledger.append(work, slip.redeem(given, unheard_of=unheard_of))
        receipts.add(work, sale.sale_id, receipt, shifts.open_id(work))
        open_sales.remove(work, sale.sale_id)
        papers = self._owe_papers(work, sale, made, slip)
        return Committed(
            receipt=receipt,
            vouchers=made,
            printed_by={voucher: job.printer for job in papers for voucher in job.voucher_ids},
            redeemed=sale.redeemed,
            basis=Basis.CARD if loaded else _overall(sale, basis),
        )

    def _owe_papers(
        self, work: Work, sale: Sale, made: list[NewVoucher], slip: "_Slip"
    ) -> list[PrintJob]:
        identity, today = self._desk.identity(work), self._desk.today(work)
        number, at = slip.receipt.number, slip.at
        papers = papers_of(sale, made, slip.receipt, identity, today)
        jobs = [spool.add(work, paper, reference=number, at=at) for paper in papers]
        if any(tender.kind is TenderKind.CASH for tender in sale.tenders):
            audit.add(
                work,
                slip.at,
                actor=slip.cashier.user_id,
                action="drawer",
                subject=slip.receipt.number,
            )
        return [job for job in jobs if job is not None]

    def _prepare(
        self, work: Work, sale: Sale, cashier: User, now: datetime
    ) -> tuple[Receipt, list[NewVoucher]]:
        catalogue, identity = self._desk.catalogue(work), self._desk.identity(work)
        made = make_vouchers(sale, self._desk.keys, self._desk.today(work), catalogue)
        number = receipts.next_number(work, identity.numbers_as)
        receipt = make_receipt(
            sale,
            made,
            venue=catalogue.venue,
            number=number,
            at=now,
            till=identity.name,
            cashier=cashier.name,
        )
        return receipt, made


class _Slip(Struct, frozen=True, kw_only=True):
    """What all entries of one sale have in common."""

    at: datetime
    cashier: User
    receipt: Receipt
    basis: Basis
    clock_skew_ms: int | None

    def issue(self, new: NewVoucher) -> EntryDraft:
        return EntryDraft(
            entry_id=new_id(),
            voucher_id=new.voucher.voucher_id,
            kind=EntryKind.ISSUE,
            amount=new.voucher.value,
            occurred_at=self.at,
            actor=self.cashier.user_id,
            reference=self.receipt.number,
            basis=self.basis,
            voucher=new.voucher,
            clock_skew_ms=self.clock_skew_ms,
        )

    def redeem(self, given: Redeemed, *, unheard_of: bool) -> EntryDraft:
        return EntryDraft(
            entry_id=given.entry_id,
            voucher_id=given.voucher.voucher_id,
            kind=EntryKind.REDEEM,
            amount=-given.amount,
            occurred_at=self.at,
            actor=self.cashier.user_id,
            reference=self.receipt.number,
            basis=given.basis,
            reason=given.reason or None,
            clock_skew_ms=self.clock_skew_ms,
            last4=given.voucher.last4 if unheard_of else None,
        )


def _overall(sale: Sale, basis: Basis) -> Basis:
    decided = [given.basis for given in sale.redeemed]
    return max(decided, key=list(Basis).index) if decided else basis
