"""A supervisor's word where the rules alone would refuse: with a name, a reason and an entry."""

from datetime import date

from till.counter.desk import Desk
from till.counter.payable import check_payable
from till.counter.permission import may_be_overridden, supervisors_only
from till.counter.redeemed import Redeemed
from till.counter.redemption import Found, Redemption
from till.counter.sale import Sale
from till.counter.voucher_share import check_new, check_takes, yielding
from till.store import accounts, audit, holds, ledger
from till.store.database import Work
from vouchers.codes import code_digest, voucher_id_of
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryKind
from vouchers.money import Money, total
from vouchers.people import User
from vouchers.proof import read_scan
from vouchers.voucher import Account, Voucher, VoucherKind, unheard_of
from vouchers.yields import yielded_product

REASON_MAX = 150
_NEVER_TOO_LATE = date.min


class Override:
    """Takes vouchers that a supervisor vouches for, where the ordinary way refuses them.

    Above the venue's `four_eyes_above` a second supervisor vouches too: what has been let pass
    in the same sale, and of the same voucher at this till, counts towards it.
    It goes past expiry, offline limits, an old cache and, while the server is away, a code nobody
    here has heard of. It goes past neither a block nor the balance where that is known.
    """

    def __init__(self, desk: Desk, redemption: Redemption) -> None:
        self._desk, self._redemption = desk, redemption

    def add(
        self,
        sale: Sale,
        scanned: str,
        amount: Money | None,
        *,
        supervisor: User,
        reason: str,
        second: User | None = None,
    ) -> Sale:
        """The sale with `amount` taken on a supervisor's word, or on two; None: a service voucher.

        Raises Refused; four_eyes names in `first` who has given their word already.
        """
        supervisors_only(supervisor, second, key="supervisor_pin_wrong")
        if not reason.strip():
            raise Refused(Reason.NOT_ALLOWED, "override_reason_missing")
        found, amount = self._doubted(sale, scanned, amount)
        with self._desk.database.write() as work:
            check_payable(self._desk, work, sale)
            account = (
                self._unknown(work, scanned, amount) if found is None else self._known(work, found)
            )
            voucher = account.voucher
            after = self._admit(work, sale, account, amount)
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
                subject=f"{voucher.last4} {amount}: {reason.strip()}",
                approved_by=second.user_id if second else None,
            )
        return after.with_voucher(given)

    def _doubted(self, sale: Sale, scanned: str, asked: Money | None) -> tuple[Found | None, Money]:
        """The voucher that the ordinary way refuses, None where nobody here knows it, and how much.

        Raises Refused: not_allowed when the ordinary way takes it, else what no word goes past.
        """
        found, amount = None, asked
        try:
            found = self._redemption.look_up(scanned)
            if found.account.voucher.kind is VoucherKind.SERVICE:
                amount = asked or found.account.balance
            self._redemption.check(found, _given(amount), sale)
        except Refused as refusal:
            if not may_be_overridden(refusal):
                raise
            return found, _given(amount)
        last4 = found.account.voucher.last4
        raise Refused(Reason.NOT_ALLOWED, "override_not_needed", last4=last4)

    def _known(self, work: Work, found: Found) -> Account:
        """The account, with what this till has set aside by now taken off."""
        if found.basis is Basis.ONLINE:
            return found.account
        return accounts.by_id(work, found.account.voucher.voucher_id) or found.account

    def _unknown(self, work: Work, scanned: str, amount: Money) -> Account:
        """What an account of an unknown code must be if it is worth `amount`."""
        code, _proof = read_scan(scanned, foreign=self._desk.catalogue(work).foreign_codes)
        digest = code_digest(self._desk.keys.digest_key, code)
        voucher = unheard_of(voucher_id_of(digest), code.last4, amount, digest)
        return Account(voucher=voucher, balance=amount)

    def _admit(self, work: Work, sale: Sale, account: Account, amount: Money) -> Sale:
        """The sale with what the voucher yields, if it yields anything. Raises Refused."""
        voucher = account.voucher
        check_new(sale, voucher)
        account.check_redeem(amount, _NEVER_TOO_LATE)
        if voucher.kind is VoucherKind.SERVICE:
            return yielding(sale, voucher, yielded_product(voucher, self._desk.catalogue(work)))
        check_takes(sale, amount)
        return sale

    def _check_people(
        self, work: Work, amount: Money, supervisor: User, second: User | None
    ) -> None:
        """Raise Refused (four_eyes) where one person alone may not decide about so much."""
        limit = self._desk.catalogue(work).four_eyes_above
        much = amount.currency != limit.currency or limit < amount
        if much and (second is None or second.user_id == supervisor.user_id):
            raise Refused(Reason.FOUR_EYES, first=supervisor.user_id, limit=limit)


def _given(amount: Money | None) -> Money:
    if amount is None:
        raise Refused(Reason.AMOUNT, "amount_missing")
    return amount


def _let_pass(work: Work, sale: Sale, voucher: Voucher) -> list[Money]:
    """What supervisors have let pass in this sale, and of this voucher at this till."""
    earlier = [
        -entry.amount
        for entry in ledger.of_voucher(work, voucher.voucher_id)
        if entry.basis is Basis.OVERRIDE and entry.kind is EntryKind.REDEEM
    ]
    return earlier + [given.amount for given in sale.redeemed if given.basis is Basis.OVERRIDE]
