"""What cashiers and supervisors do, by the till's own workflows, and what they promise by it."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from uuid import UUID

from sync.link import NotSignedIn, Unreachable
from sync.wire.incidents import SettlementAction
from tests.simulation.files import CASHIER, SECOND, SUPERVISOR
from tests.simulation.machine import Process
from tests.simulation.promises import Promise, Promises, SoldVoucher
from tests.simulation.record import Record
from tests.simulation.venue import CURRENCY, FAMILY, FAMILY_TICKET, FREE_VOUCHER, PLUS_VOUCHER, eur
from tests.simulation.violation import Violation
from till.counter.basket import OPEN_AMOUNT
from till.counter.desk import NotEnrolled
from till.counter.renewal import HoldsLost
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.store import accounts, ledger
from vouchers.errors import InvariantError, OperatingError, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, EntryKind
from vouchers.money import Money
from vouchers.voucher import VoucherStatus

SETTLEMENTS = (
    *(SettlementAction.WRITE_OFF, SettlementAction.ADJUST, SettlementAction.BLOCK),
    *(SettlementAction.UNBLOCK, SettlementAction.ACCEPT, SettlementAction.REENROL),
)
AMOUNTS = (100, 990, 1250, 2000, 2500, 5000, 7500)


class Counter:
    """One step each; all of them tell in a few words what they did. `on_code` hears of a till that
    may enrol anew, and its code."""

    def __init__(
        self, chance: Random, promises: Promises, on_code: Callable[[str, str], None]
    ) -> None:
        self._chance, self._promises = chance, promises
        self._on_code = on_code
        self._record = Record(promises)

    def sell(self, process: Process) -> str:
        """A voucher, paid in cash."""
        sale = Sale.new(process.counter.catalogue().currency)
        match self._chance.randrange(4):
            case 0:
                sale = sale.add(FAMILY_TICKET)
            case 1:
                sale = sale.add(PLUS_VOUCHER, self._chance.choice((1, 1, 2)))
            case _:
                sale = sale.add(FREE_VOUCHER, amount=eur(self._chance.choice(AMOUNTS)))
        return f"sells {self._commit(process, self._tendered(process, sale))}"

    def resume(self, process: Process) -> str:
        """Somebody signs in after a start: what took money and was interrupted is there again."""
        resumed = process.counter.open_sales.resume()
        if resumed is None:
            return "finds no sale that was interrupted"
        process.sale = resumed.sale
        return f"goes on with a sale, without {len(resumed.lost)} of its vouchers"

    def look_up(self, process: Process) -> str:
        """Scan a voucher, or type its code, and see what is on it."""
        voucher = self._any_voucher()
        if voucher is None:
            return "has nothing to scan"
        scanned = voucher.proof if self._chance.random() < 0.7 else voucher.code
        process.found = process.counter.redemption.look_up(scanned)
        balance = process.found.account.balance
        return f"finds …{voucher.code[-4:]} with {balance}, {process.found.basis}"

    def take(self, process: Process) -> str:
        """Take an amount from the voucher that was found, for the sale on the counter."""
        found, process.found = process.found, None
        if found is None:
            return "has found nothing to take from"
        sale = process.sale or self._to_pay_for()
        part = min(sale.due, found.account.balance).split(2)[0]
        amount = self._chance.choice((None, None, None, part))
        process.sale = process.counter.redemption.add(sale, found, amount)
        process.counter.open_sales.keep(process.sale, CASHIER)
        taken = process.sale.redeemed[-1]
        return f"takes {taken.amount} from …{taken.voucher.last4}, {taken.basis}"

    def redeem(self, process: Process) -> str:
        """Scan and take in one go."""
        return f"{self.look_up(process)}; {self.take(process)}"

    def pay(self, process: Process) -> str:
        """The visitor pays the rest, or a part of it; from then on nothing may be refused."""
        if process.sale is None:
            return "has nothing to close"
        try:
            sale = process.sale = process.counter.open_sales.take(process.sale, CASHIER)
            if sale.rest:
                part = sale.rest.split(2)[0] if self._chance.random() < 0.2 else None
                sale = process.sale = self._tendered(process, sale, part)
        except HoldsLost as told:
            return self._go_on_without(process, told)
        if sale.rest:
            return f"takes {sale.tenders[-1].amount}"
        return f"closes {self._commit(process, sale)}"

    def give_up(self, process: Process) -> str:
        """The visitor walks away."""
        sale = process.sale
        if sale is None:
            return "has nothing to give up"
        process.counter.open_sales.give_up(process.counter.open_sales.give_back(sale, CASHIER))
        process.sale = None
        return "gives the sale up"

    def correct(self, process: Process) -> str:
        """A supervisor books by hand: the store takes any entry, whoever comes to offer it."""
        with process.database.read() as work:
            known = [accounts.by_id(work, one.voucher_id) for one in self._promises.vouchers[-6:]]
            now = process.desk.now(work)
        held = [account for account in known if account is not None and account.balance.minor > 0]
        if not held:
            return "has nothing to correct"
        account = self._chance.choice(held)
        kind, amount = self._correction(account.balance)
        voucher_id = account.voucher.voucher_id
        drafts = [_draft(kind, voucher_id, amount, now)]
        if kind is EntryKind.TRANSFER_OUT:
            to = self._chance.choice(held).voucher.voucher_id
            drafts.append(_draft(EntryKind.TRANSFER_IN, to, -amount, now))
        for draft in drafts:
            process.drafting[draft.entry_id] = _promise(draft)
        with process.database.write() as work:
            for draft in drafts:
                ledger.append(work, draft)
        self._record.drafted(process)
        return f"books {kind} {amount} by hand on …{account.voucher.last4}"

    def override(self, process: Process) -> str:
        """A supervisor vouches for a voucher where the rules alone would refuse."""
        voucher = self._any_voucher()
        if voucher is None:
            return "has nothing to vouch for"
        amount = eur(self._chance.choice(AMOUNTS))
        sale = process.sale or Sale.new(CURRENCY).add(OPEN_AMOUNT, amount=amount)
        process.sale = process.counter.override.add(
            sale, voucher.code, amount, supervisor=SUPERVISOR, reason="I know the visitor"
        )
        process.counter.open_sales.keep(process.sale, CASHIER)
        return f"takes {amount} from …{voucher.code[-4:]} on a supervisor's word"

    def settle(self, process: Process) -> str:
        """A supervisor settles an incident."""
        waiting = process.counter.incidents.open()
        if not waiting:
            return "has no incident to settle"
        incident = self._chance.choice(waiting)
        action = self._chance.choice(SETTLEMENTS)
        try:
            settled = process.counter.incidents.settle(
                incident,
                action,
                supervisor=SUPERVISOR,
                second=self._chance.choice((None, SECOND)),
                reason="as agreed",
                amount=eur(self._chance.choice((-500, 700, 20_000))),
            )
        except InvariantError as unfit:
            if "malformed" not in str(unfit) and "does not say" not in str(unfit):
                raise
            return f"cannot settle {incident.kind} by {action}"
        if settled.enrolment_code and incident.origin:
            self._on_code(incident.origin, settled.enrolment_code)
            process.counter.incidents.enrolment_noted(settled.incident)
        return f"settles {incident.kind} by {action}"

    def block(self, process: Process) -> str:
        """A supervisor blocks a voucher, or lets a blocked one be used again."""
        voucher = self._any_voucher()
        if voucher is None:
            return "has nothing to block"
        desk = process.counter.accounts
        (account,) = desk.find(voucher.code)
        if account.status is VoucherStatus.ACTIVE:
            told = desk.block(account, supervisor=SUPERVISOR, reason="somebody lost it")
            return f"blocks …{voucher.code[-4:]}{'' if told else ' here'}"
        try:
            desk.unblock(account, supervisor=SUPERVISOR, reason="it was found")
        except OperatingError as away:
            if away.key != "unblock_needs_server":
                raise
            return f"cannot unblock …{voucher.code[-4:]} now"
        return f"unblocks …{voucher.code[-4:]}"

    def _go_on_without(self, process: Process, told: HoldsLost) -> str:
        """What ran out is no longer to be had; what the terminal took meanwhile counts."""
        process.sale = told.sale
        if told.sale.tenders:
            self._promises.money_taken(process.machine.name, told.sale.sale_id)
        return f"hears that {told.details['amount']} are no longer held"

    def _tendered(self, process: Process, sale: Sale, amount: Money | None = None) -> Sale:
        if not sale.rest:
            return sale
        kind = self._chance.choice((TenderKind.CARD, TenderKind.CASH))
        sale = process.counter.open_sales.tender(sale, kind, amount, CASHIER)
        self._promises.money_taken(process.machine.name, sale.sale_id)
        return sale

    def _commit(self, process: Process, sale: Sale) -> str:
        process.committing = sale
        try:
            committed = process.counter.checkout.commit(sale, CASHIER)
        except Refused as refusal:
            raise Violation("no sale is paid and then refused", str(refusal)) from refusal
        process.committing = None
        if process.sale is not None and process.sale.sale_id == sale.sale_id:
            process.sale = None
        self._record.committed(process.machine, sale, may_be_missing=False)
        return f"{committed.receipt.number} over {committed.receipt.total}, {committed.basis}"

    def _to_pay_for(self) -> Sale:
        """What a visitor with a voucher wants: mostly a sum, at times tickets or a voucher."""
        sale = Sale.new(CURRENCY)
        match self._chance.randrange(6):
            case 0:
                return sale.add(FAMILY, self._chance.choice((1, 3)))
            case 1:
                return sale.add(FAMILY).add(PLUS_VOUCHER)
            case _:
                return sale.add(OPEN_AMOUNT, amount=eur(self._chance.choice(AMOUNTS)))

    def _any_voucher(self) -> SoldVoucher | None:
        """Most visitors come with one of few vouchers, so that tills get in each other's way."""
        known = self._promises.vouchers
        hot = known[-2:] if self._chance.random() < 0.8 else known
        return self._chance.choice(hot) if hot else None

    def _correction(self, balance: Money) -> tuple[EntryKind, Money]:
        kind = self._chance.choice(
            (
                EntryKind.TOP_UP,
                EntryKind.REFUND,
                EntryKind.ADJUST,
                EntryKind.EXPIRE,
                EntryKind.TRANSFER_OUT,
                EntryKind.REVERSE,
            )
        )
        if kind in (EntryKind.TOP_UP, EntryKind.REVERSE):
            return kind, eur(self._chance.choice(AMOUNTS))
        return kind, -self._chance.choice((balance, balance, *balance.split(3)[:1]))


def _draft(kind: EntryKind, voucher_id: UUID, amount: Money, now: datetime) -> EntryDraft:
    return EntryDraft(
        entry_id=new_id(),
        voucher_id=voucher_id,
        kind=kind,
        amount=amount,
        occurred_at=now,
        actor="supervisor",
        reference="by hand",
        basis=Basis.OVERRIDE,
        reason="the visitor was right",
    )


def _promise(draft: EntryDraft) -> Promise:
    return Promise(draft.entry_id, draft.kind.value, draft.voucher_id, draft.amount.minor)


TROUBLE = (Unreachable, NotSignedIn, NotEnrolled)
"""What a cashier is told and lives with."""
