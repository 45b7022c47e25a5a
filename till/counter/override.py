"""A supervisor's word where the rules alone would refuse: with a name, a reason and an entry."""

from datetime import date

from till.counter.desk import Desk
from till.counter.permission import supervisors_only
from till.counter.sale import Redeemed, Sale
from till.store import accounts, audit, holds, ledger
from till.store.database import Work
from vouchers.catalogue import Product
from vouchers.codes import VoucherCode, code_digest, voucher_id_of
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryKind
from vouchers.money import Money, total
from vouchers.people import User
from vouchers.proof import read_scan
from vouchers.voucher import Account, Voucher, VoucherKind, VoucherStatus

REASON_MAX = 150
_NEVER_TOO_LATE = date.min


class Override:
    """Takes vouchers that a supervisor vouches for.

    Above the venue's `four_eyes_above` a second supervisor vouches too: what has been let pass
    in the same sale, and of the same voucher at this till, counts towards it.
    It goes past expiry, offline limits, an old cache and, while the server is away, a code nobody
    here has heard of. It goes past neither a block nor the balance where that is known.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(
        self,
        sale: Sale,
        scanned: str,
        amount: Money,
        *,
        supervisor: User,
        reason: str,
        second: User | None = None,
    ) -> Sale:
        """The sale with `amount` taken on a supervisor's word, or on two.

        Raises Refused; four_eyes names in `first` who has given their word already.
        """
        supervisors_only(supervisor, second, key="supervisor_pin_wrong")
        if not reason.strip():
            raise Refused(Reason.NOT_ALLOWED, "override_reason_missing")
        with self._desk.database.write() as work:
            self._desk.check_in_service(work)
            catalogue = self._desk.catalogue(work)
            code, _proof = read_scan(scanned, foreign=catalogue.foreign_codes)
            account = self._account(work, code, amount)
            voucher = account.voucher
            _check(account, amount, sale)
            in_all = total([amount, *_let_pass(work, sale, voucher)], amount.currency)
            self._check_people(work, in_all, supervisor, second)
            people = " & ".join(one.user_id for one in (supervisor, second) if one)
            given = Redeemed(
                entry_id=new_id(),
                voucher=voucher,
                amount=amount,
                balance=account.balance - amount,
                basis=Basis.OVERRIDE,
                reason=f"{people}: {reason.strip()}"[:REASON_MAX],
            )
            holds.add(work, given.entry_id, voucher.voucher_id, amount.minor, at_server=False)
            audit.add(
                work,
                self._desk.clock.now(),
                actor=supervisor.user_id,
                action="override",
                subject=f"{code.last4} {amount}: {reason.strip()}",
                approved_by=second.user_id if second else None,
            )
            yields: Product | None = None
            if voucher.kind is VoucherKind.SERVICE:
                yields = catalogue.product(voucher.yields or voucher.product_id)
        return sale.with_voucher(given, yields)

    def _check_people(
        self, work: Work, amount: Money, supervisor: User, second: User | None
    ) -> None:
        """Raise Refused (four_eyes) where one person alone may not decide about so much."""
        limit = self._desk.catalogue(work).four_eyes_above
        much = amount.currency != limit.currency or limit < amount
        if much and (second is None or second.user_id == supervisor.user_id):
            raise Refused(Reason.FOUR_EYES, first=supervisor.user_id, limit=limit)

    def _account(self, work: Work, code: VoucherCode, amount: Money) -> Account:
        digest = code_digest(self._desk.keys.digest_key, code)
        known = accounts.by_digest(work, digest)
        if known is not None:
            return known
        if self._desk.line.state.online:
            raise Refused(Reason.UNKNOWN, last4=code.last4)
        nobody_knows = Voucher(
            voucher_id=voucher_id_of(digest),
            kind=VoucherKind.VALUE,
            code_digest=digest,
            last4=code.last4,
            product_id="",
            title="",
            price=amount,
            value=amount,
        )
        return Account(voucher=nobody_knows, balance=amount)


def _let_pass(work: Work, sale: Sale, voucher: Voucher) -> list[Money]:
    """What supervisors have let pass in this sale, and of this voucher at this till."""
    earlier = [
        -entry.amount
        for entry in ledger.of_voucher(work, voucher.voucher_id)
        if entry.basis is Basis.OVERRIDE and entry.kind is EntryKind.REDEEM
    ]
    return earlier + [given.amount for given in sale.redeemed if given.basis is Basis.OVERRIDE]


def _check(account: Account, amount: Money, sale: Sale) -> None:
    voucher = account.voucher
    sale.check_new(voucher)
    if account.status is not VoucherStatus.ACTIVE:
        raise Refused(Reason.BLOCKED, last4=voucher.last4)
    account.check_redeem(amount, _NEVER_TOO_LATE)
    if voucher.kind is VoucherKind.VALUE:
        sale.check_due(amount)
