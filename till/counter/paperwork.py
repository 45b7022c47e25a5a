"""Paper beside the sale: copies of receipts, account statements, and the opened drawer."""

from msgspec.structs import replace

from printing.documents import AccountStatement, DrawerSlip, Receipt, StatementEntry, copy_of
from printing.spool import JobState, PrintJob
from resources.texts import Texts
from till.counter.accounts import Statement
from till.counter.desk import Desk
from till.counter.permission import reason_given
from till.store import audit, receipts, spool
from till.store.database import Work
from vouchers.errors import Reason, Refused
from vouchers.money import Money
from vouchers.people import User


class Paperwork:
    """Prints what somebody asks for; none of it carries a voucher code."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def latest_receipts(self, count: int) -> list[Receipt]:
        """The receipts that were given last, newest first."""
        with self._desk.database.read() as work:
            return receipts.latest(work, count)

    def reprint(self, number: str, user: User) -> PrintJob:
        """Print a receipt again: marked as a copy, without codes. Raises Refused (unknown)."""
        with self._desk.database.write() as work:
            receipt = receipts.get(work, number.strip())
            if receipt is None:
                raise Refused(Reason.UNKNOWN, "receipt_unknown", receipt=number)
            at = self._desk.clock.now()
            job = spool.add(work, copy_of(receipt), reference=receipt.number, at=at)
            audit.add(work, at, actor=user.user_id, action="reprint", subject=receipt.number)
        return self._printing(job)

    def print_statement(self, statement: Statement, user: User) -> PrintJob:
        """Print an account with its entries; it names the voucher by its last four characters."""
        with self._desk.database.write() as work:
            document = self._statement(work, statement, user)
            at = self._desk.clock.now()
            job = spool.add(work, document, reference=f"…{document.last4}", at=at)
            audit.add(work, at, actor=user.user_id, action="statement", subject=document.last4)
        return self._printing(job)

    def open_drawer(self, reason: str, user: User, amount: Money | None = None) -> PrintJob:
        """Open the drawer without a sale: who and why is written down, and printed.

        Raises Refused (not_allowed) without a reason or a printer that opens it.
        """
        reason = reason_given(reason, key="drawer_reason_missing")
        at = self._desk.clock.now()
        with self._desk.database.write() as work:
            venue = self._desk.catalogue(work).venue
            slip = DrawerSlip(
                venue=venue,
                language=venue.language,
                at=at.astimezone(venue.zone),
                till=self._desk.identity(work).name,
                cashier=user.name,
                reason=reason,
                amount=amount,
            )
            job = spool.add(work, slip, reference=reason, at=at)
            audit.add(work, at, actor=user.user_id, action="drawer", subject=reason)
        return self._printing(job)

    def withdraw(self, job: PrintJob) -> bool:
        """Do not print it after all; False when it has left for the printer already."""
        with self._desk.database.write() as work:
            return spool.step(work, job, replace(job, state=JobState.CANCELLED))

    def _printing(self, job: PrintJob | None) -> PrintJob:
        if job is None:
            raise Refused(Reason.NOT_ALLOWED, "paper_no_printer")
        self._desk.reported()
        return job

    def _statement(self, work: Work, statement: Statement, user: User) -> AccountStatement:
        account, venue = statement.account, self._desk.catalogue(work).venue
        texts, zone = Texts(venue.language), venue.zone
        balance, rows = Money.zero(account.balance.currency), []
        for entry in statement.entries:
            balance += entry.amount
            rows.append(
                StatementEntry(
                    at=entry.occurred_at.astimezone(zone),
                    title=texts.word("ui_kind", entry.kind),
                    amount=entry.amount,
                    balance=balance,
                )
            )
        return AccountStatement(
            venue=venue,
            language=venue.language,
            at=self._desk.clock.now().astimezone(zone),
            till=self._desk.identity(work).name,
            cashier=user.name,
            title=account.voucher.title,
            last4=account.voucher.last4,
            balance=account.balance,
            entries=rows,
        )
