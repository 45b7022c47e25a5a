"""What this till may redeem by itself: the limits of vouchers.offline over its own books."""

from till.counter.desk import Desk
from till.counter.sale import Sale
from till.store import accounts, ledger, settings
from till.store.database import Work
from vouchers import offline
from vouchers.errors import Reason, Refused
from vouchers.ledger import Basis
from vouchers.money import Money, total
from vouchers.proof import Proof
from vouchers.proven import proven_voucher
from vouchers.voucher import Account, Voucher


class OfflineRules:
    """Decides for the till while the server is away."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def still_acceptable(self) -> Money:
        """The most this till may still redeem before the server has been heard again."""
        with self._desk.database.read() as work:
            limits = self._desk.catalogue(work).offline_limits
            return offline.still_acceptable(limits, self._outage(work, None, None))

    def check(
        self, work: Work, found: Account, proof: Proof | None, amount: Money, sale: Sale
    ) -> Account:
        """The account as this till knows it, when `amount` may be taken from it. Raises Refused."""
        limits = self._desk.catalogue(work).offline_limits
        outage = self._outage(work, found.voucher, sale)
        account = accounts.by_id(work, found.voucher.voucher_id)
        if account is not None:
            account.check_redeem(amount, self._desk.today(work))
            offline.check_cached(limits, outage, amount)
            return account
        proven = proof and self.proven_account(work, proof, found.voucher.code_digest)
        if not proven:
            last4 = found.voucher.last4
            raise Refused(Reason.UNKNOWN, "refused_unknown_offline", last4=last4)
        proven.check_redeem(amount, self._desk.today(work))
        offline.check_unknown(limits, outage, amount)
        return proven

    def proven_account(self, work: Work, proof: Proof, digest: str) -> Account | None:
        """The account of a voucher never heard of, as its signed QR tells; None if forged.

        What this till has booked on it since is taken off. Raises Refused (unknown) where neither
        the catalogue nor the QR says what kind of voucher it is.
        """
        keys = settings.issuer_keys.get(work) or []
        signer = [key for key in keys if key.key_id == proof.key_id and not key.revoked]
        if not signer or not proof.verify(bytes.fromhex(signer[0].public_key)):
            return None
        voucher = proven_voucher(proof, digest, self._desk.catalogue(work))
        booked = [entry.amount for entry in ledger.of_voucher(work, voucher.voucher_id)]
        return Account(voucher=voucher, balance=total([proof.value, *booked], proof.value.currency))

    def _outage(self, work: Work, voucher: Voucher | None, sale: Sale | None) -> offline.Outage:
        currency = self._desk.catalogue(work).currency
        open_now = [] if sale is None else sale.redeemed
        pending = [given.amount for given in open_now if given.basis is Basis.OFFLINE]
        contact = settings.last_contact.get(work)
        now = self._desk.now(work)
        return offline.Outage(
            of_voucher=ledger.redeemed_offline(
                work, currency, voucher.voucher_id if voucher else None
            ),
            of_till=ledger.redeemed_offline(work, currency) + total(pending, currency),
            since_contact=now - (contact or now),
        )
